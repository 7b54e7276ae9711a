/** Gathers the evidence of an incident and keeps its report; the page is drawn by lib/report. */
import { buildReport, type IncidentFacts } from '../core/build-report.ts';
import { type Charted, chartedBy } from '../core/charted.ts';
import { reportName } from '../core/environment.ts';
import { sentenceOf } from '../core/errors.ts';
import type { Incident } from '../core/incident.ts';
import { printable } from '../core/printable.ts';
import type { PageRecord, Series } from '../core/report.ts';
import type { ArmedService } from '../core/service.ts';
import { type IncidentTimes, timesOf } from '../core/times.ts';
import type { ReportStore } from '../ports/report-store.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { renderPage } from '../report/page.ts';
import { records } from './records.ts';
import type { PageNote, SayPorts } from './say.ts';

export interface EvidencePorts extends SayPorts {
  readonly signals: SignalReader;
  readonly reports: ReportStore;
}

export type Evidence = IncidentFacts;

/** How much of the time before the incident the charts show. */
const BEFORE_MS = 5 * 60_000;
const PERIODS_BEFORE = 6;
/** CloudWatch answers nothing for periods below a minute where the start is more than 3 hours ago. */
const LONGEST_BACK_MS = 165 * 60_000;

export async function gatherEvidence(
  ports: EvidencePorts,
  incident: Evidence['incident'],
): Promise<Evidence> {
  const read = records(ports.ledger);
  const [armed, result, alarms, receipts, verdicts, hold, barred, pages, addresses, acknowledged] =
    await Promise.all([
      read.armed(incident.id),
      read.plan(incident.id),
      read.alarms(incident.id),
      read.receipts(incident.id),
      read.verdicts(incident.id),
      read.hold(incident.service),
      read.quarantine(incident.service),
      pagesOf(ports, incident.id),
      read.addresses(incident.id),
      read.acknowledged(incident.id),
    ]);
  return {
    incident,
    ...(armed && { armed }),
    alarms,
    ...(result?.outcome === 'planned' && { plan: result.plan }),
    leftOut: result?.outcome === 'planned' ? result.plan.leftOut : (result?.leftOut ?? []),
    receipts,
    verdicts,
    ...(acknowledged && { acknowledged: { by: acknowledged.by, at: acknowledged.at } }),
    ...(addresses && { addresses: addresses.refused }),
    ...(hold?.state === 'standing' && { hold: { since: hold.since, reason: hold.reason } }),
    quarantined: barred
      .filter((q) => q.incident === incident.id && q.state === 'quarantined')
      .map(({ target, value }) => ({ target, value })),
    pages,
    series: armed ? await readSeries(ports, armed, incident) : [],
    now: ports.clock.now(),
  };
}

export async function pagesOf({ ledger }: Pick<SayPorts, 'ledger'>, incident: string): Promise<PageRecord[]> {
  const notes = await records(ledger).notes<Partial<PageNote>>(incident);
  return notes.flatMap((note) => note.pages ?? []).sort((a, b) => a.at - b.at);
}

/** A chart that cannot be drawn must not keep an incident from closing: it says why it is empty. */
function readSeries(ports: EvidencePorts, armed: ArmedService, incident: Incident): Promise<Series[]> {
  const to = ports.clock.now();
  const series = chartedBy(armed).map(async (charted): Promise<Series> => {
    try {
      const from = Math.max(startOf(incident) - beforeMs(charted), to - LONGEST_BACK_MS);
      return { ...charted, datapoints: await ports.signals.datapoints(charted.signal, from, to) };
    } catch (error) {
      return { ...charted, datapoints: [], problem: printable(sentenceOf(error)) };
    }
  });
  return Promise.all(series);
}

/** Some datapoints of before, however long a period is. */
const beforeMs = ({ signal }: Charted): number =>
  Math.max(BEFORE_MS, PERIODS_BEFORE * signal.periodSeconds * 1000);

const startOf = ({ trigger, openedAt }: Incident): number =>
  trigger.kind === 'person' ? openedAt : Math.min(trigger.at, openedAt);

/**
 * Writes the JSON and the page, named by incident and fence, with every page that was sent until now.
 * @returns where the page is, and how long all took.
 */
export async function writeReport(
  ports: EvidencePorts,
  { fence, ...facts }: Evidence & { fence: number },
): Promise<{ readonly reportUrl: string; readonly times: IncidentTimes }> {
  const report = buildReport({ ...facts, pages: await pagesOf(ports, facts.incident.id) });
  const name = reportName(facts.incident, fence);
  await ports.reports.put(`${name}.json`, JSON.stringify(report, null, 1), 'application/json');
  const page = renderPage(report);
  const reportUrl = await ports.reports.put(`${name}.html`, page, 'text/html; charset=utf-8');
  return { reportUrl, times: timesOf(report) };
}

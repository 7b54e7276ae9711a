import type { ClosingReport } from '../core/report.ts';
import type { Unit } from '../core/service.ts';
import { say } from '../core/step.ts';
import { type ServedReading, sharesText } from '../core/traffic.ts';
import type { AlarmReading, Judged, Verdict, VerdictRecord } from '../core/verdict.ts';
import { weightsText } from '../core/workload.ts';
import { alarmName } from './ending.ts';
import { clock, conditionText, count, timeTag, withUnit } from './format.ts';
import { type Html, html } from './html.ts';

/** The datapoints shown one by one; the report's JSON has all. */
const MOST_SHOWN = 30;

const TONE: Record<Verdict | 'pending', string> = {
  recovered: 'green',
  'not-recovered': 'amber',
  inconclusive: 'slate',
  pending: 'slate',
};

/** A verdict and all that it rests on: fresh datapoints, what is served, the alarms. */
export function verdictBlock({ series }: ClosingReport, record: VerdictRecord): Html {
  const { verdict, judgedAt, switchAt, signals, served, alarms, reasons, lookAgainAt } = record;
  const unitOf = (name: string) => series.find((s) => s.signal.name === name)?.signal.unit ?? 'ratio';
  return html`<div class="verdict ${TONE[verdict]}"><h4><span class="chip ${TONE[verdict]}">${verdict.replace('-', ' ')}</span> judged at ${timeTag(judgedAt)} from datapoints after the switch at ${timeTag(switchAt)}</h4>
${reasons.length > 0 && html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${signals.map((judged) => signalBlock(judged, unitOf(judged.signal)))}
${served.length > 0 && servedTable(served)}
${alarms.length > 0 && html`<p class="meta">Alarms then: ${alarms.map(alarmText).join('; ')}.</p>`}
${lookAgainAt !== undefined && html`<p class="meta">The sweeper looks at still-red alarms again at ${timeTag(lookAgainAt)} UTC.</p>`}</div>`;
}

function signalBlock({ signal, well, needed, datapoints, verdict }: Judged, unit: Unit): Html {
  const shown = datapoints.slice(-MOST_SHOWN);
  const earlier = datapoints.length - shown.length;
  const points = shown.map(
    (d) =>
      html`<li${!d.good && html` class="bad"`}><span>${clock(d.at)}</span> <b>${d.value === null ? 'missing' : withUnit(d.value, unit)}</b> ${d.good ? '✓' : '✗'}</li> `,
  );
  return html`<p class="judged"><b>${signal}</b> ${verdict.replace('-', ' ')}: ${count(needed, 'healthy datapoint')} in a row needed (${conditionText(well, unit)}), ${datapoints.length} fresh${earlier > 0 && `, the last ${MOST_SHOWN} shown`}</p>
${shown.length > 0 && html`<ol class="points">${points}</ol>`}`;
}

function servedTable(served: readonly ServedReading[]): Html {
  return html`<table class="stack served"><caption>What users were served when it was judged</caption>
<thead><tr><th scope="col">Target</th><th scope="col">Expected</th><th scope="col">Served</th><th scope="col">Proof</th></tr></thead>
<tbody>${served.map(servedRow)}</tbody></table>`;
}

function servedRow(reading: ServedReading): Html {
  const { target, expected, values, good, problem, shares, workload } = reading;
  const told = workload?.weights ? `; configured: ${weightsText(workload.weights)}` : '';
  const counted = `${told}${shares ? `; measured: ${sharesText(shares)}` : ''}`;
  const seen = values.length === 0 ? 'nothing read' : [...new Set(values)].map(say).join(', ');
  const where = values.length > 1 ? ` on ${values.length} instances` : '';
  return html`<tr><th scope="row">${target}</th><td data-label="Expected">${say(expected)}</td><td data-label="Served">${seen}${where}${counted}</td><td data-label="Proof" class="${good ? 'good' : 'bad'}">${good ? '✓ as expected' : `✗ ${problem ?? 'not as expected'}`}</td></tr>`;
}

const alarmText = ({ arn, state, since }: AlarmReading): string =>
  `${alarmName(arn)} ${state}, since ${clock(since)}`;

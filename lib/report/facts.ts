import { unasked } from '../core/cluster-addresses.ts';
import type { AttachedAlarm } from '../core/incident.ts';
import type { ClosingReport } from '../core/report.ts';
import { alarmName, whyItStarted } from './ending.ts';
import { count, dateTime, duration, timeTag } from './format.ts';
import { type Html, html } from './html.ts';

/** What an auditor looks up: ids, times, fence, mode. */
export function facts(report: ClosingReport): Html {
  return html`<section aria-labelledby="facts"><h2 id="facts">Facts of the incident</h2>
<dl class="facts">${rows(report).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${report.alarms.length > 0 && alarmTable(report.alarms)}</section>`;
}

type Row = readonly [name: string, value: Html | string];

function rows(report: ClosingReport): Row[] {
  const { incident, receipts, plan } = report;
  const { openedAt, endedAt, deadlineAt, takeovers, mode } = incident;
  const fences = [...new Set(receipts.map((r) => r.fence))].sort((a, b) => a - b);
  const time = (at?: number) => (at === undefined ? 'not known' : timeTag(at, dateTime));
  return [
    ['Incident', html`<code>${incident.id}</code>`],
    ['Service', `${incident.service} in ${incident.environment}`],
    ['Started by', whyItStarted(report)],
    ['Opened', time(openedAt)],
    ['Ended', time(endedAt ?? report.phases.at(-1)?.to)],
    ['Deadline', deadlineAt === undefined ? 'none was set' : time(deadlineAt)],
    ['Mode', `${mode ?? 'not known'}${incident.dryRun ? ', dry run' : ''}`],
    [
      'Owners',
      `${count(takeovers + 1, 'execution')}${takeovers > 0 ? `, taken over ${count(takeovers, 'time')}` : ''}`,
    ],
    ['Fence', fences.length > 0 ? fences.join(', ') : 'no step was begun'],
    ['Baseline', plan?.baseline ?? 'none was chosen'],
    ...(report.addresses ?? []).map(({ cluster, why }): Row => ['Clusters', unasked(cluster, why)]),
    ['Goal', duration(report.goalSeconds)],
    [
      'Root cause analysis',
      report.rcaDueAt === undefined ? 'not due: nothing was done' : html`due ${time(report.rcaDueAt)}`,
    ],
    ['Format', `closing report, version ${report.version}`],
  ];
}

function alarmTable(alarms: readonly AttachedAlarm[]): Html {
  const rowOf = ({ arn, at, joinedAt }: AttachedAlarm) =>
    html`<tr><th scope="row">${alarmName(arn)}<small>${arn}</small></th><td data-label="In ALARM since">${timeTag(at)}</td><td data-label="Joined">${timeTag(joinedAt)}</td></tr>`;
  return html`<table class="stack"><caption>Alarms of this incident</caption>
<thead><tr><th scope="col">Alarm</th><th scope="col">In ALARM since</th><th scope="col">Joined</th></tr></thead>
<tbody>${alarms.map(rowOf)}</tbody></table>`;
}

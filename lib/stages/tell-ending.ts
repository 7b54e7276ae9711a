/** The last word of an incident: a page where somebody has to act, a notification where all is well. */
import { type Cursor, type Ending, wakesSomebody } from '../core/incident.ts';
import type { PageRecord } from '../core/report.ts';
import { tookEffect } from '../core/step.ts';
import type { Evidence } from './closing-report.ts';
import { type SayPorts, sayOnce } from './say.ts';

const HEADLINE: Record<Ending, string> = {
  recovered: 'recovered',
  contained: 'contained: the bad release serves nothing, recovery is not proven',
  escalated: 'needs you: the automation gave up',
  refused: 'was not rolled back',
  observed: 'would be rolled back like this',
  cancelled: 'rollback was cancelled',
};

export async function tellEnding(
  ports: SayPorts,
  told: Evidence & { cursor: Cursor },
): Promise<readonly PageRecord[]> {
  const { incident, armed } = told;
  return sayOnce(ports, {
    incident: incident.id,
    service: incident.service,
    what: 'ending',
    urgency: wakesSomebody(incident.ending, incident) ? 'page' : 'notification',
    subject: `${incident.service} (${incident.environment}) ${HEADLINE[incident.ending]}`,
    text: textOf(told),
    call: armed?.service.runbook.call ?? [],
  });
}

function textOf({ incident, plan, leftOut, receipts, verdicts, hold }: Evidence): string {
  const reasons = [...(incident.reasons ?? []), ...(verdicts.at(-1)?.reasons ?? [])];
  const steps = receipts.map((r) => `  ${r.name}: ${r.outcome}${r.note ? ` (${r.note})` : ''}`);
  const ids = new Set(receipts.filter(tookEffect).map((r) => r.step));
  const all = plan?.rungs.flatMap((rung) => [...rung.steps, ...rung.settle]) ?? [];
  const undone = incident.ending === 'recovered' ? [] : all.filter((step) => !ids.has(step.id));
  return [
    `Incident ${incident.id}: ${incident.ending}`,
    ...section(
      'Why',
      [...new Set(reasons)].map((reason) => `  ${reason}`),
    ),
    ...section('Done', steps),
    ...section(
      'Not done; by hand',
      undone.map((step) => `  ${step.manual}`),
    ),
    ...section(
      'Left out',
      leftOut.map((l) => `  ${l.lever}: ${l.reason}${l.manual ? `; by hand: ${l.manual}` : ''}`),
    ),
    ...(hold
      ? [
          `Promotion is on hold. Lift it: reinstate hold lift ${incident.service} --env ${incident.environment} --reason "..."`,
        ]
      : []),
    `Report: reinstate report ${incident.id} --env ${incident.environment}`,
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines];

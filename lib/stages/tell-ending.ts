/** The last word of an incident: a page where somebody has to act, a notification where all is well. */
import { createHash } from 'node:crypto';
import { reasonsOf } from '../core/build-report.ts';
import { calledLate } from '../core/called.ts';
import { reportLink, reportName } from '../core/environment.ts';
import { type Ending, wakesSomebody } from '../core/incident.ts';
import type { PageRecord } from '../core/report.ts';
import type { ArmedService } from '../core/service.ts';
import { type PlannedStep, tookEffect } from '../core/step.ts';
import type { Evidence } from './closing-report.ts';
import { type Said, type SayPorts, sayOnce, wasHeard } from './say.ts';
import { rarely } from './tell-rarely.ts';

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
  told: Evidence & { readonly fence: number },
): Promise<readonly PageRecord[]> {
  const { incident, armed } = told;
  const said = {
    incident: incident.id,
    service: incident.service,
    what: 'ending',
    subject: `${incident.service} (${incident.environment}) ${HEADLINE[incident.ending]}`,
    text: textOf(told),
    call: armed?.service.runbook.call ?? [],
    ...(armed && !armed.insecureLocal && { links: [linkTo(armed, told)] }),
  };
  if (!wakesSomebody(incident.ending, incident) && !needsMending(told))
    return sayOnce(ports, { ...said, urgency: 'notification', ...(wasPaged(told) && { event: 'over' }) });
  const cause = causeOf(told);
  return cause === undefined ? sayOnce(ports, { ...said, urgency: 'page' }) : pageRarely(ports, said, cause);
}

/** Whoever was called has to hear that it is over. */
const wasPaged = ({ pages }: Evidence): boolean => pages.some(({ urgency }) => urgency === 'page');

function linkTo(
  { environment, account, region }: ArmedService,
  { incident, fence }: Evidence & { fence: number },
) {
  const at = { name: environment, account, region };
  return { href: reportLink(at, reportName(incident, fence)), text: 'Report' };
}

/** What a refusal's page is counted by: the same alarm, refused for the same reasons. A person is always answered. */
function causeOf({ incident: { ending, trigger, reasons = [] } }: Evidence): string | undefined {
  if (ending !== 'refused' || trigger.kind === 'person') return undefined;
  const why = createHash('sha256').update(JSON.stringify(reasons)).digest('hex');
  return `refused#${trigger.alarmArn}#${why}`;
}

/** A storm of forgeries wakes nobody twice in a quarter of an hour: the others are notifications. */
async function pageRarely(
  ports: SayPorts,
  said: Omit<Said, 'urgency'>,
  cause: string,
): Promise<readonly PageRecord[]> {
  let pages: readonly PageRecord[] = [];
  const outcome = await rarely(ports, { cause, by: said.incident }, async () => {
    pages = await sayOnce(ports, { ...said, urgency: 'page' });
    return wasHeard(pages);
  });
  return outcome === 'told before' ? sayOnce(ports, { ...said, urgency: 'notification' }) : pages;
}

/** It recovered, but something that was begun does not stick, or a lever could not be used at all (F20). */
const needsMending = (told: Evidence): boolean =>
  told.incident.ending === 'recovered' && (notDone(told).length > 0 || told.leftOut.some((l) => l.unseen));

/** Steps without effect: of the rungs that were begun where it recovered, else of all. */
function notDone({ incident, plan, receipts, verdicts }: Evidence): PlannedStep[] {
  const begun = (rung: number) => [...receipts, ...verdicts].some((r) => r.rung === rung);
  const done = new Set(receipts.filter(tookEffect).map((r) => r.step));
  const rungs = (plan?.rungs ?? []).filter((_, i) => incident.ending !== 'recovered' || begun(i + 1));
  return rungs.flatMap(({ steps, settle }) => [...steps, ...settle]).filter((step) => !done.has(step.id));
}

function textOf(told: Evidence): string {
  const { incident, leftOut, receipts, hold } = told;
  const steps = receipts.map((r) => `  ${r.name}: ${r.outcome}${r.note ? ` (${r.note})` : ''}`);
  return [
    `Incident ${incident.id}: ${incident.ending}`,
    ...section(
      'Why',
      reasonsOf(told).map((reason) => `  ${reason}`),
    ),
    ...section('Done', steps),
    ...section(
      'Not done; by hand',
      notDone(told).map((step) => `  ${step.manual}`),
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
    ...(callsOthersLater(told)
      ? [`Look after it: reinstate incidents ack ${incident.id} --env ${incident.environment}`]
      : []),
  ].join('\n');
}

/** Unless somebody says that they look after it. */
const callsOthersLater = ({ armed }: Evidence): boolean =>
  calledLate(armed?.service.runbook.call ?? []).length > 0;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines];

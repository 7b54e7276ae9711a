import type { IncidentFacts } from './build-report.ts';
import { closesAtOnce, type Ending } from './incident.ts';
import { type PlannedStep, say, tookEffect } from './step.ts';

/** What a person does next, in order; commands stand between backticks. */
export function nextSteps(facts: IncidentFacts, rcaDueAt?: number): string[] {
  const { id, service, environment, ending, dryRun } = facts.incident;
  const cli = (command: string) => `\`npx reinstate ${command} --env ${environment}\``;
  const again = cli(`rollback ${service} --reason "..."`);
  const first: Record<Ending, string> = {
    recovered: `Users are served by the baseline again. Find the cause before the next release`,
    contained: `The bad release serves nothing, but recovery is not proven. Watch the signals until they are well`,
    escalated: `This is in people's hands now. See what stands: ${cli(`plan ${service}`)}`,
    refused: capped(facts)
      ? `Nothing was rolled back, and by automation nothing will be for now. What to do by hand: ${cli(`plan ${service}`)}`
      : `Nothing was rolled back. See what stands: ${cli(`plan ${service}`)}; if it has to be rolled back: ${again}`,
    observed: `Nothing was changed. To do what was planned: ${dryRun ? again : `${cli(`mode act ${service}`)}, then ${again}`}`,
    cancelled: `A person stopped this. To go on with it: ${again}`,
  };
  const leftToDo = unfinished(facts).map(
    (s) => `Not done: ${s.target} to ${say(s.to.value)}. By hand: \`${s.manual}\``,
  );
  const due =
    rcaDueAt === undefined
      ? []
      : [`Root cause analysis is due on ${new Date(rcaDueAt).toISOString().slice(0, 10)}`];
  const barred = facts.quarantined.length > 0 ? [`See what is quarantined: ${cli('quarantine list')}`] : [];
  const lift = facts.hold
    ? [
        `Promotion is on hold. When the cause is understood: ${cli(`hold lift ${service}`).slice(0, -1)} --reason "..."\``,
      ]
    : [];
  const close = closesAtOnce(ending) ? [] : [`When it is over: ${cli(`incidents close ${id}`)}`];
  return [first[ending], ...leftToDo, ...due, ...barred, ...lift, ...close];
}

/** Asking again would be refused again. */
const capped = ({ incident }: IncidentFacts): boolean =>
  incident.reasons?.some((reason) => reason.startsWith('cascade')) ?? false;

/** Steps without effect: of the rungs that were begun, and of all rungs where recovery is not proven. */
function unfinished({ plan, receipts, incident }: IncidentFacts): PlannedStep[] {
  if (incident.ending === 'observed') return [];
  const begun = (rung: number) => receipts.some((r) => r.rung === rung);
  const done = new Set(receipts.filter(tookEffect).map((r) => r.step));
  const rungs = (plan?.rungs ?? []).filter((_, i) => incident.ending !== 'recovered' || begun(i + 1));
  return rungs.flatMap(({ steps, settle }) => [...steps, ...settle]).filter((s) => !done.has(s.id));
}

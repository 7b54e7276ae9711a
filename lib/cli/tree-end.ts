import { closesAtOnce, type Incident } from '../core/incident.ts';
import { clockText, type IncidentView, isOver } from './incident-view.ts';
import { note, type TreeNode } from './tree-node.ts';

/** How it ended, why, and what a person types next. */
export function endNodes(view: IncidentView, now: number): TreeNode[] {
  const { incident } = view;
  if (incident.state === 'closing') {
    return [{ key: 'end', depth: 0, state: 'doing', text: `closing: ${incident.ending ?? ''}` }];
  }
  const { ending } = incident;
  if (!isOver(incident) || !ending) return [];
  const clock = ending === 'recovered' ? ` in ${clockText(view, now)}` : '';
  return [
    {
      key: 'end',
      depth: 0,
      state: endsWell(incident) ? 'done' : 'bad',
      text: `ended: ${ending}${clock}`,
      ...(incident.endedAt !== undefined && { at: incident.endedAt }),
    },
    ...reasonsOf(view).map((reason, n) => note(`reason:${n}`, `because ${reason}`)),
    ...nextSteps(view).map(([what, words]) => ({
      ...note(`next:${what}`, `${what}: ${words}`),
      whole: true,
    })),
  ];
}

/** Those that stand nowhere above. */
function reasonsOf({ incident, plan, verdicts }: IncidentView): string[] {
  const told = [...(plan?.outcome === 'refused' ? plan.reasons : []), ...verdicts.flatMap((v) => v.reasons)];
  return (incident.reasons ?? []).filter((reason) => !told.includes(reason));
}

/** Recovered, or only looked at: whatever else wants a person. */
export const endsWell = ({ ending }: Pick<Incident, 'ending'>): boolean =>
  ending === 'recovered' || ending === 'observed';

/** What a person may type next: for what, and the command. */
export function nextSteps({
  incident,
  hold,
}: Pick<IncidentView, 'incident' | 'hold'>): (readonly [string, string])[] {
  const { id, service, environment, ending, reportUrl } = incident;
  const cli = (words: string) => `npx reinstate ${words} --env ${environment}`;
  const stands = hold?.state === 'standing';
  const waits = incident.state === 'ended' && ending !== undefined && !closesAtOnce(ending);
  return [
    ...(reportUrl ? [['report', cli(`report ${id}`)] as const] : []),
    ...(waits ? [['close it', cli(`incidents close ${id}`)] as const] : []),
    ...(stands ? [['lift the hold', cli(`hold lift ${service} --reason "..."`)] as const] : []),
  ];
}

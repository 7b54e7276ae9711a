import { unasked } from '../core/cluster-addresses.ts';
import type { PlanResult } from '../core/plan.ts';
import { count, duration } from '../report/format.ts';
import type { IncidentView } from './incident-view.ts';
import { isOver } from './incident-view.ts';
import { note, type TreeNode } from './tree-node.ts';

/** From the alarm to the hold: what happens before the first lever. */
export const openingNodes = (view: IncidentView, now: number): TreeNode[] => [
  ...openNodes(view, now),
  ...planNodes(view),
  ...holdNodes(view),
];

function openNodes({ incident, alarms, ack }: IncidentView, now: number): TreeNode[] {
  const { trigger, takeovers, mode } = incident;
  const by = trigger.kind === 'person' ? undefined : trigger.alarmArn;
  const joined = alarms
    .filter((a) => a.arn !== by)
    .map((a) => ({ ...note(`alarm:${a.arn}`, `joined by alarm ${nameIn(a.arn)}`), at: a.joinedAt }));
  return [
    {
      key: 'open',
      depth: 0,
      state: 'done',
      text: `opened by ${openerOf(incident)}`,
      at: incident.openedAt,
    },
    ...joined,
    ...(mode === 'act' || mode === undefined ? [] : [note('mode', `the mode is ${mode}`)]),
    ...(takeovers > 0 && !isOver(incident)
      ? [{ ...note('takeover', 'taken over by the sweeper'), at: now }]
      : []),
    ...(ack ? [{ ...note('ack', `${ack.by} looks after it`), at: ack.at }] : []),
  ];
}

const nameIn = (arn: string): string => arn.split(':alarm:').at(-1) ?? arn;

function openerOf({ trigger }: IncidentView['incident']): string {
  if (trigger.kind === 'alarm') return `alarm ${trigger.alarmName}`;
  if (trigger.kind === 'red-alarm') return `the sweeper: alarm ${nameIn(trigger.alarmArn)} is red`;
  return trigger.reason ? `a person: ${trigger.reason}` : 'a person';
}

function planNodes({ incident, plan, addresses }: IncidentView): TreeNode[] {
  const refused = addresses?.refused.map(({ cluster, why }) =>
    note(`cluster:${cluster}`, unasked(cluster, why)),
  );
  if (plan)
    return [{ ...plannedNode(plan), at: incident.openedAt }, ...leftOutNodes(plan), ...(refused ?? [])];
  if (isOver(incident) || incident.state === 'closing') return [];
  return [{ key: 'plan', depth: 0, state: 'doing', text: 'planning' }];
}

function plannedNode(result: PlanResult): TreeNode {
  if (result.outcome === 'refused') {
    return { key: 'plan', depth: 0, state: 'bad', text: `no plan: ${result.reasons.join('; ')}` };
  }
  const { rungs, baseline, deadlineSeconds } = result.plan;
  const text = `planned: ${count(rungs.length, 'rung')} back to ${baseline}, deadline ${duration(deadlineSeconds)}`;
  return { key: 'plan', depth: 0, state: 'done', text };
}

const leftOutNodes = (result: PlanResult): TreeNode[] =>
  (result.outcome === 'planned' ? result.plan.leftOut : result.leftOut).map(({ lever, reason }) =>
    note(`left-out:${lever}`, `left out: ${lever}: ${reason}`),
  );

function holdNodes({ incident, plan, hold }: IncidentView): TreeNode[] {
  if (hold?.state === 'standing' && hold.since <= (incident.endedAt ?? hold.since)) {
    const older = hold.incident === incident.id ? '' : ` since incident ${hold.incident}`;
    const at = Math.max(hold.since, incident.openedAt);
    return [{ key: 'hold', depth: 0, state: 'done', text: `promotion is on hold${older}`, at }];
  }
  const acts = plan?.outcome === 'planned' && !incident.dryRun && incident.mode === 'act';
  if (!acts || incident.state !== 'running') return [];
  return [{ key: 'hold', depth: 0, state: 'doing', text: 'holding promotion' }];
}

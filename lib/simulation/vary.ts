/** The same service as other people might write it: another ladder, other periods, other words for missing data. */

import type { Workload } from '../core/alias-pods.ts';
import type {
  AliasLever,
  ArmedService,
  CallEntry,
  Condition,
  Policy,
  Pull,
  Service,
  Signal,
} from '../core/service.ts';
import type { Chance } from './chance.ts';

/** @returns the service with its policy and signals drawn anew; targets and alarms stay its own. */
export function varied(armed: ArmedService, chance: Chance): ArmedService {
  const draw = <T>(what: string, of: readonly [T, ...T[]]): T =>
    chance.pick(`${armed.service.name} ${what}`, of);
  const { service } = armed;
  const periodSeconds = draw('period', [10, 10, 10, 30, 60]);
  const lagSeconds = draw('lag', [0, 0, 0, 20]);
  const missing = draw('missing', ['inconclusive', 'inconclusive', 'breach', 'wait'] as const);
  const signals = service.signals.map((s): Signal => ({ ...s, periodSeconds, lagSeconds, missing }));
  const datapoints = draw('datapoints', [3, 3, 6]);
  const verify = service.policy.verify.map((c): Condition => ({ ...c, datapoints, of: datapoints }));
  const policy: Policy = { ...service.policy, do: draw('ladder', laddersOf(service)), verify };
  const approved = service.runbook.preApproved.filter((name) =>
    draw(`${name} is pre-approved`, [true, true, true, true, true, false]),
  );
  const call = [...service.runbook.call, ...draw('channels', CHANNELS)];
  const runbook = { ...service.runbook, preApproved: approved, call };
  const reload = draw('reload', ['url', 'url', 'deployment', 'rollout'] as const);
  const levers = service.levers.map((lever) => {
    if (lever.kind === 'flag') return { ...lever, cacheSeconds: draw('cache', [5, 0, 30]) };
    if (lever.kind === 'git') {
      const conflict = draw('conflict', ['paths', 'paths', 'pull-request'] as const);
      return { ...lever, conflict, host: draw('host', ['gitea', 'plain'] as const) };
    }
    return lever.kind === 'alias' && reload !== 'url' ? withPods(lever, reload) : lever;
  });
  const variant = { ...armed, service: { ...service, signals, levers, policy, runbook } };
  const relative = signals.filter(
    (s) => s.alarm === undefined && draw(`${s.name} is relative`, [false, false, true]),
  );
  return againstBaseline(
    variant,
    relative.map((s) => s.name),
  );
}

/** The same conditions as shares of a baseline that is well inside them. */
export function againstBaseline(armed: ArmedService, signals: readonly string[]): ArmedService {
  const { policy } = armed.service;
  const all = [...policy.when, ...policy.verify].filter((c) => signals.includes(c.signal));
  const shared = ({ threshold, ...condition }: Condition): Condition => {
    const same = all.filter((c) => c.signal === condition.signal).map((c) => c.threshold ?? 0);
    if (threshold === undefined) return condition;
    if (same.length === 0 || Math.min(...same) <= 0) return { ...condition, threshold };
    const isHigh = policy.when.some((c) => c.signal === condition.signal && c.is.startsWith('>'));
    const good = isHigh ? Math.min(...same) / 2 : Math.max(...same) * 1.25;
    return { ...condition, relative: { percent: (threshold / good - 1) * 100 } };
  };
  const { when, verify } = policy;
  const service = {
    ...armed.service,
    policy: { ...policy, when: when.map(shared), verify: verify.map(shared) },
  };
  const alarms = armed.alarms.map((alarm) => ({ ...alarm, condition: shared(alarm.condition) }));
  return { ...armed, service, alarms };
}

const SLACK: CallEntry = { kind: 'slack', to: 'C024BE91L', secret: 'slack' };
const PAGERDUTY: CallEntry = { kind: 'pagerduty', to: 'ML platform', secret: 'pagerduty' };

/** Whom a service calls beside the environment's topic, at once or when nobody has acknowledged. */
const CHANNELS: readonly [CallEntry[], ...CallEntry[][]] = [
  [],
  [SLACK],
  [PAGERDUTY],
  [SLACK, { ...PAGERDUTY, afterSeconds: 300 }],
];

/** The same alias in pods that load it when they start. */
export function withPods(lever: AliasLever, kind: Workload['kind']): AliasLever {
  const reload = { kind, cluster: 'shop', namespace: 'ml', name: `${lever.model}-${lever.alias}` };
  return { ...lever, reload, served: { pods: reload, port: 8080, path: '/version', json: 'version' } };
}

/** As it is written, all at once, and each rung alone. */
function laddersOf({ policy }: Service): readonly [Policy['do'], ...Policy['do'][]] {
  const all: Pull[] = policy.do.flat();
  const reversed = [...policy.do].reverse();
  return [policy.do, policy.do, [all], reversed, ...policy.do.map((rung) => [rung])];
}

/** The same service as other people might write it: another ladder, other periods, other words for missing data. */
import type { ArmedService, Condition, Policy, Pull, Service, Signal } from '../core/service.ts';
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
  const runbook = { ...service.runbook, preApproved: approved };
  const levers = service.levers.map((lever) =>
    lever.kind === 'flag' ? { ...lever, cacheSeconds: draw('cache', [5, 0, 30]) } : lever,
  );
  return { ...armed, service: { ...service, signals, levers, policy, runbook } };
}

/** As it is written, all at once, and each rung alone. */
function laddersOf({ policy }: Service): readonly [Policy['do'], ...Policy['do'][]] {
  const all: Pull[] = policy.do.flat();
  const reversed = [...policy.do].reverse();
  return [policy.do, policy.do, [all], reversed, ...policy.do.map((rung) => [rung])];
}

import type { Environment } from '../core/environment.ts';
import type { Condition, Signal } from '../core/service.ts';
import type { Declared } from './declared.ts';
import type { Refuse } from './findings.ts';
import { wrong } from './problem.ts';
import type { WrittenSignal } from './signal-format.ts';

/** The signals of a service; an existing alarm has to be where the incident machine hears of it. */
export function readSignals(
  { signals }: Declared,
  environment: Environment | undefined,
  refuse: Refuse,
): Signal[] {
  return [...signals].flatMap(([name, written]) => {
    if (!written) return [];
    if (written.alarm !== undefined && environment)
      checkAlarm({ name, arn: written.alarm, environment }, refuse);
    return [signalOf(name, written)];
  });
}

const signalOf = (name: string, written: WrittenSignal): Signal => ({
  name,
  metric: written.metric,
  statistic: written.statistic,
  periodSeconds: written.period,
  unit: written.unit,
  lagSeconds: written.lag,
  missing: written.missing,
  ...(written.alarm !== undefined && { alarm: written.alarm }),
});

function checkAlarm(of: { name: string; arn: string; environment: Environment }, refuse: Refuse): void {
  const [, , , region, account] = of.arn.split(':');
  if (region === of.environment.region && account === of.environment.account) return;
  const { name, region: here, account: ours } = of.environment;
  refuse(
    ['signals', of.name, 'alarm'],
    wrong(`alarm is not where environment "${name}" is`, `an alarm in ${here} of account ${ours}`),
  );
}

const OWN_THRESHOLD = wrong(
  'alarm has a threshold of its own, and its condition is against the baseline',
  'no "alarm" here, so that the deploy makes one; or a fixed threshold in "when"',
);

/** An existing alarm tells of one condition: without one it is of no use, and of two nobody could say which. */
export function checkAlarmUse(
  { signals }: Declared,
  when: readonly Pick<Condition, 'signal' | 'relative'>[],
  refuse: Refuse,
): void {
  for (const [name, written] of signals) {
    const conditions = when.filter((condition) => condition.signal === name);
    const uses = conditions.length;
    if (written?.alarm === undefined) continue;
    if (conditions.some((condition) => condition.relative)) refuse(['signals', name, 'alarm'], OWN_THRESHOLD);
    if (uses === 1) continue;
    const words =
      uses === 0
        ? 'alarm is of no use: no "when" names its signal'
        : `alarm stands for ${uses} conditions of "when"`;
    refuse(['signals', name, 'alarm'], wrong(words, 'one condition of "when" for a signal with an alarm'));
  }
}

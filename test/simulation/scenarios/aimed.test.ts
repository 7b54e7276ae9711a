import { describe, expect, it } from '@jest/globals';
import type { Worker } from '../../../lib/simulation/worker.ts';
import { BREAKS_AFTER_MS, day, once } from '../scenario.ts';
import { alarmOf, ONE_ALARM } from './executions.ts';

/** After the release broke, and before its alarm is red by itself. */
const STARTS_AFTER = BREAKS_AFTER_MS + 23_000;

/** A person names a baseline that nobody recorded; the alarm is red, and its event here, as a function begins a call. */
const aimedAstray = (during: Worker['function'], operation: string) =>
  day((environment, { armed }) => {
    const { world, machine, bus, scheduler } = environment;
    environment.later(STARTS_AFTER, () => {
      const to = { baseline: `${armed.service.name}-b20200101T000000` };
      machine.start('aimed', { service: armed.service.name, to });
    });
    environment.script = once({ function: during, operation }, () => {
      const since = scheduler.clock.now();
      const known = world.alarms.get(alarmOf());
      if (!known) throw new Error('The service has no such alarm');
      world.alarms.set(alarmOf(), { ...known, state: 'ALARM', since });
      machine.start('joins', bus.eventOf({ arn: alarmOf(), state: 'ALARM', since }));
      return undefined;
    });
  }, ONE_ALARM);

describe('a day on which an alarm fires while a rollback --to that cannot be followed is refused', () => {
  it.each([
    ['before it is planned', 'plan-rollback', 'dynamodb.GetItem'],
    ['as its refusal is written', 'plan-rollback', 'dynamodb.TransactWriteItems'],
  ] as const)(
    '%s: the person is answered, and the alarm has an incident of its own',
    async (_, during, operation) => {
      const seen = await aimedAstray(during, operation);

      expect(seen.violations).toEqual([]);
      expect(seen.incidents.map(({ trigger, ending, alarms }) => [trigger.kind, ending, alarms])).toEqual([
        ['person', 'refused', 0],
        ['alarm', 'recovered', 1],
      ]);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import type { ArmedService } from '../../lib/core/service.ts';
import type { AlarmKeeper } from '../../lib/ports/alarm-keeper.ts';

export interface AlarmKeeperPlace {
  readonly keeper: AlarmKeeper;
  /** A service whose one alarm stands as a deploy made it: `latency < 3 % below baseline`, out of reach. */
  readonly armed: ArmedService;
  threshold(): Promise<number | undefined>;
}

/** One alarm of this name; the rest of the service does not matter. */
export const againstBaseline = (name: string): Pick<ArmedService, 'alarms'> => ({
  alarms: [
    {
      arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
      condition: { signal: 'latency', is: '<', relative: { percent: -3 }, datapoints: 3, of: 5 },
    },
  ],
});

/** The same alarm with its reference known. */
export const at = (armed: ArmedService, threshold: number): ArmedService['alarms'] =>
  armed.alarms.map((alarm) => ({ ...alarm, condition: { ...alarm.condition, threshold } }));

/** What keeps alarms at their baseline, on CloudWatch and in memory. */
export function describeAlarmKeeper(name: string, make: () => Promise<AlarmKeeperPlace>): void {
  describe(`${name} is an alarm keeper`, () => {
    it('moves an alarm to its threshold, and touches it no more', async () => {
      const { keeper, armed, threshold } = await make();
      const arns = armed.alarms.map(({ arn }) => arn);

      expect(await keeper.keep(armed, at(armed, 0.776))).toEqual(arns);
      expect(await threshold()).toBe(0.776);
      expect(await keeper.keep(armed, at(armed, 0.776))).toEqual([]);
    });

    it('moves it again when the baseline is another one', async () => {
      const { keeper, armed, threshold } = await make();
      await keeper.keep(armed, at(armed, 0.776));

      await keeper.keep(armed, at(armed, 0.7));

      expect(await threshold()).toBe(0.7);
    });

    it('makes no alarm that somebody deleted', async () => {
      const { keeper, armed } = await make();
      const gone = at(armed, 0.776).map((alarm) => ({ ...alarm, arn: `${alarm.arn}-gone` }));

      expect(await keeper.keep(armed, gone)).toEqual([]);
    });
  });
}

/** Ten services break at once, and every alarm is delivered over and over (F02). */
import type { ArmedService } from '../../lib/core/service.ts';
import { shipBad } from '../../lib/simulation/estate.ts';
import { BREAKS_AFTER_MS, type Day, day } from './scenario.ts';
import { alarmOf, oneAlarm, recommender, renamed } from './scenarios/executions.ts';
import { alarmsArrive, setAlarm } from './scenarios/faults.ts';

export const SHOPS = Array.from({ length: 10 }, (_, n) => oneAlarm(renamed(recommender(), `shop-${n}`)));

/** When every alarm says OK for a moment, and with its next evaluation ALARM again. */
const FLAP_AT_MS = 218_000;

export interface Storm {
  /** How often each event is delivered, in any order within 1.5 s. */
  readonly copies: number;
  /** Whether every alarm flaps while its incident runs: a second transition, as often delivered. @default false */
  readonly flaps?: boolean;
}

export const storm = ({ copies, flaps = false }: Storm): Promise<Day> =>
  day(
    (environment) => {
      const delays = Array.from({ length: copies }, (_, n) => 300 + ((n * 37) % 1500));
      alarmsArrive(environment, ...delays);
      environment.later(BREAKS_AFTER_MS, () =>
        environment.witness.somebody('ten bad releases', () => {
          for (const shop of environment.witness.services)
            shipBad(environment.world, shop, shop.armed.service.levers);
        }),
      );
      if (!flaps) return;
      for (const { service } of SHOPS)
        environment.later(FLAP_AT_MS, () => setAlarm(environment, 'OK', alarmOf(service.name)));
    },
    { services: SHOPS as unknown as readonly [ArmedService, ...ArmedService[]], breaks: [] },
  );

/** A service whose signals are held against its baseline: its alarms follow it, and incidents freeze it. */
import { describe, expect, it } from '@jest/globals';
import type { ArmedService } from '../../../lib/core/service.ts';
import { againstBaseline } from '../../../lib/simulation/vary.ts';
import { day } from '../scenario.ts';
import { recommender } from './executions.ts';

const SIGNALS = ['auc', 'latency', 'error-ratio'];
const relative = (): ArmedService => againstBaseline(recommender(), SIGNALS);

describe('a day of a service that is held against its baseline', () => {
  it('recovers by thresholds that no deploy knew, and keeps all promises', async () => {
    const { incident, environment, violations, read } = await day(undefined, { services: [relative()] });

    const armed = await read.armed(incident.id);
    expect([incident.ending, violations]).toEqual(['recovered', []]);
    expect(environment.world.thresholds.size).toBe(3);
    expect(armed?.service.policy.verify.map(({ relative: r }) => r?.baseline)).toEqual(
      Array(3).fill('recommender-b20261102T101500'),
    );
  });

  it('is seen late, not wrongly, where CloudWatch would not let its alarms be moved for a while', async () => {
    const { incident, violations } = await day(
      (environment) =>
        environment.down.set('cloudwatch.PutMetricAlarm', environment.scheduler.clock.now() + 600_000),
      { services: [relative()], minutes: 40 },
    );

    expect([incident.ending, violations]).toEqual(['recovered', []]);
    expect(incident.openedAt).toBeGreaterThan(Date.UTC(2026, 10, 21, 9, 10));
  });
});

/** A condition against the baseline, from `baseline record` to the report: real alarms, sweeper, functions and table. */
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Series } from '../../../lib/core/report.ts';
import { type Estate, estate, hasEnded, publisher, reinstate, until, untilIncident } from './estate.ts';
import { flags, healthy, type Monitor, SERVICE, shipBadRules } from './fraud-scorer.ts';

let on: Estate;
let monitor: Monitor;

beforeAll(async () => {
  on = await estate();
  monitor = publisher(on, 'Reinstate/FraudScorer', SERVICE);
  await healthy(on, monitor);
});
afterAll(() => monitor.stop());

/** The monitor has only begun to publish. */
function stillTooFew(error: unknown): undefined {
  if (!String(error).includes('datapoints in 900 s')) throw error;
}

const threshold = async (): Promise<number | undefined> => {
  const AlarmNames = [`reinstate-local-${SERVICE}-auc`];
  const { MetricAlarms } = await on.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  return MetricAlarms?.[0]?.Threshold;
};

it('an alarm follows what "baseline record" measured, fires below it, and recovery is judged by it', async () => {
  const recorded = await until('a reference that can be taken', 60, () =>
    reinstate('baseline', 'record', SERVICE, '-o', 'json').catch(stillTooFew),
  );
  const { references } = JSON.parse(recorded);
  const { value } = references.auc;
  const floor = 0.97 * value;
  expect(value).toBeCloseTo(0.9, 1);
  await until(
    'the sweeper to move the alarm',
    90,
    async () => Math.abs(((await threshold()) ?? 0) - floor) < 1e-9,
  );

  await shipBadRules(on);
  monitor.set('auc', 0.8 * value);
  await until('the first lever', 90, async () => (await flags(on)).rules === 'v1');
  monitor.set('auc', value);
  const incident = await untilIncident(on, SERVICE, { is: hasEnded, seconds: 120 });

  expect(incident).toMatchObject({ ending: 'recovered', trigger: { kind: 'alarm' } });
  const report = JSON.parse(await reinstate('report', incident.id, '--json'));
  const auc = report.series.find(({ signal }: Series) => signal.name === 'auc');
  expect(auc.well).toMatchObject({ is: '>', relative: { percent: -3, reference: value } });
  expect(auc.well.threshold).toBeCloseTo(floor, 9);
});

/** The service whose metrics the scenarios publish themselves: two flags, two rungs, short windows. */
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { seriesText } from '../../../lib/core/reference.ts';
import type { Reference } from '../../../lib/core/release.ts';
import { signalNamed } from '../../../lib/core/service.ts';
import {
  type Estate,
  forgetIncidents,
  type publisher,
  putFlag,
  readFlag,
  recordBaseline,
  setMode,
  until,
} from './estate.ts';

export const SERVICE = 'fraud-scorer';
export const RULES = '/shop/fraud-scorer/rules';
/** Where all is well. */
const AUC = 0.9;
export const FEATURES = '/shop/fraud-scorer/features';
const ALARMS = ['error-ratio', 'latency', 'auc'].map((signal) => `reinstate-local-${SERVICE}-${signal}`);

export type Monitor = ReturnType<typeof publisher>;

export const alarmState = async ({ cloudwatch }: Estate, signal: string): Promise<string | undefined> =>
  (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [`reinstate-local-${SERVICE}-${signal}`] })))
    .MetricAlarms?.[0]?.StateValue;

/** Healthy metrics, both flags at the baseline, no incident remembered, and no alarm in ALARM. */
export async function healthy(on: Estate, monitor: Monitor): Promise<void> {
  monitor.set('error-ratio', 0);
  monitor.set('latency', 40);
  monitor.set('auc', AUC);
  await setMode(on, SERVICE, undefined);
  await putFlag(on, RULES, 'v1');
  await putFlag(on, FEATURES, 'false');
  await until('healthy alarms', 60, async () => {
    const { MetricAlarms } = await on.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ALARMS }));
    return MetricAlarms?.length === ALARMS.length && MetricAlarms.every((alarm) => alarm.StateValue === 'OK');
  });
  await forgetIncidents(on, SERVICE);
  const release = { [`flag:${RULES}`]: { value: 'v1' }, [`flag:${FEATURES}`]: { value: 'false' } };
  await recordBaseline(on, SERVICE, { release, references: { auc: await aReference(on) } });
}

/** What `baseline record` would measure, had the scenario the time for it. */
async function aReference({ settings }: Estate): Promise<Reference> {
  const armed = await settings.armed(SERVICE);
  if (!armed) throw new Error(`Cannot read ${SERVICE}: it is not armed`);
  const now = Date.now();
  return {
    value: AUC,
    series: seriesText(signalNamed(armed.service, 'auc')),
    datapoints: 2,
    from: now,
    to: now,
  };
}

/** The bad release: new rules that fail, and new features that are slow. */
export async function shipBadRules(on: Estate): Promise<void> {
  await putFlag(on, RULES, 'v2');
  await putFlag(on, FEATURES, 'true');
}

export const flags = async (on: Estate) => ({
  rules: await readFlag(on, RULES),
  features: await readFlag(on, FEATURES),
});

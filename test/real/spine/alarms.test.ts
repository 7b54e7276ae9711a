/** Alarms, duplicates, forgeries and modes on the deployed stack: real state machine, functions, table and alarms. */
import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Estate, estate, hasEnded, publisher, setMode, start, until, untilIncident } from './estate.ts';
import { alarmState, flags, healthy, type Monitor, SERVICE, shipBadRules } from './fraud-scorer.ts';

let on: Estate;
let monitor: Monitor;

beforeAll(async () => {
  on = await estate();
  monitor = publisher(on, 'Reinstate/FraudScorer', SERVICE);
});
afterAll(() => monitor.stop());
beforeEach(() => healthy(on, monitor));

/** While this goes on, no rule hears the alarms of the service. */
async function unheard(work: () => Promise<void>): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const rules = new EventBridgeClient({ endpoint: on.at.aws, region: on.at.region, credentials });
  const Name = `reinstate-local-${SERVICE}`;
  await rules.send(new DisableRuleCommand({ Name }));
  try {
    await work();
  } finally {
    await rules.send(new EnableRuleCommand({ Name }));
  }
}

/** The event that EventBridge would have delivered for the alarm as it stands. */
async function eventOf(signal: string) {
  const AlarmNames = [`reinstate-local-${SERVICE}-${signal}`];
  const [alarm] = (await on.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }))).MetricAlarms ?? [];
  const time = alarm?.StateTransitionedTimestamp?.toISOString();
  return {
    version: '0',
    id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: on.at.accountId,
    time,
    region: on.at.region,
    resources: [alarm?.AlarmArn],
    detail: {
      alarmName: AlarmNames[0],
      state: { value: 'ALARM', reason: alarm?.StateReason, timestamp: time },
    },
  };
}

const ended = () => untilIncident(on, SERVICE, { is: hasEnded, seconds: 150 });

describe('alarms on the deployed stack', () => {
  // First: a breach of the scenario before would be within the window that the alarm looks back.
  it('F06: a forged alarm with a healthy metric is refused, and pages', async () => {
    await shipBadRules(on);
    const forged = {
      AlarmName: `reinstate-local-${SERVICE}-error-ratio`,
      StateValue: 'ALARM',
      StateReason: 'forged',
    } as const;
    const keepForged = setInterval(() => void on.cloudwatch.send(new SetAlarmStateCommand(forged)), 300);

    await on.cloudwatch.send(new SetAlarmStateCommand(forged));
    const incident = await untilIncident(on, SERVICE, { is: hasEnded, seconds: 30 }).finally(() =>
      clearInterval(keepForged),
    );

    expect(incident).toMatchObject({ ending: 'refused' });
    expect(await flags(on)).toEqual({ rules: 'v2', features: 'true' });
    expect(await on.read.notes<{ pages: { urgency: string }[] }>(incident.id)).toMatchObject([
      { pages: [{ urgency: 'page' }] },
    ]);
  });

  it('F01: the same alarm sent 50 times at once gives one incident, and one effect', async () => {
    await shipBadRules(on);
    await unheard(async () => {
      monitor.set('error-ratio', 0.5);
      await until('the alarm', 60, async () => (await alarmState(on, 'error-ratio')) === 'ALARM');
    });
    const event = await eventOf('error-ratio');

    await Promise.all(Array.from({ length: 50 }, () => start(on, event)));
    await until('the lever', 60, async () => (await flags(on)).rules === 'v1');
    monitor.set('error-ratio', 0);
    const incident = await ended();

    expect(incident).toMatchObject({ ending: 'recovered', alarms: 1 });
    expect(await on.read.summaries(SERVICE)).toHaveLength(1);
    expect(await on.read.receipts(incident.id)).toHaveLength(1);
    expect(await flags(on)).toEqual({ rules: 'v1', features: 'true' });
  });

  it('observe changes nothing and reports the plan (I7)', async () => {
    await shipBadRules(on);
    await setMode(on, SERVICE, 'observe');

    monitor.set('error-ratio', 0.5);
    const incident = await ended();

    expect(incident).toMatchObject({ ending: 'observed', mode: 'observe' });
    expect(await on.read.plan(incident.id)).toMatchObject({ outcome: 'planned' });
    expect(await flags(on)).toEqual({ rules: 'v2', features: 'true' });
    expect(await on.read.hold(SERVICE)).toBeUndefined();
  });

  it('an alarm that joins while the first is well again keeps the incident open until both are', async () => {
    await shipBadRules(on);
    monitor.set('error-ratio', 0.5);
    await until('the first lever', 60, async () => (await flags(on)).rules === 'v1');

    monitor.set('error-ratio', 0);
    monitor.set('latency', 900);
    const joined = await untilIncident(on, SERVICE, { is: (i) => i.alarms === 2, seconds: 60 });
    await until('the second lever', 90, async () => (await flags(on)).features === 'false');
    monitor.set('latency', 40);
    const incident = await ended();

    expect(incident).toMatchObject({ id: joined.id, ending: 'recovered', alarms: 2 });
    const last = (await on.read.verdicts(incident.id)).at(-1);
    expect(last?.signals.map((s) => [s.signal, s.verdict])).toEqual([
      ['error-ratio', 'recovered'],
      ['auc', 'recovered'],
      ['latency', 'recovered'],
    ]);
  });

  it('an alarm that was red before anybody listened is opened by the sweeper', async () => {
    await shipBadRules(on);
    await unheard(async () => {
      monitor.set('error-ratio', 0.5);
      await until('the alarm', 60, async () => (await alarmState(on, 'error-ratio')) === 'ALARM');
    });
    await until('the lever', 180, async () => (await flags(on)).rules === 'v1');

    monitor.set('error-ratio', 0);
    const incident = await ended();

    expect(incident).toMatchObject({ ending: 'recovered', trigger: { kind: 'red-alarm' } });
  });
});

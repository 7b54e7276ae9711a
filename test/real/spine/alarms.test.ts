/** Alarms, duplicates, forgeries and modes on the deployed stack: real state machine, functions, table and alarms. */
import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
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

  it('F01: the same alarm sent 50 times gives one incident, and one effect', async () => {
    await shipBadRules(on);
    monitor.set('error-ratio', 0.5);
    const running = await untilIncident(on, SERVICE, { is: (i) => i.state === 'running', seconds: 60 });
    const lease = await on.read.lease(SERVICE);
    const { input } = await on.sfn.send(new DescribeExecutionCommand({ executionArn: lease?.owner }));

    await Promise.all(Array.from({ length: 49 }, () => start(on, JSON.parse(input ?? '{}'))));
    monitor.set('error-ratio', 0);
    const incident = await ended();

    expect(incident).toMatchObject({ id: running.id, ending: 'recovered', alarms: 1 });
    expect(await on.read.summaries(SERVICE)).toHaveLength(1);
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
      ['latency', 'recovered'],
    ]);
  });

  it('an alarm that was red before anybody listened is opened by the sweeper', async () => {
    const rules = new EventBridgeClient({
      endpoint: on.at.aws,
      region: on.at.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { Rules } = await rules.send(new ListRulesCommand({}));
    const Name = Rules?.find((rule) => rule.EventPattern?.includes(SERVICE))?.Name;
    await rules.send(new DisableRuleCommand({ Name }));
    await shipBadRules(on);
    monitor.set('error-ratio', 0.5);
    await until('the alarm', 60, async () => (await alarmState(on, 'error-ratio')) === 'ALARM');
    await rules.send(new EnableRuleCommand({ Name }));
    await until('the lever', 180, async () => (await flags(on)).rules === 'v1');

    monitor.set('error-ratio', 0);
    const incident = await ended();

    expect(incident).toMatchObject({ ending: 'recovered', trigger: { kind: 'red-alarm' } });
  });
});

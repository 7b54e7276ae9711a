import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_EVENT_BYTES, parseTrigger } from '../../lib/core/trigger.ts';

const eventIn = (file: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'events', file), 'utf8'));
const anEvent = () => eventIn('cloudwatch-alarm-state-change.aws-docs.json');

describe('parseTrigger', () => {
  it('reads the alarm, its transition and its place from a CloudWatch event', () => {
    const trigger = parseTrigger(anEvent());

    expect(trigger).toEqual({
      kind: 'alarm',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:reinstate-local-recommender-error-ratio',
      alarmName: 'reinstate-local-recommender-error-ratio',
      state: 'ALARM',
      reason: expect.stringMatching(/^Threshold Crossed: 3 out of the last 5 datapoints/),
      at: Date.UTC(2026, 10, 21, 9, 4, 0, 120),
      account: '000000000000',
      region: 'us-east-1',
    });
  });

  it('reads a composite alarm, which has no metrics', () => {
    const trigger = parseTrigger(eventIn('cloudwatch-composite-alarm-state-change.aws-docs.json'));

    expect(trigger).toMatchObject({
      kind: 'alarm',
      alarmName: 'recommender-unwell',
      at: Date.UTC(2026, 10, 21, 9, 4, 10, 401),
    });
  });

  it('reads what a person types into the console', () => {
    const trigger = parseTrigger(eventIn('start-by-a-person.console.json'));

    expect(trigger).toEqual({
      kind: 'person',
      service: 'recommender',
      reason: 'customers report empty pages',
      dryRun: false,
    });
  });

  it('reads a dry run without a reason', () => {
    expect(parseTrigger({ service: 'recommender', dryRun: true })).toEqual({
      kind: 'person',
      service: 'recommender',
      dryRun: true,
    });
  });

  it('reads the plan that a person has read, by its digest', () => {
    expect(parseTrigger({ service: 'recommender', plan: '0123456789ab' })).toEqual({
      kind: 'person',
      service: 'recommender',
      dryRun: false,
      plan: '0123456789ab',
    });
  });

  it('takes no plan from an alarm, nor from the sweeper', () => {
    const plan = '0123456789ab';
    const alarm = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a';
    const event = eventIn('cloudwatch-alarm-state-change.aws-docs.json') as object;

    expect(parseTrigger({ ...event, plan })).not.toHaveProperty('plan');
    expect(parseTrigger({ service: 'recommender', alarm, at: 5, plan }).kind).toBe('malformed');
    expect(parseTrigger({ incident: 'recommender-20261121T090405-1a2b3c4d', plan }).kind).toBe('malformed');
  });

  it('reads the red alarm that the sweeper found', () => {
    const alarm = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a';

    expect(parseTrigger({ service: 'recommender', alarm, at: 5 })).toEqual({
      kind: 'red-alarm',
      service: 'recommender',
      alarmArn: alarm,
      at: 5,
    });
  });

  it('reads the incident that is to be taken over', () => {
    const incident = 'recommender-20261121T090405-1a2b3c4d';

    expect(parseTrigger({ incident })).toEqual({ kind: 'takeover', incident });
  });
});

describe('F07: parseTrigger calls malformed', () => {
  it.each([
    ['nothing', null],
    ['a text', 'recommender'],
    ['a number', 3],
    ['a list', [{ service: 'recommender' }]],
    ['an empty object', {}],
  ])('%s', (_, input) => {
    expect(parseTrigger(input)).toMatchObject({ kind: 'malformed', why: expect.any(String) });
  });

  it.each([
    ['a service that is no name', { service: 'Recommender; rm -rf /' }, 'service is not as expected'],
    ['a service with a path', { service: '../etc' }, 'service is not as expected'],
    ['a service of the wrong type', { service: ['recommender'] }, 'service is not as expected'],
    [
      'a reason without end',
      { service: 'recommender', reason: 'x'.repeat(501) },
      'reason is not as expected',
    ],
    ['a dry run that is a text', { service: 'recommender', dryRun: 'false' }, 'dryRun is not as expected'],
    [
      'a command beside the service',
      { service: 'recommender', run: 'helm rollback' },
      'the input is unknown',
    ],
    ['a digest that is none', { service: 'recommender', plan: '0123456789abc' }, 'plan is not as expected'],
    ['an incident that is no id', { incident: 'recommender' }, 'incident is not as expected'],
    ['an alarm that is no ARN', { service: 'a', alarm: 'x', at: 1 }, 'alarm is not as expected'],
    [
      'a transition before all time',
      { service: 'a', alarm: 'arn:aws:cloudwatch:r:000000000000:alarm:a', at: -1 },
      'at is not as expected',
    ],
  ])('%s', (_, input, why) => {
    expect(parseTrigger(input)).toEqual({ kind: 'malformed', why });
  });

  it.each<[string, (event: ReturnType<typeof anEvent>) => void]>([
    ['another source', (e) => (e.source = 'aws.ec2')],
    ['another detail type', (e) => (e['detail-type'] = 'CloudWatch Alarm Configuration Change')],
    ['an account that is none', (e) => (e.account = '1234')],
    ['no resources', (e) => (e.resources = [])],
    ['two alarms at once', (e) => e.resources.push(e.resources[0])],
    ['a resource that is no alarm', (e) => (e.resources = ['arn:aws:iam::000000000000:role/admin'])],
    ['an alarm name without end', (e) => (e.detail.alarmName = 'a'.repeat(256))],
    ['a state that is a list', (e) => (e.detail.state.value = ['ALARM'])],
    ['a time that is none', (e) => (e.detail.state.timestamp = 'yesterday')],
    ['a detail that is a text', (e) => (e.detail = JSON.stringify(e.detail))],
  ])('an event with %s', (_, spoil) => {
    const event = anEvent();
    spoil(event);

    expect(parseTrigger(event).kind).toBe('malformed');
  });

  it('a configuration change of an alarm', () => {
    expect(parseTrigger(eventIn('cloudwatch-alarm-configuration-change.aws-docs.json')).kind).toBe(
      'malformed',
    );
  });

  it('an event of one byte more than the largest', () => {
    const padded = (bytes: number) => {
      const event = { ...anEvent(), padding: '' };
      event.padding = 'x'.repeat(bytes - JSON.stringify(event).length);
      return parseTrigger(event).kind;
    };

    expect([padded(LARGEST_EVENT_BYTES), padded(LARGEST_EVENT_BYTES + 1)]).toEqual(['alarm', 'malformed']);
  });

  it('an event of a megabyte, unread', () => {
    const event = anEvent();
    event.detail.configuration.description = 'x'.repeat(1024 * 1024);

    expect(parseTrigger(event)).toMatchObject({
      kind: 'malformed',
      why: expect.stringMatching(new RegExp(`bytes; expected at most ${LARGEST_EVENT_BYTES}$`)),
    });
  });
});

describe('F07: parseTrigger is not misled', () => {
  it('by __proto__: no attribute comes from it', () => {
    const input = JSON.parse('{"__proto__": {"service": "recommender", "dryRun": true}}');

    expect(parseTrigger(input).kind).toBe('malformed');
    expect(Object.hasOwn(Object.prototype, 'service')).toBe(false);
  });

  it('by __proto__ beside a service', () => {
    const input = JSON.parse('{"service": "recommender", "__proto__": {"dryRun": true}}');

    expect(parseTrigger(input)).not.toMatchObject({ dryRun: true });
  });

  it('by an event that names an incident as well: it is no takeover and no alarm', () => {
    expect(parseTrigger({ ...anEvent(), incident: 'recommender-20261121T090405-1a2b3c4d' }).kind).toBe(
      'malformed',
    );
  });

  it('by control and direction characters: they do not reach pages and terminals', () => {
    const event = anEvent();
    event.detail.alarmName = 'red\u202Eder\u0007\u001b[31m';
    event.detail.state.reason = `line\r\nline ${'y'.repeat(2000)}`;

    const trigger = parseTrigger(event);

    expect(trigger).toMatchObject({ alarmName: 'red der  [31m' });
    expect(trigger).toMatchObject({ reason: expect.stringMatching(/^line {2}line y+$/) });
    expect((trigger as { reason: string }).reason).toHaveLength(500);
  });

  it('by unicode in a reason: letters stay', () => {
    expect(parseTrigger({ service: 'recommender', reason: 'Störung 障害 🔥' })).toMatchObject({
      reason: 'Störung 障害 🔥',
    });
  });

  it('by any JSON at all: it never throws, and answers a trigger or malformed', () => {
    const kinds = ['alarm', 'person', 'red-alarm', 'takeover', 'malformed'];

    fc.assert(fc.property(fc.jsonValue(), (input) => kinds.includes(parseTrigger(input).kind)));
  });

  it('by any spoiled event: it never throws, and whatever passes names one alarm', () => {
    const spoiled = fc.record(
      {
        source: fc.constantFrom('aws.cloudwatch', 'x'),
        'detail-type': fc.constantFrom('CloudWatch Alarm State Change', 1),
        account: fc.oneof(fc.constant('000000000000'), fc.jsonValue()),
        region: fc.oneof(fc.constant('us-east-1'), fc.jsonValue()),
        resources: fc.oneof(fc.constant(anEvent().resources), fc.jsonValue()),
        detail: fc.oneof(fc.constant(anEvent().detail), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );

    fc.assert(
      fc.property(spoiled, (input) => {
        const trigger = parseTrigger(input);
        return (
          trigger.kind === 'malformed' || (trigger.kind === 'alarm' && /:alarm:./.test(trigger.alarmArn))
        );
      }),
    );
  });
});

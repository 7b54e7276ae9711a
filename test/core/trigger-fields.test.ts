import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseTrigger } from '../../lib/core/trigger.ts';

const EVENT = join(import.meta.dirname, '..', 'events', 'cloudwatch-alarm-state-change.aws-docs.json');
const anEvent = () => JSON.parse(readFileSync(EVENT, 'utf8'));

/** What is read of a valid event in which one thing was changed. */
function spoiledBy(change: (event: ReturnType<typeof anEvent>) => unknown) {
  const event = anEvent();
  change(event);
  return parseTrigger(event);
}

describe('F07: parseTrigger and places', () => {
  const arn = (name: string, partition = 'aws', region = 'us-east-1') =>
    `arn:${partition}:cloudwatch:${region}:000000000000:alarm:${name}`;

  it.each(['aws-cn', 'aws-us-gov', 'aws-iso-b'])('reads an alarm of partition %s', (partition) => {
    expect(spoiledBy((e) => (e.resources = [arn('a', partition)]))).toMatchObject({ kind: 'alarm' });
  });

  it.each([
    ['a partition without end', arn('a', `aws${'-a'.repeat(20_000)}`)],
    ['a region without end', arn('a', 'aws', 'a'.repeat(40_000))],
    ['a name without end', arn('a'.repeat(256))],
    ['direction characters', arn('\u202egnp.a')],
    ['an escape sequence', arn('\u001b[2J')],
    ['half a character', arn('\ud83d')],
    ['two lines', arn('a\nb')],
    ['another partition', arn('a', 'azure')],
    ['another service', arn('a').replace('cloudwatch', 'iam')],
  ])('calls an event malformed whose ARN has %s', (_, resource) => {
    expect(spoiledBy((e) => (e.resources = [resource]))).toEqual({
      kind: 'malformed',
      why: 'resources.0 is not as expected',
    });
  });

  it('keeps the ARN of any alarm within the longest sort key of DynamoDB', () => {
    const longest = spoiledBy(
      (e) => (e.resources = [arn('障'.repeat(255), `aws${'a'.repeat(20)}`, 'a'.repeat(30))]),
    );

    expect(longest).toMatchObject({ kind: 'alarm' });
    const { alarmArn } = longest as { alarmArn: string };
    expect(
      new TextEncoder().encode(`note#joined-${Number.MAX_SAFE_INTEGER}-${alarmArn}`).length,
    ).toBeLessThan(1024);
  });

  it.each(['', 'us east 1', 'us-east-1\u202e', '\ud83d', 'a'.repeat(31)])('refuses region %j', (region) => {
    expect(spoiledBy((e) => (e.region = region)).kind).toBe('malformed');
  });

  it.each(['', 'AL ARM', 'ALARM\u0007', 'alarm', 'A'.repeat(41)])('refuses state %j', (value) => {
    expect(spoiledBy((e) => (e.detail.state.value = value)).kind).toBe('malformed');
  });

  it('takes the same alarm twice in one event for none', () => {
    expect(spoiledBy((e) => e.resources.push(...e.resources)).kind).toBe('malformed');
  });
});

describe('F07: parseTrigger and times', () => {
  const timed = (timestamp: unknown) => spoiledBy((e) => (e.detail.state.timestamp = timestamp));

  it.each([
    ['2026-11-21T09:04:00.120+0000', Date.UTC(2026, 10, 21, 9, 4, 0, 120)],
    ['2026-11-21T09:04:00.120345Z', Date.UTC(2026, 10, 21, 9, 4, 0, 120)],
    ['2026-11-21T10:04:00+01:00', Date.UTC(2026, 10, 21, 9, 4)],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ])('reads %s', (timestamp, at) => {
    expect(timed(timestamp)).toMatchObject({ kind: 'alarm', at });
  });

  it.each([
    '1',
    '2026',
    'Tue Nov 21 2026 (a comment)',
    '2026-11-21T09:04:00',
    '2026-13-21T09:04:00Z',
    '2026-11-21T25:04:00Z',
    '+275760-09-13T00:00:00.000Z',
    '+275760-09-13T00:00:00.001Z',
    '-000001-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '9999-12-31T23:59:59-01:00',
    '2026-11-21T09:04:00.0000000001Z',
    1_795_251_840_120,
    null,
    ['2026-11-21T09:04:00Z'],
  ])('calls %j malformed', (timestamp) => {
    expect(timed(timestamp).kind).toBe('malformed');
  });

  it.each([0, -1, 0.5, 253_402_300_800_000, Number.MAX_SAFE_INTEGER, 1e300, '5', null])(
    'calls a red alarm at %p malformed',
    (at) => {
      const alarm = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a';

      expect(parseTrigger({ service: 'recommender', alarm, at }).kind).toBe('malformed');
    },
  );

  it('reads the last of two timestamps, as JSON.parse does', () => {
    const twice = JSON.stringify(anEvent()).replaceAll(
      /("timestamp":)("[^"]*")/g,
      '$1"1999-01-01T00:00:00Z", $1$2',
    );

    expect(parseTrigger(JSON.parse(twice))).toEqual(parseTrigger(anEvent()));
  });
});

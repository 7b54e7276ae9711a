import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseTrigger } from '../../lib/core/trigger.ts';

const EVENT = join(import.meta.dirname, '..', 'events', 'cloudwatch-alarm-state-change.aws-docs.json');
const ARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a';
const INCIDENT = 'recommender-20261121T090405-1a2b3c4d';

/** An event with one field replaced by `of` its own value. */
function eventWith(field: 'account' | 'alarm' | 'timestamp', of: (own: string) => string) {
  const event = JSON.parse(readFileSync(EVENT, 'utf8'));
  if (field === 'account') event.account = of(event.account);
  if (field === 'alarm') event.resources = event.resources.map(of);
  if (field === 'timestamp') event.detail.state.timestamp = of(event.detail.state.timestamp);
  return event;
}

const FIELDS: readonly [name: string, inputWith: (of: (own: string) => string) => unknown, kind: string][] = [
  ['the account', (of) => eventWith('account', of), 'alarm'],
  ['the ARN of the alarm', (of) => eventWith('alarm', of), 'alarm'],
  ['the time of the transition', (of) => eventWith('timestamp', of), 'alarm'],
  ['a service', (of) => ({ service: of('recommender') }), 'person'],
  ['a plan', (of) => ({ service: 'recommender', plan: of('0123456789ab') }), 'person'],
  ['the ARN of a red alarm', (of) => ({ service: 'recommender', alarm: of(ARN), at: 1 }), 'red-alarm'],
  ['an incident', (of) => ({ incident: of(INCIDENT) }), 'takeover'],
];

describe('F07: parseTrigger reads a field whole or not at all', () => {
  it.each(FIELDS)('%s', (_, inputWith, kind) => {
    expect(parseTrigger(inputWith((own) => own)).kind).toBe(kind);
    expect(parseTrigger(inputWith((own) => `X${own}`)).kind).toBe('malformed');
    expect(parseTrigger(inputWith((own) => `1 ${own}`)).kind).toBe('malformed');
    expect(parseTrigger(inputWith(() => '')).kind).toBe('malformed');
  });

  it.each(FIELDS.filter(([name]) => !name.includes('ARN')))('%s, with more behind it', (_, inputWith) => {
    expect(parseTrigger(inputWith((own) => `${own}; rm -rf /`)).kind).toBe('malformed');
  });
});

describe('F07: parseTrigger says what is wrong', () => {
  it.each([['text'], [7], [null], [undefined], [true], [[]]])('with %j, which is no object', (input) => {
    expect(parseTrigger(input)).toEqual({
      kind: 'malformed',
      why: 'expected an alarm event or {"service": "..."}',
    });
  });

  it.each([
    [{}, 'source is not as expected'],
    [{ service: 'recommender', runbook: 'x' }, 'the input is unknown'],
    [{ service: 7 }, 'service is not as expected'],
    [eventWith('timestamp', () => '2026-13-45T09:04:00Z'), 'detail.state.timestamp is no time'],
  ])('with %#', (input, why) => {
    expect(parseTrigger(input)).toEqual({ kind: 'malformed', why });
  });
});

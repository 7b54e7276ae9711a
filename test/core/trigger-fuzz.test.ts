import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_EVENT_BYTES, parseTrigger } from '../../lib/core/trigger.ts';
import { cpuMs } from '../cpu-time.ts';
import { anEvent, anything, json, names, spoiledFrom, text, textsIn, UNPRINTABLE } from '../fuzzed-events.ts';

const MEGABYTE = 1024 * 1024;
/** Why what was read of an input is wrong, whatever the input was. */
function objectionsTo(input: unknown): string[] {
  const prototype = Object.getOwnPropertyNames(Object.prototype).length;
  const trigger = parseTrigger(input);
  const longest = trigger.kind === 'malformed' ? 120 : 500;
  return [
    ...textsIn(trigger).flatMap((text) => [
      ...(text.length > longest ? [`${text.length} characters`] : []),
      ...(UNPRINTABLE.test(text) ? [`unprintable: ${JSON.stringify(text)}`] : []),
    ]),
    ...(trigger.kind === 'malformed' && trigger.why === '' ? ['it does not say why'] : []),
    ...('at' in trigger && !isMoment(trigger.at) ? [`at ${trigger.at}`] : []),
    ...(Object.getOwnPropertyNames(Object.prototype).length === prototype ? [] : ['Object.prototype grew']),
    ...(Object.getPrototypeOf(trigger) === Object.prototype ? [] : ['not a plain object']),
  ];
}

/** Any reader of dates takes it: four digits of a year. */
const isMoment = (at: number): boolean => Number.isInteger(at) && at > 0 && at < Date.UTC(10_000, 0);

const neverMisled = (inputs: fc.Arbitrary<unknown>, numRuns = 1000): void =>
  fc.assert(
    fc.property(inputs, (input) => expect(objectionsTo(input)).toEqual([])),
    { numRuns },
  );

describe('F07: whatever comes, parseTrigger answers a trigger that is bounded and printable, or why not', () => {
  it('any JSON value, and what is none', () => neverMisled(anything));

  it('any text', () => neverMisled(text));

  it('a valid event with fields replaced and taken away', () => neverMisled(spoiledFrom(anEvent), 3000));

  const ALARM = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a';
  const given = (values: object) => fc.oneof(fc.constant(values), json, fc.dictionary(names, anything));
  const inputs: [string, object][] = [
    ['a person', { service: 'recommender', reason: 'slow', dryRun: true, plan: '0123456789ab' }],
    ['a red alarm', { service: 'recommender', alarm: ALARM, at: 5 }],
    ['a takeover', { incident: 'recommender-20261121T090405-1a2b3c4d' }],
  ];

  it.each(inputs)('the start by %s, with fields beside it and in place of its own', (_, input) => {
    const mixed = fc
      .tuple(given({}), fc.constantFrom(...Object.keys(input)), fc.option(anything))
      .map(([beside, name, instead]) => ({
        ...input,
        ...(typeof beside === 'object' ? beside : {}),
        ...(instead !== null && { [name]: instead }),
      }));

    neverMisled(mixed);
  });

  it.each(inputs)('the start by %s with one field too many is malformed', (_, input) => {
    for (const name of ['command', 'url', '__proto__', 'constructor', 'hasOwnProperty']) {
      const more = JSON.parse(
        `${JSON.stringify(input).slice(0, -1)},${JSON.stringify(name)}:{"dryRun":true}}`,
      );

      expect([name, parseTrigger(more).kind]).toEqual([name, 'malformed']);
    }
  });
});

describe('F07: parseTrigger and size', () => {
  const tooLarge = {
    kind: 'malformed',
    why: `more than ${LARGEST_EVENT_BYTES} bytes; expected at most ${LARGEST_EVENT_BYTES}`,
  };
  const inside = (value: unknown) => ({ ...anEvent(), more: value });
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const keyed = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

  it.each([
    ['a text of a megabyte', 'x'.repeat(MEGABYTE)],
    ['a megabyte of half characters', inside('\ud83d'.repeat(MEGABYTE))],
    ['a name of a megabyte', { ['x'.repeat(MEGABYTE)]: 1 }],
    ['a megabyte of names', JSON.parse(`{${Array.from({ length: 150_000 }, (_, n) => `"${n}":1`).join()}}`)],
    ['a megabyte of nothing', Array.from({ length: 500_000 }, () => null)],
    ['half a million lists in each other', nested(500_000)],
    ['a hundred thousand objects in each other', inside(keyed(100_000))],
    ['characters of four bytes', inside('🔥'.repeat(LARGEST_EVENT_BYTES / 4))],
    ['characters that JSON escapes', inside('\u0000'.repeat(LARGEST_EVENT_BYTES / 6))],
  ])('refuses %s, unread', (_, input) => {
    const before = cpuMs();

    expect(parseTrigger(input)).toEqual(tooLarge);

    // Some 20 ms, most of it for the names.
    expect(cpuMs() - before).toBeLessThan(1000);
  });

  it.each([
    ['lists', nested],
    ['objects', keyed],
  ])('reads an event with thousands of %s in each other, and no more of them than it needs', (_, deep) => {
    expect(parseTrigger(inside(deep(5000)))).toEqual(parseTrigger(anEvent()));
    expect(parseTrigger(inside(deep(10_000)))).toEqual(parseTrigger(anEvent()));
    expect(parseTrigger(deep(10_000)).kind).toBe('malformed');
  });

  it.each(['resources', 'detail', 'source', 'account', 'region'])(
    'reads no %s that is 30,000 lists deep',
    (name) => {
      expect(parseTrigger({ ...anEvent(), [name]: nested(30_000) })).toMatchObject({ kind: 'malformed' });
    },
  );

  it('counts bytes as JSON has them', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: -3, max: 3 }), (more, off) => {
        const event = { ...anEvent(), more, padding: '' };
        const wanted = LARGEST_EVENT_BYTES + off;
        event.padding = 'x'.repeat(Math.max(0, wanted - Buffer.byteLength(JSON.stringify(event))));
        const size = Buffer.byteLength(JSON.stringify(event));

        expect(parseTrigger(event).kind).toBe(size > LARGEST_EVENT_BYTES ? 'malformed' : 'alarm');
      }),
      { numRuns: 200 },
    );
  });

  it('reads what is no JSON to an end: numbers without end, circles, and what JSON cannot say', () => {
    const circle = anEvent();
    circle.more = circle;
    const sparse: unknown[] = [];
    sparse.length = 4_000_000_000;

    for (const input of [
      { service: 'a', n: 10n ** 400n },
      circle,
      inside(sparse),
      () => 1,
      Symbol('x'),
      undefined,
    ])
      expect(objectionsTo(input)).toEqual([]);
  });

  it('answers about twenty thousand resources as soon as about none', () => {
    const before = cpuMs();

    expect(parseTrigger({ ...anEvent(), resources: Array.from({ length: 20_000 }, () => '') })).toEqual({
      kind: 'malformed',
      why: 'resources is not as expected',
    });
    expect(cpuMs() - before).toBeLessThan(1000);
  });
});

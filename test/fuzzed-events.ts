/** Inputs that nobody meant to send: any bytes, and real events with something wrong in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const EVENT = readFileSync(
  join(import.meta.dirname, 'events', 'cloudwatch-alarm-state-change.aws-docs.json'),
  'utf8',
);
type Json = Record<string, unknown>;

/** The real event, to be changed at will. */
export const anEvent = (): ReturnType<typeof JSON.parse> => JSON.parse(EVENT);

/** What must not reach pages and terminals. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Every text in it, at any depth. */
export const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.values(typeof value === 'object' && value !== null ? value : {}).flatMap(textsIn);

/** Lone surrogates, control and direction characters among them. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }).map((u) => String.fromCharCode(...u)),
  fc.constantFrom(
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud83d',
    '\udd25\ud83d',
    '\u0000',
    '\u001b[2J',
    '__proto__',
    '',
  ),
);
export const names = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constantFrom('__proto__', 'constructor', 'toString'),
);
export const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
export const anything = fc.oneof(
  json,
  text,
  fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withMap: true,
    withSparseArray: true,
    key: names,
  }),
);

/** The event with some of its fields, at any depth, replaced or taken away. */
export const spoiledFrom = (event: () => object): fc.Arbitrary<object> =>
  fc
    .array(fc.tuple(fc.nat(), fc.option(anything, { nil: undefined })), { minLength: 1, maxLength: 4 })
    .map((faults) => {
      const spoiled = event();
      for (const [place, value] of faults) spoil(spoiled, place, value);
      return spoiled;
    });

function spoil(event: object, place: number, value: unknown): void {
  const places = placesIn(event);
  const [holder, name] = places[place % places.length] ?? [{}, ''];
  if (value === undefined) delete holder[name];
  else holder[name] = value;
}

const placesIn = (value: unknown): [holder: Json, name: string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [
        [value as Json, name] as [Json, string],
        ...placesIn(inner),
      ])
    : [];

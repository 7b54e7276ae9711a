import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { jsonSchemas } from '../../lib/files/json-schemas.ts';
import { ENVIRONMENT, SERVICE, service } from './texts.ts';

const schemas = jsonSchemas();
const validate = (name: string, text: string): boolean =>
  new Ajv({ allErrors: true }).compile(schemas[`${name}.schema.json`] ?? {})(parse(text)) === true;

const EXAMPLES = ['local', 'staging', 'prod'].flatMap((environment) => [
  ['environment', `environments/${environment}/environment.yaml`] as const,
  ['service', `environments/${environment}/services/recommender.yaml`] as const,
]);

describe('the JSON Schemas', () => {
  it.each(Object.keys(schemas))('are fresh: %s', (name) => {
    const standing: unknown = JSON.parse(readFileSync(`lib/files/generated/${name}`, 'utf8'));

    expect(standing).toEqual(JSON.parse(JSON.stringify(schemas[name])));
  });

  it.each(EXAMPLES)('as the %s schema accept %s, which names them on its first line', (name, file) => {
    const text = readFileSync(file, 'utf8');
    const named = /^# yaml-language-server: \$schema=(.*)/.exec(text)?.[1] ?? '';

    expect(validate(name, text)).toBe(true);
    expect(join(dirname(file), named)).toBe(`lib/files/generated/${name}.schema.json`);
  });

  it.each([
    ['latency > 250 ms for 3 of 5', '{ signal: latency, is: ">", threshold: 250 ms, for: 3 of 5 }'],
    [
      'latency > 250 ms for 3 of 5',
      '[{ signal: errors, is: ">", threshold: 0.7, for: 6 }, latency > 1 s for 6]',
    ],
    ['flag off, then champion back', '[[{ lever: flag, verb: off }], champion back]'],
    ['"https://shop.example.com/version version"', '{ url: https://shop.example.com, path: version }'],
  ])('accept the structured form of %p', (short, structured) => {
    expect(validate('service', service([short, structured]))).toBe(true);
  });

  it.each([
    ['when', 'wen'],
    ['statistic', 'statistics'],
    ['latency > 250 ms for 3 of 5', 'latency is slow'],
    ['latency > 250 ms for 3 of 5', '{ signal: latency, over: 250 ms }'],
    ['flag off, then champion back', 'flag up'],
    ['period: 10 s', 'period: 10'],
    ['kind: flag', 'kind: flagg'],
    ['kind: email', 'kind: pager'],
  ])('refuse %p as %p', (from, to) => {
    expect(validate('service', service([from, to]))).toBe(false);
  });

  it('refuse an unknown key of an environment', () => {
    expect(validate('environment', ENVIRONMENT)).toBe(true);
    expect(validate('environment', `${ENVIRONMENT}moode: act\n`)).toBe(false);
  });

  it('accept the fault-free service', () => {
    expect(validate('service', SERVICE)).toBe(true);
  });

  it('have an example for every key whose values an editor cannot list, and it is right', () => {
    const keys = Object.values(schemas).flatMap((schema) => propertiesOf(schema, ''));

    expect(keys.length).toBeGreaterThan(80);
    expect(
      keys.filter(({ schema }) => !hasChoices(schema) && !schema.examples?.length).map((k) => k.path),
    ).toEqual([]);
    expect(keys.flatMap(({ path, schema }) => wrongExamples(schema).map((e) => [path, e]))).toEqual([]);
  });

  it('describe every key', () => {
    const keys = Object.values(schemas).flatMap((schema) => propertiesOf(schema, ''));

    expect(keys.filter(({ schema }) => !schema.description).map(({ path }) => path)).toEqual([]);
  });
});

interface Described {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly type?: string;
}

/** Every property at any depth, with its path. */
function propertiesOf(schema: unknown, path: string): { path: string; schema: Described }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: Record<string, Described> };
  const here = Object.entries(properties).map(([key, value]) => ({ path: `${path}/${key}`, schema: value }));
  return [
    ...here,
    ...Object.entries(schema).flatMap(([key, value]) => propertiesOf(value, `${path}/${key}`)),
  ];
}

const hasChoices = (schema: object): boolean =>
  'const' in schema || 'enum' in schema || ('type' in schema && schema.type === 'boolean');

function wrongExamples({ examples = [], ...schema }: Described): unknown[] {
  const check = new Ajv({ allErrors: true }).compile(schema);
  return examples.filter((example) => check(example) !== true);
}

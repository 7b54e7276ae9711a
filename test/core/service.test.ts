import { describe, expect, it } from '@jest/globals';
import { type ArmedService, armedService, signalNamed, targetOf } from '../../lib/core/service.ts';
import { aFlag, anAlias, anArmedService, aService, aSignal } from '../builders.ts';

/** As armed, with every field that may be there. */
function everything(): ArmedService {
  const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:p95';
  return anArmedService({
    mlflow: { url: 'https://mlflow.example.com', secret: 'arn:aws:secretsmanager:x:y:secret:z' },
    service: { signals: [aSignal({ name: 'latency', alarm: arn }), aSignal(), aSignal({ name: 'auc' })] },
  });
}

type Path = readonly (string | number)[];

/** The path of every value in it, objects and lists among them. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, v]) => pathsOf(v, [...at, key]));
  return [at, ...inner];
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((v: unknown, key) => (v as Record<string, unknown>)[key], value);

/** A copy in which the value at that path is another one. */
function spoiled(value: unknown, path: Path, instead: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return instead;
  const inner = spoiled((value as Record<string, unknown>)[key], rest, instead);
  return Array.isArray(value)
    ? value.map((v, i) => (i === Number(key) ? inner : v))
    : { ...(value as object), [key]: inner };
}

const accepts = (value: unknown): boolean => armedService.safeParse(value).success;
const isRecord = (path: Path): boolean => path.at(-1) === 'dimensions';

describe('F52: what is armed is read back exactly as the deploy wrote it, or not at all', () => {
  const all = () => pathsOf(everything());

  it('gives it back whole', () => {
    expect(armedService.parse(everything())).toEqual(everything());
    expect(all().length).toBeGreaterThan(100);
  });

  it('refuses a value of another kind wherever it stands', () => {
    const taken = all().filter((path) => accepts(spoiled(everything(), path, Symbol('another kind'))));

    expect(taken).toEqual([]);
  });

  it('refuses a field that it does not know wherever it stands', () => {
    const objects = all().filter((path) => {
      const value = valueAt(everything(), path);
      return typeof value === 'object' && !Array.isArray(value) && !isRecord(path);
    });
    const taken = objects.filter((path) => accepts(spoiled(everything(), [...path, 'more'], 'text')));

    expect(objects.length).toBeGreaterThan(20);
    expect(taken).toEqual([]);
  });

  it('needs every field but those that a service may do without', () => {
    const fields = all().filter(
      (path) => typeof path.at(-1) === 'string' && Number.isNaN(Number(path.at(-1))),
    );
    const needless = fields.filter((path) => accepts(spoiled(everything(), path, undefined)));

    expect(needless.map((path) => path.join('.'))).toEqual([
      'mlflow',
      'mlflow.secret',
      'service.signals.0.alarm',
      'service.levers.0.served',
      'service.levers.1.reload',
    ]);
  });
});

describe('armedService knows these words and no others', () => {
  it.each([
    ['unit', ['service', 'signals', 0, 'unit'], ['ms', 's', 'min', '%', 'count', 'ratio']],
    ['missing', ['service', 'signals', 0, 'missing'], ['breach', 'wait', 'inconclusive']],
    ['is', ['service', 'policy', 'when', 0, 'is'], ['>', '>=', '<', '<=']],
    ['verb', ['service', 'policy', 'do', 0, 0, 'verb'], ['off', 'back']],
    ['call', ['service', 'runbook', 'call', 0, 'kind'], ['email', 'https', 'sns']],
    ['firstMode', ['firstMode'], ['off', 'observe', 'act']],
  ])('%s', (_, path, words) => {
    expect(words.filter((word) => accepts(spoiled(everything(), path, word)))).toEqual([...words]);
    expect(accepts(spoiled(everything(), path, ''))).toBe(false);
  });

  it.each([1.5, Number.NaN, '10'])('a period or a count of %p is none', (value) => {
    expect(accepts(spoiled(everything(), ['service', 'signals', 0, 'periodSeconds'], value))).toBe(false);
    expect(accepts(spoiled(everything(), ['service', 'policy', 'when', 0, 'datapoints'], value))).toBe(false);
    expect(accepts(spoiled(everything(), ['service', 'policy', 'when', 0, 'of'], value))).toBe(false);
  });
});

describe('targetOf', () => {
  it('is equal exactly where the target is', () => {
    expect(targetOf(aFlag())).toBe('flag:/shop/recommender/new-features');
    expect(targetOf(anAlias())).toBe('alias:recommender@champion');
    expect(targetOf(anAlias({ name: 'another name', cacheSeconds: 9 }))).toBe(targetOf(anAlias()));
  });
});

describe('signalNamed', () => {
  it('is the signal of that name', () => {
    expect(signalNamed(aService(), 'auc')).toEqual(aSignal({ name: 'auc' }));
  });

  it('throws for a signal that the service does not have', () => {
    expect(() => signalNamed(aService(), 'cpu')).toThrow('Cannot find signal "cpu" of service "recommender"');
  });
});

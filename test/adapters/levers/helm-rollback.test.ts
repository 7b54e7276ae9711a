import { describe, expect, it } from '@jest/globals';
import { leverChecked } from '../../../lib/adapters/levers/helm/names.ts';
import { requireSuccess, rollbackArguments } from '../../../lib/adapters/levers/helm/rollback.ts';
import { aRelease } from '../../service-builders.ts';

/** What a run that ended like this is taken for. */
function failureOf(said: string, end: { code?: number } = { code: 1 }): Error {
  try {
    requireSuccess({ ...end, said }, 'release "web"');
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('how a run of Helm ended', () => {
  it('is nothing to tell where it ended well', () => {
    expect(() =>
      requireSuccess({ code: 0, said: 'level=WARN msg="deprecated"' }, 'release "web"'),
    ).not.toThrow();
  });

  it.each([
    'release: already exists',
    'Kubernetes cluster unreachable: Get "https://10.0.0.1/version": dial tcp 10.0.0.1:443: connect: connection refused',
    'Get "https://10.0.0.1/api": net/http: TLS handshake timeout',
    'update: failed to update: Put "https://10.0.0.1/x": context deadline exceeded',
    'Get "https://10.0.0.1/api": EOF',
    'client rate limiter: too many requests',
    'Operation cannot be fulfilled on secrets "x": the object has been modified',
    'etcdserver: request timed out',
  ])('is trouble that may pass: %s', (words) => {
    expect(failureOf(`level=WARN msg="x"\nError: ${words}\n`)).toMatchObject({ name: 'OutsideTrouble' });
  });

  it.each([
    'release has no 9 version',
    'release: not found',
    'cannot patch "web" with kind Deployment: deployments.apps "web" is forbidden: User "x" cannot patch resource "deployments"',
    'admission webhook "policy" denied the request',
  ])('is a refusal: %s', (words) => {
    const failure = failureOf(`Error: ${words}\n`);

    expect(failure).toMatchObject({ name: 'OutsideRefusal' });
    expect(failure.message).toBe(`Cannot roll back release "web": helm said "${words}"`);
  });

  it('F36: is trouble where it was ended', () => {
    expect(failureOf('Error: x', {})).toMatchObject({
      name: 'OutsideTrouble',
      message: 'Cannot roll back release "web": helm was ended before it was done',
    });
  });

  it('I9: is told without the values that the cluster refused', () => {
    const said =
      'Error: cannot patch "web": Deployment.apps "web" is invalid: spec.selector: Invalid value: {"env":"hunter: 2"}: field is immutable';

    expect(failureOf(said).message).toBe(
      'Cannot roll back release "web": helm said "cannot patch "web": Deployment.apps "web" is invalid: spec.selector: Invalid value: (left out): field is immutable"',
    );
  });

  it('is told in one line that has an end', () => {
    expect(failureOf('level=WARN msg="x"\nError: first\nsecond').message).toMatch(/helm said "first"$/);
    expect(failureOf('killed\n').message).toMatch(/helm said "killed"$/);
    expect(failureOf('\n').message).toMatch(/: helm said nothing$/);
    expect(failureOf(`Error: ${'x'.repeat(5000)}`).message.length).toBeLessThan(500);
  });
});

describe('the arguments of a rollback', () => {
  it.each([0, -1, 1.5, Number.NaN, 10_000_000_000])('F38: never carry revision %s', (revision) => {
    expect(() => rollbackArguments(aRelease(), revision, 'changes')).toThrow(/Cannot use ".+" as revision/);
  });

  it('proven 1: always carry a revision, last', () => {
    expect(rollbackArguments(aRelease({ release: 'web' }), 7, 'changes').slice(-3)).toEqual([
      '--',
      'web',
      '7',
    ]);
  });

  it('never force but with whole objects, and never wait', () => {
    const [changes, whole] = (['changes', 'whole objects'] as const).map((sends) =>
      rollbackArguments(aRelease(), 7, sends).join(' '),
    );

    expect(changes).not.toMatch(/force/);
    expect(whole).toMatch(/--server-side=true --force-conflicts/);
    expect(`${changes} ${whole}`).not.toMatch(/--wait|--force-replace|--no-hooks|--cleanup-on-fail/);
  });
});

describe('F38: the names of a release', () => {
  it.each(['-x', 'a;rm', '../a', 'A', 'a.b', 'a_b', 'a'.repeat(64), 'a-', ''])(
    'are refused with "%s"',
    (name) => {
      expect(() => leverChecked(aRelease({ release: name }))).toThrow(
        /^Cannot use ".*" as release of Helm: expected /,
      );
      expect(() => leverChecked(aRelease({ namespace: name }))).toThrow(
        /^Cannot use ".*" as namespace: expected /,
      );
    },
  );

  it.each(['a', '1', 'model-svc', 'a'.repeat(53)])('are taken with "%s"', (name) => {
    expect(leverChecked(aRelease({ release: name, namespace: name })).release).toBe(name);
  });

  it('are 53 characters long at most, as Helm has it, and are quoted no longer than that is of use', () => {
    expect(() => leverChecked(aRelease({ release: 'a'.repeat(54) }))).toThrow(/release of Helm/);
    expect(() => leverChecked(aRelease({ release: 'x'.repeat(5000) }))).toThrow(/^.{0,200}$/);
  });
});

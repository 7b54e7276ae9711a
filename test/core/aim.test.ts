import { describe, expect, it } from '@jest/globals';
import { type Aim, aimedAt, meantBy } from '../../lib/core/aim.ts';
import type { Quarantine } from '../../lib/core/release.ts';
import { parseTrigger } from '../../lib/core/trigger.ts';
import { aBaseline, anArmedService, aQuarantine, CHAMPION, FLAG } from '../builders.ts';

const NEWEST = aBaseline({ id: 'recommender-b20261114T101500' });
const OLDER = aBaseline({
  id: 'recommender-b20261107T101500',
  release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '2' } },
});
const aimed = (aim: Aim | undefined, quarantine: readonly Quarantine[] = []) =>
  aimedAt(aim, { armed: anArmedService(), baselines: [NEWEST, OLDER], quarantine });

describe('where a rollback goes', () => {
  it('is the newest baseline where nobody says otherwise', () => {
    expect(aimed(undefined)).toEqual([NEWEST, OLDER]);
  });

  it('is a deeper baseline that a person names; what settles it looks at those below', () => {
    expect(aimed({ baseline: OLDER.id })).toEqual([OLDER]);
  });

  it('is a single value that a person names, on top of the newest baseline', () => {
    const [first] = aimed({ values: { champion: '1' } });

    expect(first).toMatchObject({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '1' } } });
  });

  it('needs no baseline when every value is named', () => {
    const known = { armed: anArmedService(), baselines: [], quarantine: [] };

    expect(aimedAt({ values: { champion: '1' } }, known)).toMatchObject([
      { id: 'values named by hand', release: { [CHAMPION]: { value: '1' } } },
    ]);
  });

  it.each<[string, Aim, RegExp]>([
    [
      'a baseline that nobody recorded',
      { baseline: 'recommender-b20200101T000000' },
      /is not recorded, or holds/,
    ],
    ['a lever the service does not have', { values: { helm: '7' } }, /has no lever "helm"/],
    [
      'I10: what is quarantined',
      { values: { champion: '4' } },
      /"4" of alias:.* is quarantined since incident/,
    ],
  ])('is never %s', (_, aim, why) => {
    expect(aimed(aim, [aQuarantine()])).toMatch(why);
  });
});

describe('a value that its target has another name for', () => {
  const meant = (aim: Aim | undefined, value = '3') =>
    meantBy(aim, anArmedService(), (target) =>
      target === CHAMPION ? { value, fit: 'ready', meant: '1' } : undefined,
    );

  it('is meant by that one, beside all that was said', () => {
    const aim = { baseline: OLDER.id, values: { 'new-features': 'false', champion: '3' } };

    expect(meant(aim)).toEqual({ baseline: OLDER.id, values: { 'new-features': 'false', champion: '1' } });
  });

  it.each<[string, Aim | undefined, string]>([
    ['nothing was named', undefined, '3'],
    ['another lever was named', { values: { 'new-features': 'false' } }, '3'],
    ['another value was looked at', { values: { champion: '3' } }, '2'],
    ['there is no such lever', { values: { helm: '3' } }, '3'],
  ])('is nobody meant where %s', (_, aim, looked) => {
    expect(meant(aim, looked)).toBeUndefined();
  });
});

describe('where a person wants it to go, at the door', () => {
  const input = (to: unknown) => parseTrigger({ service: 'recommender', to });

  it('is read', () => {
    const to = { baseline: OLDER.id, values: { champion: '2' } };

    expect(input(to)).toMatchObject({ kind: 'person', to });
  });

  it.each([
    ['a leading hyphen', { values: { helm: '--kube-apiserver=evil' } }],
    ['a shell', { values: { helm: '7;rm' } }],
    ['a path', { values: { helm: '../7' } }],
    ['300 characters', { values: { helm: '7'.repeat(300) } }],
    ['a number', { values: { helm: 7 } }],
    ['a command as the name of a lever', { values: { 'rm -rf': '7' } }],
    [
      'more levers than a service has',
      { values: Object.fromEntries([...Array(21).keys()].map((n) => [`l${n}`, '1'])) },
    ],
    ['a baseline that is none', { baseline: 'latest' }],
    ['another key', { release: 'model-svc' }],
    ['a text', 'helm=7'],
  ])('F38: is refused with %s', (_, to) => {
    expect(input(to)).toMatchObject({ kind: 'malformed' });
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  type History,
  heldBy,
  historyOf,
  observationOf,
  type Revision,
  runUnderWay,
  servingOf,
  sourceOf,
} from '../../../lib/adapters/levers/helm/history.ts';

/** `1 deployed a Install complete`: number, status, what stands for the manifest, description. */
function revisions(...lines: string[]): Revision[] {
  return lines.map((line) => {
    const [, number = '', status = '', digest = '', description = ''] =
      /^(\d+) (\S+) (\S+) ?(.*)$/.exec(line) ?? [];
    return { number: Number(number), status, digest, description, startedAt: Number(number) * 1000 };
  });
}
const history = (...lines: string[]): History => historyOf('release "web"', revisions(...lines));

describe('the history of a release', () => {
  it('is in the order of its numbers, as text 10 comes before 9', () => {
    const numbers = history('10 deployed c', '9 superseded b', '1 superseded a').map(({ number }) => number);

    expect(numbers).toEqual([1, 9, 10]);
  });

  it.each(['uninstalled', 'uninstalling'])('is refused where the release was %s', (status) => {
    expect(() => history('1 superseded a', `2 ${status} b`)).toThrow(
      `Cannot use release "web": its revision 2 is ${status}`,
    );
  });

  it('is refused where there is none', () => {
    expect(() => history()).toThrow('Cannot find release "web": there is no revision of it');
  });
});

describe('what serves', () => {
  it('is the newest revision that is deployed', () => {
    expect(servingOf(history('1 superseded a', '2 deployed b'))).toMatchObject({ value: '2', settled: true });
  });

  it('is named by the number its content was made under, through any number of rollbacks', () => {
    const found = history(
      '3 superseded a',
      '4 superseded b',
      '5 superseded a Rollback to 3',
      '6 superseded b',
      '7 deployed a Rollback to 5',
    );

    expect(servingOf(found)).toMatchObject({ value: '3', revision: { number: 7 } });
  });

  it('is named so too where that revision was pruned', () => {
    expect(heldBy(history('6 superseded b', '7 deployed a Rollback to 3'))).toBe('3');
  });

  it('keeps its own number where the two manifests differ', () => {
    expect(heldBy(history('3 superseded a', '4 superseded b', '5 deployed x Rollback to 3'))).toBe('5');
  });

  it.each(['Rollback to 5', 'Rollback to 6', 'Rollback to 0', 'Rollback to 3 of them', 'Rollback to -1'])(
    'keeps its own number where its description is "%s": that is no earlier revision',
    (description) => {
      expect(heldBy(history('3 superseded a', `5 deployed a ${description}`))).toBe('5');
    },
  );

  it('is an upgrade that failed, rather than the one before, which Helm goes on calling deployed', () => {
    const found = history('7 deployed a', '8 failed b Upgrade "web" failed: timed out');

    expect(heldBy(found, '7')).toBe('8');
    expect(heldBy(found)).toBe('8 (failed)');
    expect(heldBy(found, '8')).toBe('8 (failed)');
  });

  it('has one name while an upgrade is under way, ends or fails: that is no move of somebody else', () => {
    const ends = ['pending-upgrade', 'deployed', 'failed'];

    expect(ends.map((status) => heldBy(history('7 superseded a', `8 ${status} b`), '7'))).toEqual([
      '8',
      '8',
      '8',
    ]);
  });

  it.each([
    ['died', '9 pending-rollback a Rollback to 7'],
    ['failed', '9 failed a Rollback "web" failed: forbidden'],
    ['waited in vain', '9 failed a Release "web" failed: timed out'],
    ['died, and its target is pruned', '9 pending-rollback z Rollback to 3'],
  ])('is what a rollback leaves that %s: it has freed nobody for sure', (_, line) => {
    const found = history('7 superseded a', '8 deployed b', line);

    expect(servingOf(found)).toMatchObject({ value: '8', settled: false });
    expect(heldBy(found, '7')).toBe('8');
  });

  it('is what several of them leave', () => {
    const found = history(
      '7 superseded a',
      '8 superseded b',
      '9 superseded a Rollback "web" failed: forbidden',
      '10 failed a Rollback "web" failed: forbidden',
    );

    expect(
      servingOf(history('7 superseded a', '8 deployed b', '9 pending-rollback a', '10 pending-rollback a'))
        .value,
    ).toBe('8');
    // Helm calls a failed one superseded once the next one fails: then it cannot be told from one that ended well.
    expect(heldBy(found, '7')).toBe('9');
  });

  it('is never the wanted value where a rollback away from it did not end', () => {
    const found = history('5 superseded x', '7 deployed a', '8 pending-rollback x Rollback to 5');

    expect(heldBy(found, '7')).toBe('7 (pending-rollback)');
  });

  it('is the one that is deployed where overlapping runs left a newer one superseded', () => {
    const found = history(
      '7 superseded a',
      '8 superseded b',
      '9 deployed a Rollback to 7',
      '10 superseded a Rollback to 7',
    );

    expect(servingOf(found)).toMatchObject({ value: '7', settled: true, revision: { number: 9 } });
    expect(observationOf(found)).toMatchObject({ revision: '10' });
  });

  it('is a first install that has not ended', () => {
    expect(heldBy(history('1 pending-install a'))).toBe('1 (pending-install)');
  });
});

describe('a candidate', () => {
  it.each([
    ['deployed', 'ready'],
    ['superseded', 'ready'],
    ['failed', 'not-ready'],
    ['pending-upgrade', 'not-ready'],
    ['unknown', 'not-ready'],
  ])('that is %s is %s', (status, fit) => {
    const { candidate } = observationOf(history(`3 ${status} a`, '4 deployed b'), '3');

    expect(candidate).toEqual({ value: '3', fit, digest: 'a' });
  });

  it('F35: that was pruned is missing', () => {
    expect(observationOf(history('4 deployed b'), '3').candidate).toEqual({ value: '3', fit: 'missing' });
  });

  it('F35: that was pruned is its newest return that ended', () => {
    const found = history(
      '5 superseded a Rollback to 3',
      '6 superseded a Rollback to 5',
      '7 failed a Rollback to 3',
      '8 deployed b',
    );

    expect(sourceOf(found, '3')?.number).toBe(6);
    expect(observationOf(found, '3').candidate).toEqual({ value: '3', fit: 'ready', digest: 'a' });
  });

  it('is asked for by its number alone', () => {
    const found = history('3 superseded a', '4 deployed b');

    for (const value of ['03', '3 ', '3.0', '0x3', '3 (failed)'])
      expect(observationOf(found, value).candidate?.fit).toBe('missing');
  });
});

describe('a run that is under way', () => {
  const since = { since: 8000 };

  it('is none where the newest revision has ended', () => {
    expect(runUnderWay(history('7 pending-upgrade a', '8 deployed b'), '7')).toBeUndefined();
    expect(runUnderWay(history('7 superseded a', '8 failed b'), '7')).toBeUndefined();
  });

  it('is left a minute: its objects are sent within seconds', () => {
    const found = history('7 deployed a', '8 pending-upgrade b');

    expect(runUnderWay(found, '7')).toEqual({ ...since, until: 68_000 });
  });

  it('is left ten seconds where it is a rollback to the very same: both write the same', () => {
    const found = history('6 superseded a', '7 deployed b', '8 pending-rollback a Rollback to 6');

    expect(runUnderWay(found, '6')).toEqual({ ...since, until: 18_000 });
    expect(runUnderWay(found, '5')).toEqual({ ...since, until: 68_000 });
  });

  it('F33: tells until when it is waited for, and no longer once nothing is pending', () => {
    expect(observationOf(history('7 deployed a', '8 pending-upgrade b'), '7')).toMatchObject({
      busyUntil: 68_000,
    });
    expect(observationOf(history('7 superseded a', '8 deployed b'), '7')).not.toHaveProperty('busyUntil');
  });
});

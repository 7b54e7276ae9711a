import { describe, expect, it } from '@jest/globals';
import { differences, inForce, provenBaselines } from '../../lib/core/release.ts';
import { aBaseline, aQuarantine, at, CHAMPION, FLAG } from '../builders.ts';

describe('inForce', () => {
  it('keeps what is quarantined now', () => {
    expect(inForce([aQuarantine()], at(0))).toEqual([aQuarantine()]);
  });

  it.each([
    ['only suspected', aQuarantine({ state: 'suspected' })],
    ['lifted', aQuarantine({ state: 'lifted' })],
    ['expired', aQuarantine({ until: at(0) })],
  ])('leaves out what is %s', (_, entry) => {
    expect(inForce([entry], at(0))).toEqual([]);
  });
});

describe('provenBaselines', () => {
  const older = aBaseline({ id: 'older', recordedAt: 1, release: { [CHAMPION]: { value: '2' } } });
  const newer = aBaseline({ id: 'newer', recordedAt: 2, release: { [CHAMPION]: { value: '4' } } });

  it('puts the newest first, whatever the order of their ids', () => {
    expect(provenBaselines([older, newer], []).map((b) => b.id)).toEqual(['newer', 'older']);
  });

  it('I10: leaves out what holds something quarantined', () => {
    expect(provenBaselines([older, newer], [aQuarantine({ value: '4' })]).map((b) => b.id)).toEqual([
      'older',
    ]);
  });

  it('I10: leaves out what holds one thing that is quarantined and another that is not', () => {
    const mixed = aBaseline({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '4' } } });

    expect(provenBaselines([mixed], [aQuarantine({ value: '4' })])).toEqual([]);
  });

  it('keeps what holds the same value at another target', () => {
    const elsewhere = aQuarantine({ target: FLAG, value: '4' });

    expect(provenBaselines([newer], [elsewhere])).toHaveLength(1);
  });
});

describe('differences', () => {
  const baseline = aBaseline();

  it('names each target that holds something else, with both sides', () => {
    expect(differences({ [FLAG]: { value: 'true' }, [CHAMPION]: { value: '3' } }, baseline)).toEqual([
      { target: FLAG, now: { value: 'true' }, baseline: { value: 'false' } },
    ]);
  });

  it('sees the same version with another artifact', () => {
    expect(differences({ [CHAMPION]: { value: '3', digest: 'other' } }, baseline)).toHaveLength(1);
  });

  it('takes an unknown digest for the same one', () => {
    expect(differences({ [CHAMPION]: { value: '3' } }, baseline)).toEqual([]);
  });

  it('sees an alias that is not set any more', () => {
    expect(differences({ [CHAMPION]: { value: null } }, baseline)).toMatchObject([{ now: { value: null } }]);
  });

  it('does not compare what the baseline does not know', () => {
    expect(differences({ 'flag:/other': { value: 'x' } }, baseline)).toEqual([]);
  });
});

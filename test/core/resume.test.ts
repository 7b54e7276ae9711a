import { describe, expect, it } from '@jest/globals';
import { resumeAt, rungCursor } from '../../lib/core/resume.ts';
import { aPlan, aVerdict } from '../builders.ts';

const plan = aPlan;
const notRecovered = (rung: number) => aVerdict({ rung, verdict: 'not-recovered' });

describe('rungCursor', () => {
  it('carries the ids and kinds of the rung, and of what settles it', () => {
    expect(rungCursor(plan(), 2)).toEqual({
      next: 'apply',
      rung: 2,
      steps: [{ id: '2.1', lever: 'alias' }],
      settle: [
        { id: '2.1.s1', lever: 'alias' },
        { id: '2.1.s2', lever: 'alias' },
      ],
      waitSeconds: 0,
    });
  });

  it('closes when the ladder is used up', () => {
    expect(rungCursor(plan(), 3)).toMatchObject({ next: 'close', rung: 2, steps: [], settle: [] });
  });
});

describe('resumeAt', () => {
  it('F10: plans again where nothing was begun, whatever was planned: that is where it may be refused', () => {
    expect(resumeAt(undefined, [], [])).toMatchObject({ next: 'plan', rung: 0 });
    expect(resumeAt(plan(), [], [])).toMatchObject({ next: 'plan', rung: 0 });
  });

  it('F10: plans again where only marks were begun: they are no rung, and a refused plan makes them too', () => {
    expect(resumeAt(plan(), ['0.mark'], [])).toMatchObject({ next: 'plan', rung: 0 });
    expect(resumeAt(plan(), ['0.mark', '2.1'], [])).toMatchObject({ next: 'hold', rung: 2 });
  });

  it('F11: holds and applies again the rung that was begun', () => {
    expect(resumeAt(plan(), ['1.1'], [])).toMatchObject({ next: 'hold', rung: 1, steps: [{ id: '1.1' }] });
  });

  it('takes up the furthest rung, settle steps counted', () => {
    const begun = ['1.1', '2.1.s1', '2.1'];

    expect(resumeAt(plan(), begun, [notRecovered(1)])).toMatchObject({ next: 'hold', rung: 2 });
  });

  it('F12: goes on with the next rung where the last one was judged not recovered', () => {
    expect(resumeAt(plan(), ['1.1'], [notRecovered(1)])).toMatchObject({ next: 'apply', rung: 2 });
  });

  it('closes after the last rung was judged not recovered', () => {
    expect(resumeAt(plan(), ['1.1', '2.1'], [notRecovered(1), notRecovered(2)])).toMatchObject({
      next: 'close',
    });
  });

  it.each(['recovered', 'inconclusive'] as const)('closes after the verdict %s', (verdict) => {
    expect(resumeAt(plan(), ['1.1'], [aVerdict({ verdict })])).toMatchObject({ next: 'close', rung: 1 });
  });

  it('reads rungs as numbers: 10 comes after 9', () => {
    const rung = plan().rungs[0] ?? { steps: [], settle: [] };
    const long = { ...plan(), rungs: Array.from({ length: 11 }, () => rung) };

    expect(resumeAt(long, ['9.1', '10.1'], [])).toMatchObject({ next: 'hold', rung: 10 });
  });
});

import { describe, expect, it } from '@jest/globals';
import { planRollback } from '../../lib/core/plan.ts';
import type { Pull } from '../../lib/core/service.ts';
import {
  aBaseline,
  aFlag,
  anArmedService,
  aPlan,
  aPlanInput,
  CHAMPION,
  FLAG,
  PREVIOUS,
  ROLLED_BACK,
  whatIsSeen,
} from '../builders.ts';

describe('planRollback', () => {
  it('pulls the levers in the order of the ladder, each from what stands to what is good', () => {
    const { rungs, baseline } = aPlan();

    const steps = rungs.map((rung) => rung.steps.map((s) => [s.id, s.target, s.from.value, s.to.value]));
    expect(steps).toEqual([[['1.1', FLAG, 'true', 'false']], [['2.1', CHAMPION, '4', '3']]]);
    expect(baseline).toBe(aBaseline().id);
  });

  it('I3: puts back what the baseline recorded, with its digest', () => {
    expect(aPlan().rungs[1]?.steps[0]?.to).toEqual({ value: '3', digest: 'digest-3' });
  });

  it('keeps what stood there, with all that is known of it', () => {
    const from = aPlan().rungs.map((rung) => rung.steps[0]?.from);

    expect(from).toStrictEqual([{ value: 'true' }, { value: '4', digest: 'digest-4', runId: 'run-4' }]);
  });

  it('settles the alias in the same rung', () => {
    const settle = aPlan().rungs.map((rung) => rung.settle.map((s) => [s.id, s.target, s.to.value]));

    expect(settle).toEqual([
      [],
      [
        ['2.1.s1', ROLLED_BACK, '4'],
        ['2.1.s2', PREVIOUS, null],
      ],
    ]);
  });

  it('puts steps side by side where the rung names several', () => {
    const together: Pull[] = [
      { lever: 'new-features', verb: 'off' },
      { lever: 'champion', verb: 'back' },
    ];
    const service = { policy: { do: [together] } };

    const { rungs } = aPlan({ armed: anArmedService({ service }) });

    expect(rungs.map((rung) => rung.steps.map((s) => s.id))).toEqual([['1.1', '1.2']]);
    expect(rungs[0]?.settle.map((s) => s.id)).toEqual(['1.2.s1', '1.2.s2']);
  });

  it('says of each step what a person would type', () => {
    const manual = aPlan().rungs.map((rung) => rung.steps[0]?.manual);

    expect(manual[0]).toBe(
      "aws ssm put-parameter --name '/shop/recommender/new-features' --type String --value 'false' --overwrite",
    );
    expect(manual[1]).toMatch(/"version":"3"/);
  });

  it('names what differs from the baseline', () => {
    expect(aPlan().differences.map((d) => [d.target, d.now.value, d.baseline.value])).toEqual([
      [FLAG, 'true', 'false'],
      [CHAMPION, '4', '3'],
    ]);
  });

  it('takes the newest of the proven baselines', () => {
    const older = aBaseline({
      id: 'older',
      release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '1' } },
    });

    expect(aPlan({ baselines: [aBaseline(), older] }).baseline).toBe(aBaseline().id);
  });

  it('counts its deadline from the rungs that are left', () => {
    const flagHolds = whatIsSeen({ [FLAG]: { observed: { value: 'false' }, served: ['false'] } });

    expect(aPlan({ seen: flagHolds }).deadlineSeconds).toBeLessThan(aPlan().deadlineSeconds);
  });

  it('puts the baseline value of a flag that goes back, and its safe value where it goes off', () => {
    const baselines = [aBaseline({ release: { [FLAG]: { value: 'beta' } } })];
    const flagTo = (verb: 'off' | 'back') => {
      const service = {
        levers: [aFlag({ alwaysSafe: true })],
        policy: { do: [[{ lever: 'new-features', verb }]] },
      };
      const seen = { [FLAG]: { observed: { value: 'true' } } };
      return aPlan({ armed: anArmedService({ service }), baselines, seen }).rungs[0]?.steps[0]?.to.value;
    };

    expect([flagTo('back'), flagTo('off')]).toEqual(['beta', 'false']);
  });

  it('puts an alias back where it says off: only flags have a safe value', () => {
    const rung: Pull[] = [{ lever: 'champion', verb: 'off' }];

    expect(
      aPlan({ armed: anArmedService({ service: { policy: { do: [rung] } } }) }).rungs[0]?.steps[0]?.to.value,
    ).toBe('3');
  });
});

describe('planRollback sees what users are served', () => {
  const standing = (value: string, served: string[]) =>
    whatIsSeen({
      [FLAG]: { observed: { value: 'false' }, served: ['false'] },
      [CHAMPION]: {
        observed: {
          value,
          digest: `digest-${value}`,
          candidate: { value: '3', fit: 'ready', digest: 'digest-3' },
        },
        served,
      },
    });

  it.each([
    ['every instance serves the bad version', ['4', '4']],
    ['one instance of two serves the bad version', ['3', '4']],
  ])('pulls an alias that stands right where %s', (_, served) => {
    const plan = aPlan({ seen: standing('3', served) });

    expect(plan.differences).toMatchObject([{ target: CHAMPION, now: { value: '4' } }]);
    expect(plan.rungs[0]?.steps[0]).toMatchObject({ from: { value: '3' }, to: { value: '3' } });
  });

  it.each([
    ['some instances serve the baseline still', ['3', '4']],
    ['all instances serve the baseline still', ['3', '3']],
  ])('pulls an alias that stands wrong where %s', (_, served) => {
    const plan = aPlan({ seen: standing('4', served) });

    expect(plan.differences).toMatchObject([{ target: CHAMPION, now: { value: '4' } }]);
    expect(plan.rungs[0]?.steps[0]).toMatchObject({ from: { value: '4' }, to: { value: '3' } });
  });

  it('F59: keeps no megabyte of what an instance answers: no parameter holds more than 8,192 characters', () => {
    const [differ] = aPlan({ seen: standing('3', ['x'.repeat(1e6)]) }).differences;

    expect(differ?.now.value).toBe('x'.repeat(8192));
  });

  it('finds nothing to do where all stands and is served as it was recorded', () => {
    const result = planRollback(aPlanInput({ seen: standing('3', ['3', '3']) }));

    expect(result).toMatchObject({ outcome: 'refused' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { planRollback } from '../../lib/core/plan.ts';
import {
  aBaseline,
  aFlag,
  anAlias,
  anArmedService,
  aPlan,
  aPlanInput,
  CHAMPION,
  FLAG,
  whatIsSeen,
} from '../builders.ts';

const GOOD = {
  [FLAG]: { observed: { value: 'false' }, served: ['false'] },
  [CHAMPION]: { observed: { value: '3', digest: 'digest-3' }, served: ['3'] },
};
const championWith = (candidate: object) =>
  whatIsSeen({
    [CHAMPION]: {
      observed: { value: '4', candidate: { value: '3', fit: 'ready', digest: 'digest-3', ...candidate } },
      served: ['4'],
    },
  });

describe('planRollback refuses', () => {
  it('without a baseline', () => {
    expect(planRollback(aPlanInput({ baselines: [] }))).toEqual({
      outcome: 'refused',
      reasons: ['no baseline is recorded that holds nothing quarantined'],
      differences: [],
      leftOut: [],
    });
  });

  it.each([false, true])('when nothing differs, also where a person asks (%s)', (startedByPerson) => {
    expect(planRollback(aPlanInput({ seen: GOOD, startedByPerson }))).toEqual({
      outcome: 'refused',
      reasons: [expect.stringMatching(/^nothing differs from the newest baseline "recommender-b/)],
      differences: [],
      leftOut: [],
    });
  });

  it('when no lever of the policy is left, and tells the reason of each', () => {
    const seen = whatIsSeen({ [FLAG]: { unseen: 'throttled' }, [CHAMPION]: { unseen: 'MLflow is down' } });

    expect(planRollback(aPlanInput({ seen }))).toMatchObject({
      outcome: 'refused',
      reasons: ['no lever of the policy may be pulled'],
      leftOut: [{ lever: 'new-features' }, { lever: 'champion' }],
    });
  });

  it('never with "nothing differs" where a target could not be seen', () => {
    const seen = { ...GOOD, [CHAMPION]: { unseen: 'MLflow is down' } };

    expect(planRollback(aPlanInput({ seen }))).toMatchObject({
      outcome: 'refused',
      reasons: ['no lever of the policy may be pulled'],
    });
  });
});

describe('planRollback leaves a lever out', () => {
  const leftOut = (over: Parameters<typeof aPlan>[0]) => {
    const result = planRollback(aPlanInput(over));
    const list = result.outcome === 'planned' ? result.plan.leftOut : result.leftOut;
    return Object.fromEntries(list.map((l) => [l.lever, l.reason]));
  };

  it('that already holds the value: its rung goes, the next one moves up', () => {
    const seen = whatIsSeen({ [FLAG]: { observed: { value: 'false' }, served: ['false'] } });

    const { rungs } = aPlan({ seen });

    expect(rungs.map((rung) => rung.steps.map((s) => [s.id, s.target]))).toEqual([[['1.1', CHAMPION]]]);
    expect(leftOut({ seen })).toEqual({ 'new-features': 'it already holds "false"' });
  });

  it('that already holds the value, where nobody can tell what is served', () => {
    const seen = whatIsSeen({ [FLAG]: { observed: { value: 'false' } } });

    expect(leftOut({ seen })).toEqual({ 'new-features': 'it already holds "false"' });
  });

  it('I3: that holds the number but not the artifact that was recorded: the digest is the reason', () => {
    const candidate = { value: '3', fit: 'ready', digest: 'digest-other' } as const;
    const observed = { value: '3', digest: 'digest-other', candidate };
    const seen = whatIsSeen({ [CHAMPION]: { observed, served: ['3'] } });

    expect(leftOut({ seen })).toEqual({
      champion: 'version "3" is not the artifact that was recorded: its digest differs',
    });
  });

  it('F20: whose target cannot be seen, says why, and that somebody has to mend it', () => {
    const seen = whatIsSeen({ [FLAG]: { unseen: 'it is SecureString; expected String' } });

    const plan = aPlan({ seen });

    expect(plan.leftOut).toEqual([
      {
        lever: 'new-features',
        reason: `${FLAG} cannot be observed: it is SecureString; expected String`,
        manual: expect.stringContaining('put-parameter'),
        unseen: true,
      },
    ]);
    expect(plan.rungs.flatMap((r) => r.steps.map((s) => s.target))).toEqual([CHAMPION]);
  });

  it('whose target nobody looked at', () => {
    const { [FLAG]: _, ...seen } = whatIsSeen();

    expect(leftOut({ seen })).toEqual({ 'new-features': `${FLAG} cannot be observed: it was not looked at` });
  });

  it('that the baseline does not know', () => {
    const baselines = [aBaseline({ release: { [FLAG]: { value: 'false' } } })];

    expect(leftOut({ baselines })).toEqual({
      champion: `the baseline "${aBaseline().id}" does not know ${CHAMPION}`,
    });
  });

  it('whose safe value is not what the baseline holds, unless it is always safe', () => {
    const baselines = [aBaseline({ release: { [FLAG]: { value: 'beta' }, [CHAMPION]: { value: '3' } } })];
    const always = anArmedService({ service: { levers: [aFlag({ alwaysSafe: true }), anAlias()] } });

    expect(leftOut({ baselines })).toEqual({
      'new-features': `its safe value "false" is not the baseline's "beta" and it is not marked always-safe`,
    });
    expect(leftOut({ baselines, armed: always })).toEqual({});
  });

  it('whose safe value the baseline does not know, unless it is always safe', () => {
    const baselines = [aBaseline({ release: { [CHAMPION]: { value: '3' } } })];
    const always = anArmedService({ service: { levers: [aFlag({ alwaysSafe: true }), anAlias()] } });

    expect(leftOut({ baselines })['new-features']).toMatch(/is not the baseline's nothing/);
    expect(leftOut({ baselines, armed: always })).toEqual({});
  });

  it.each(['missing', 'not-ready', 'quarantined'])('F23: whose version is %s', (fit) => {
    expect(leftOut({ seen: championWith({ fit }) })).toEqual({ champion: `version "3" is ${fit}` });
  });

  it('I3: whose version is not the artifact that was recorded', () => {
    expect(leftOut({ seen: championWith({ digest: 'other' }) }).champion).toMatch(/its digest differs$/);
  });

  it('I3: whose recorded digest cannot be computed now: in doubt it is not put', () => {
    expect(leftOut({ seen: championWith({ digest: undefined }) })).toHaveProperty(
      'champion',
      expect.stringMatching(/cannot be confirmed as the artifact that was recorded/),
    );
  });

  it('not for a digest that was never recorded', () => {
    const baselines = [aBaseline({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '3' } } })];

    expect(leftOut({ baselines })).toEqual({});
  });

  it('that is not pre-approved, with what a person would type; a person who starts it pulls it', () => {
    const armed = anArmedService({ service: { runbook: { preApproved: ['new-features'] } } });

    expect(aPlan({ armed }).leftOut).toEqual([
      {
        lever: 'champion',
        reason: 'it is not pre-approved: a person has to start this rollback',
        manual: expect.stringContaining('curl'),
      },
    ]);
    expect(leftOut({ armed, startedByPerson: true })).toEqual({});
  });

  it('I3: not even for a person, where the version may not be put', () => {
    expect(leftOut({ seen: championWith({ fit: 'quarantined' }), startedByPerson: true })).toHaveProperty(
      'champion',
    );
  });
});

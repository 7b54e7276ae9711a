import { describe, expect, it } from '@jest/globals';
import { planRollback } from '../../lib/core/plan.ts';
import { type Lever, targetOf } from '../../lib/core/service.ts';
import { decide, type Observation, type Owner, type PlannedStep, standsAt } from '../../lib/core/step.ts';
import { aBaseline, aBranch, aDeployment, anArmedService, aPlanInput, aRollout, aStep } from '../builders.ts';

const [GOOD, BAD, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const [ROLLOUT, BRANCH, PODS] = [targetOf(aRollout()), targetOf(aBranch()), targetOf(aDeployment())];
const aFarRollout = aRollout({ name: 'far', rollout: 'far' });
const FAR = targetOf(aFarRollout);
const ARGO_CD = { kind: 'argocd', application: 'model-svc' } as const satisfies Owner;
const SYNC = { application: 'model-svc', auto: true, selfHeal: true, health: 'Healthy' } as const;

interface Situation {
  readonly rollout?: Partial<Observation>;
  readonly git?: Partial<Observation>;
  readonly levers?: readonly Lever[];
  readonly ladder?: readonly string[];
}

/** Commit BAD (pods "bad") is on its way or there; the baseline is commit GOOD (pods "good"). */
function planned({ rollout, git, levers = [aRollout(), aBranch()], ladder }: Situation = {}) {
  const do_ = (ladder ?? ['model-canary']).map((lever) => [{ lever, verb: 'back' as const }]);
  const runbook = { preApproved: levers.map(({ name }) => name) };
  const armed = anArmedService({ service: { levers: [...levers], runbook, policy: { do: do_ } } });
  const ready = (value: string) => ({ candidate: { value, fit: 'ready' as const } });
  const pods = { value: 'bad', progress: 'under-way', owner: ARGO_CD, ...ready('good'), ...rollout } as const;
  const seen = {
    [ROLLOUT]: { observed: pods },
    [PODS]: { observed: pods },
    [FAR]: { observed: { ...pods, owner: { ...ARGO_CD, application: 'another' } } },
    [BRANCH]: {
      observed: { value: BAD, sync: SYNC, ...ready(GOOD), ...git },
    },
  };
  const release = {
    [ROLLOUT]: { value: 'good' },
    [PODS]: { value: 'good' },
    [FAR]: { value: 'good' },
    [BRANCH]: { value: GOOD },
  };
  return planRollback(aPlanInput({ armed, baselines: [aBaseline({ release })], seen }));
}

const stepsOf = (result: ReturnType<typeof planRollback>): unknown[] =>
  result.outcome === 'refused'
    ? result.leftOut.map(({ reason }) => reason)
    : result.plan.rungs.map(({ steps, settle }) =>
        [...steps, ...settle].map((step) => `${step.id} ${step.target} to ${step.to.value}`),
      );

const becauseOf = (result: ReturnType<typeof planRollback>) =>
  result.outcome === 'planned' ? result.plan.rungs[0]?.steps[0]?.because : undefined;

describe('F43: a rollback of what Argo CD owns', () => {
  it('under way: traffic goes back at once, and Git settles it', () => {
    expect(stepsOf(planned())).toEqual([[`1.1 ${ROLLOUT} to good`, `1.1.s1 ${BRANCH} to ${GOOD}`]]);
  });

  it('F39: it settles upon the commit that the plan saw', () => {
    const result = planned();
    const [rung] = result.outcome === 'planned' ? result.plan.rungs : [];

    expect(rung?.settle.map(({ from }) => from.value)).toEqual([BAD]);
  });

  it('F30: complete: Git puts it back, and what is good is promoted in full', () => {
    expect(stepsOf(planned({ rollout: { progress: 'complete' } }))).toEqual([
      [`1.1 ${BRANCH} to ${GOOD}`, `1.1.s1 ${ROLLOUT} to good`],
    ]);
  });

  it('a Deployment: Git puts it back', () => {
    const levers = [aDeployment(), aBranch()];

    expect(stepsOf(planned({ levers, ladder: ['model-pods'] }))).toEqual([[`1.1 ${BRANCH} to ${GOOD}`]]);
  });

  it('asked for by its branch: its Rollout is promoted in full, one of another application is not', () => {
    const rollout = { owner: { ...ARGO_CD, namespace: 'argocd' }, progress: 'complete' } as const;

    expect(
      stepsOf(planned({ levers: [aRollout(), aFarRollout, aBranch()], rollout, ladder: ['deploy'] })),
    ).toEqual([[`1.1 ${BRANCH} to ${GOOD}`, `1.1.s1 ${ROLLOUT} to good`]]);
  });

  it('is done once where two levers lead to it', () => {
    const rollout = { progress: 'complete' } as const;

    expect(stepsOf(planned({ rollout, ladder: ['model-canary', 'deploy'] }))).toHaveLength(1);
  });

  it('acts where Argo CD was put right by hand and Git still is bad', () => {
    const put = {
      rollout: { value: 'good', progress: 'complete' },
      git: { value: GOOD, spec: BAD },
    } as const;

    expect(stepsOf(planned({ ...put, ladder: ['deploy'] }))).toEqual([
      [`1.1 ${BRANCH} to ${GOOD}`, `1.1.s1 ${ROLLOUT} to good`],
    ]);
  });

  it('replaces what Git holds, whatever is synced yet', () => {
    const result = planned({ ladder: ['deploy'], git: { value: GOOD, spec: BAD } });
    const [rung] = result.outcome === 'planned' ? result.plan.rungs : [];

    expect(rung?.steps[0]?.from).toEqual({ value: BAD });
  });

  it('acts where Git was put right by hand and Argo CD has not synced it', () => {
    const git = { value: `${BAD} (OutOfSync)`, spec: GOOD };

    expect(stepsOf(planned({ git, ladder: ['deploy'] }))).toHaveLength(1);
  });

  it('names no commit that the branch does not hold', () => {
    const git = { candidate: { value: GOOD, fit: 'missing' } } as const;

    expect(stepsOf(planned({ git, ladder: ['deploy'] }))).toEqual([`version "${GOOD}" is missing`]);
  });
});

describe('why a change will stand', () => {
  it('names the owner and what it does with changes', () => {
    expect(becauseOf(planned({ rollout: { progress: 'complete' } }))).toBe(
      'Argo CD application "model-svc" owns it (auto-sync, selfHeal on): reverted in Git',
    );
    expect(becauseOf(planned())).toBe(
      'Argo CD application "model-svc" owns it (auto-sync, selfHeal on): traffic goes back now, Git settles it',
    );
  });

  it.each([
    [{ ...SYNC, selfHeal: false }, 'auto-sync on, selfHeal off'],
    [{ ...SYNC, auto: false }, 'auto-sync off'],
    [{ ...SYNC, auto: false, frozenBy: 'shop-1' }, 'auto-sync off since incident shop-1'],
    [{ ...SYNC, parent: 'ApplicationSet models' }, 'auto-sync, selfHeal on, under ApplicationSet models'],
  ])('tells %j', (sync, words) => {
    const rollout = { progress: 'complete' } as const;

    expect(becauseOf(planned({ rollout, git: { sync } }))).toContain(`owns it (${words}): `);
  });

  it('is told by Argo CD where the service has no workload that names its owner', () => {
    expect(becauseOf(planned({ levers: [aBranch()], ladder: ['deploy'] }))).toBe(
      'Argo CD application "model-svc" puts what Git holds (auto-sync, selfHeal on): reverted in Git',
    );
  });

  it('is not said where nobody else writes', () => {
    const { application: _, ...plain } = aBranch();
    const git = { value: BAD, candidate: { value: GOOD, fit: 'ready' } } as const;
    const armed = anArmedService({
      service: {
        levers: [plain],
        runbook: { preApproved: ['deploy'] },
        policy: { do: [[{ lever: 'deploy', verb: 'back' }]] },
      },
    });
    const release = { [BRANCH]: { value: GOOD } };
    const input = { armed, baselines: [aBaseline({ release })], seen: { [BRANCH]: { observed: git } } };

    expect(becauseOf(planRollback(aPlanInput(input)))).toBeUndefined();
  });
});

describe('a step of a branch', () => {
  const step = (over: Partial<PlannedStep> = {}): PlannedStep =>
    aStep('1.1', { lever: aBranch(), target: BRANCH, from: { value: BAD }, to: { value: GOOD }, ...over });
  const decided = (before: Observation, over?: Partial<PlannedStep>, served?: readonly string[]) =>
    decide(step(over), before, served).kind;

  it('is done where Git and what is synced are good', () => {
    expect(decided({ value: GOOD })).toBe('already');
    expect(decided({ value: GOOD, spec: GOOD })).toBe('already');
    expect(standsAt(step(), { value: GOOD })).toBe(true);
  });

  it('is not done while Git is bad, though what is synced is good: the next sync would bring it back', () => {
    expect(decided({ value: GOOD, spec: BAD })).toBe('act');
    expect(decided({ value: GOOD, spec: BAD }, { phase: 'settle' })).toBe('act');
    expect(standsAt(step(), { value: GOOD, spec: BAD })).toBe(false);
  });

  it('F39: settles upon what the plan saw alone; where nobody could tell, upon whatever stands there', () => {
    expect(decided({ value: BAD, spec: OTHER }, { phase: 'settle' })).toBe('conflict');
    expect(decided({ value: BAD, spec: OTHER }, { phase: 'settle', from: { value: null } })).toBe('act');
  });

  it('is not done while auto-sync is off because of us', () => {
    expect(decided({ value: GOOD, spec: 'frozen' })).toBe('act');
  });

  it('is not another state because a sync has gone on since the plan', () => {
    expect(decided({ value: BAD }, { from: { value: `${BAD} (OutOfSync)` } })).toBe('act');
    expect(decided({ value: BAD }, { from: { value: `${BAD.slice(0, 7)} (Running)` } })).toBe('act');
    expect(decided({ value: `${BAD} (OutOfSync)` })).toBe('act');
  });

  it('is left to whoever brought another commit since', () => {
    expect(decided({ value: OTHER })).toBe('conflict');
    expect(decided({ value: `${OTHER} (OutOfSync)` })).toBe('conflict');
  });

  it('F39: is left to whoever pushed since, also where nobody has synced that yet', () => {
    expect(decided({ value: BAD, spec: OTHER })).toBe('conflict');
    expect(decided({ value: GOOD, spec: OTHER })).toBe('conflict');
    expect(decided({ value: `${BAD.slice(0, 7)} (OutOfSync)`, spec: OTHER })).toBe('conflict');
  });

  it('acts where a person has reverted in Git, and it is not synced yet', () => {
    expect(decided({ value: BAD, spec: GOOD })).toBe('act');
  });

  it('F42: acts where Git cannot be read: so that nothing is synced from it', () => {
    expect(decided({ value: BAD, spec: 'unknown (Cannot reach git.example.com)' })).toBe('act');
  });

  it('of a Rollout is done by what serves: its template is settled by its own step', () => {
    const rollout = { lever: aRollout(), from: { value: 'bad' }, to: { value: 'good' } };

    expect(decided({ value: 'good', spec: 'bad' }, rollout)).toBe('already');
  });
});

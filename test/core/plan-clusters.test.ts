import { describe, expect, it } from '@jest/globals';
import { type PlanInput, planRollback } from '../../lib/core/plan.ts';
import { type Lever, targetOf } from '../../lib/core/service.ts';
import type { Observation, Owner } from '../../lib/core/step.ts';
import { aBaseline, aDeployment, anArmedService, aPlanInput, aRelease, aRollout } from '../builders.ts';

const [ROLLOUT, RELEASE] = [targetOf(aRollout()), targetOf(aRelease())];
const SPEC = targetOf(aRollout({ part: 'spec' }));
const HELM: Owner = { kind: 'helm', release: 'model-svc', namespace: 'ml' };
const ARGO_CD: Owner = { kind: 'argocd', application: 'model-svc' };

interface Situation {
  readonly rollout?: Partial<Observation>;
  readonly helm?: Partial<Observation>;
  readonly levers?: readonly Lever[];
  readonly ladder?: readonly string[];
  readonly approved?: readonly string[];
  readonly known?: Readonly<Record<string, { readonly value: string }>>;
}

/** Revision 8 (pods "bad") is on its way or there; the baseline is revision 7 (pods "good"). */
function planned(situation: Situation) {
  const { levers = [aRollout(), aRelease()], ladder = ['model-canary'] } = situation;
  const service = {
    levers: [...levers],
    runbook: { preApproved: [...(situation.approved ?? ['model-canary', 'model-release'])] },
    policy: { do: ladder.map((lever) => [{ lever, verb: 'back' as const }]) },
  };
  const rollout: Observation = {
    value: 'bad',
    progress: 'under-way',
    candidate: { value: 'good', fit: 'ready' },
    ...situation.rollout,
  };
  const helm: Observation = { value: '8', candidate: { value: '7', fit: 'ready' }, ...situation.helm };
  const seen: PlanInput['seen'] = { [ROLLOUT]: { observed: rollout }, [RELEASE]: { observed: helm } };
  const release = situation.known ?? { [ROLLOUT]: { value: 'good' }, [RELEASE]: { value: '7' } };
  const input = { armed: anArmedService({ service }), baselines: [aBaseline({ release })], seen };
  return planRollback(aPlanInput(input));
}

const stepsOf = (result: ReturnType<typeof planRollback>) =>
  result.outcome === 'refused'
    ? result.leftOut.map(({ reason }) => reason)
    : result.plan.rungs.map(({ steps, settle }) =>
        [...steps, ...settle].map((step) => `${step.id} ${step.target} to ${step.to.value}`),
      );

describe('a rollback of a Rollout', () => {
  it('under way and owned by nobody: its traffic goes back at once, then its spec', () => {
    expect(stepsOf(planned({}))).toEqual([[`1.1 ${ROLLOUT} to good`, `1.1.s1 ${SPEC} to good`]]);
  });

  it('under way and owned by Helm: its traffic goes back at once, and Helm settles it', () => {
    expect(stepsOf(planned({ rollout: { owner: HELM } }))).toEqual([
      [`1.1 ${ROLLOUT} to good`, `1.1.s1 ${RELEASE} to 7`],
    ]);
  });

  it('F30: complete and owned by Helm: Helm puts it back, and what is good is promoted in full', () => {
    expect(stepsOf(planned({ rollout: { owner: HELM, progress: 'complete' } }))).toEqual([
      [`1.1 ${RELEASE} to 7`, `1.1.s1 ${ROLLOUT} to good`],
    ]);
  });

  it('F30: complete and owned by nobody: the template goes back first, by the same lever', () => {
    expect(stepsOf(planned({ rollout: { progress: 'complete' } }))).toEqual([
      [`1.1 ${ROLLOUT} to good`, `1.1.s1 ${SPEC} to good`],
    ]);
  });

  it.each([
    ['under way: it is aborted', {}, [/"abort":true/, / undo /]],
    [
      'F30: complete, and nobody writes it: the template goes back, and is promoted',
      { rollout: { progress: 'complete' } },
      [/ undo .* --to-revision=.* && kubectl argo rollouts -n 'ml' promote 'model-svc' --full$/, / undo /],
    ],
    [
      'F30: complete, and Helm writes it: what Helm has put back is promoted, never aborted',
      { rollout: { owner: HELM, progress: 'complete' } },
      [/^helm rollback/, /^kubectl argo rollouts -n 'ml' promote 'model-svc' --full$/],
    ],
  ] as const)('says what a person would type: %s', (_, situation, commands) => {
    const result = planned(situation);
    if (result.outcome === 'refused') throw new Error(result.reasons.join());

    const { steps, settle } = result.plan.rungs[0] ?? { steps: [], settle: [] };

    expect([...steps, ...settle].map(({ manual }) => manual)).toEqual(
      commands.map((command) => expect.stringMatching(command)),
    );
  });

  it('pulls Helm once where two levers lead to it', () => {
    const rollout = { owner: HELM, progress: 'complete' } as const;

    expect(stepsOf(planned({ rollout, ladder: ['model-canary', 'model-release'] }))).toHaveLength(1);
  });

  it('does not fight Argo CD, and says what to do instead', () => {
    expect(stepsOf(planned({ rollout: { owner: ARGO_CD } }))).toEqual([
      expect.stringMatching(/Argo CD application "model-svc" owns its spec.*reverted in Git/),
    ]);
  });

  it('is left out where Helm owns it and no lever names that release', () => {
    const stranger: Owner = { ...HELM, release: 'another' };

    expect(stepsOf(planned({ rollout: { owner: stranger } }))).toEqual([
      expect.stringMatching(/Helm release "another" in namespace "ml" owns its spec, and no helm lever/),
    ]);
  });

  it('is left out where the baseline does not know the revision that would settle it', () => {
    expect(stepsOf(planned({ rollout: { owner: HELM }, known: { [ROLLOUT]: { value: 'good' } } }))).toEqual([
      expect.stringMatching(/the baseline does not know helm:shop\/ml\/model-svc/),
    ]);
  });

  it('waits for a person where Helm has to do it and is not pre-approved', () => {
    const rollout = { owner: HELM, progress: 'complete' } as const;

    expect(stepsOf(planned({ rollout, approved: ['model-canary'] }))).toEqual([
      expect.stringMatching(/not pre-approved/),
    ]);
  });

  it('aborted by hand: its traffic is well, and its spec is settled all the same', () => {
    const rollout = { value: 'good', progress: 'aborted', spec: 'bad', owner: HELM } as const;

    expect(stepsOf(planned({ rollout, helm: { value: '8' } }))).toEqual([
      [`1.1 ${ROLLOUT} to good`, `1.1.s1 ${RELEASE} to 7`],
    ]);
  });

  it('is left out where the good ReplicaSet is gone', () => {
    expect(stepsOf(planned({ rollout: { candidate: { value: 'good', fit: 'missing' } } }))).toEqual([
      'version "good" is missing',
    ]);
  });
});

describe('a rollback of a Deployment', () => {
  const PODS = targetOf(aDeployment());
  const plannedPods = (observed: Partial<Observation> = {}, served = ['bad']) => {
    const levers = [aDeployment(), aRelease()];
    const preApproved = levers.map(({ name }) => name);
    const ladder = [[{ lever: 'model-pods', verb: 'back' as const }]];
    const armed = anArmedService({ service: { levers, runbook: { preApproved }, policy: { do: ladder } } });
    const pods: Observation = { value: 'bad', candidate: { value: 'good', fit: 'ready' }, ...observed };
    const chart: Observation = { value: '8', candidate: { value: '7', fit: 'ready' } };
    const seen: PlanInput['seen'] = { [PODS]: { observed: pods, served }, [RELEASE]: { observed: chart } };
    const release = { [PODS]: { value: 'good' }, [RELEASE]: { value: '7' } };
    return stepsOf(planRollback(aPlanInput({ armed, baselines: [aBaseline({ release })], seen })));
  };

  it('owned by nobody: its template goes back, and nothing is left to settle', () => {
    expect(plannedPods()).toEqual([[`1.1 ${PODS} to good`]]);
  });

  it.each(['under-way', 'complete'] as const)('owned by Helm, %s: Helm puts it back', (progress) => {
    expect(plannedPods({ owner: HELM, progress })).toEqual([[`1.1 ${RELEASE} to 7`]]);
  });

  it('owned by Argo CD: is left to it', () => {
    expect(plannedPods({ owner: ARGO_CD })).toEqual([
      expect.stringMatching(/Argo CD application "model-svc" owns its spec/),
    ]);
  });

  it('that somebody put back: bad pods that are there still are waited for', () => {
    expect(plannedPods({ value: 'good', progress: 'under-way' }, ['good', 'bad'])).toEqual([
      [`1.1 ${PODS} to good`],
    ]);
  });
});

describe('a rollback of a Helm release', () => {
  it('needs nothing to stick where it has no Rollout', () => {
    const levers = [aRelease()];
    const rollout = { value: 'good', progress: 'complete' } as const;

    expect(stepsOf(planned({ levers, rollout, ladder: ['model-release'] }))).toEqual([
      [`1.1 ${RELEASE} to 7`],
    ]);
  });

  it('never goes to the number before: F35, a revision that was pruned is left out', () => {
    const helm = { candidate: { value: '7', fit: 'missing' } } as const;

    expect(stepsOf(planned({ helm, levers: [aRelease()], ladder: ['model-release'] }))).toEqual([
      'version "7" is missing',
    ]);
  });
});

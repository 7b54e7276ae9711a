import { describe, expect, it } from '@jest/globals';
import { laidOut } from '../../lib/cli/lines.ts';
import { planFacts } from '../../lib/cli/plan-facts.ts';
import { planLines } from '../../lib/cli/plan-lines.ts';
import { planRollback } from '../../lib/core/plan.ts';
import { targetOf } from '../../lib/core/service.ts';
import type { Observation, Owner } from '../../lib/core/step.ts';
import type { Levers } from '../../lib/ports/lever.ts';
import { aBaseline, aBranch, anArmedService, aPlanInput, aRelease, aRollout } from '../builders.ts';

const [GOOD, BAD] = ['a1'.repeat(20), 'b2'.repeat(20)];
const HELM: Owner = { kind: 'helm', release: 'model-svc', namespace: 'ml' };
const ARGO_CD: Owner = { kind: 'argocd', application: 'model-svc' };
const levers = [aRollout(), aRelease(), aBranch({ secret: 'arn:aws:secretsmanager:eu:1:secret:git' })];
const [ROLLOUT = '', RELEASE = '', BRANCH = ''] = levers.map(targetOf);

const release = { [ROLLOUT]: { value: '7c9d8b5f4d' }, [RELEASE]: { value: '7' }, [BRANCH]: { value: GOOD } };
const observedBy = (rollout: Partial<Observation>): Record<string, Observation> => ({
  [ROLLOUT]: { value: '5d4f8b7c9d', candidate: { value: '7c9d8b5f4d', fit: 'ready' }, ...rollout },
  [RELEASE]: { value: '8', candidate: { value: '7', fit: 'ready' } },
  [BRANCH]: {
    value: BAD,
    candidate: { value: GOOD, fit: 'ready' },
    sync: { application: 'model-svc', auto: true, selfHeal: true, health: 'Healthy' },
  },
});

/** The plan of a canary that is bad, as it is printed in a wide window. */
async function printed(rollout: Partial<Observation>, over: { readonly unreadable?: boolean } = {}) {
  const service = {
    levers,
    runbook: { preApproved: levers.map(({ name }) => name) },
    policy: { do: [[{ lever: 'model-canary', verb: 'back' as const }]] },
  };
  const armed = anArmedService({ clusters: { shop: { eks: 'shop-prod' } }, service });
  const observed = observedBy(rollout);
  const seen = Object.fromEntries(Object.entries(observed).map(([target, at]) => [target, { observed: at }]));
  const result = planRollback(aPlanInput({ armed, baselines: [aBaseline({ release })], seen }));
  if (result.outcome === 'refused') throw new Error(result.reasons.join());
  const port = () => ({
    observe: async (lever: (typeof levers)[number]) => {
      if (over.unreadable) throw new Error('no answer');
      return observed[targetOf(lever)] ?? { value: '5d4f8b7c9d' };
    },
  });
  const ports = { rollout: port, helm: port, git: port } as unknown as Levers;
  const lines = planLines(await planFacts(ports, armed, result.plan));
  return lines
    .flatMap((line) => laidOut(line, { columns: 400, isTty: true, color: false }))
    .slice(5, -3)
    .join('\n');
}

const ABORT = `kubectl -n 'ml' patch rollout 'model-svc' --subresource status --type merge -p '{"status":{"abort":true,"promoteFull":false}}'`;
const restore = (commit: string) =>
  `git fetch origin && git switch --detach 'origin/main' && git restore --source '${commit}' --staged --worktree -- 'model-svc' && git commit -m 'Return model-svc to ${commit.slice(0, 7)}' && git push origin 'HEAD:refs/heads/main'`;

describe('the plan of a Rollout', () => {
  it('under way and owned by Helm: its traffic, and the release that settles it', async () => {
    expect(await printed({ owner: HELM, progress: 'under-way' })).toBe(
      `  [~] model-canary ${ROLLOUT}
      - "5d4f8b7c9d"
      + "7c9d8b5f4d"
      why it sticks: Helm release "model-svc" in "ml" owns it: traffic goes back now, Helm settles it
      by hand: ${ABORT}
      taken back, while its revision is kept, by: helm rollback 'model-svc' '8' -n 'ml' --history-max 0 --server-side=false
      IAM: ssm:GetParameter, eks:DescribeCluster
      Kubernetes: get, patch rollouts; list replicasets; patch rollouts/status (in ml)
    [~] settle ${RELEASE}
        - "8"
        + "7"
        by hand: helm rollback 'model-svc' '7' -n 'ml' --history-max 0 --server-side=false
        IAM: ssm:GetParameter, eks:DescribeCluster
        Kubernetes: get, list, create, update secrets; get, create, patch, delete configmaps, services, serviceaccounts, deployments, statefulsets, daemonsets, cronjobs, horizontalpodautoscalers, poddisruptionbudgets, ingresses, rollouts, ingressroutes, traefikservices (in ml)`,
    );
  });

  it('F30: complete and owned by Argo CD: the branch, and what is promoted afterwards', async () => {
    expect(await printed({ owner: ARGO_CD, progress: 'complete' })).toBe(
      `  [~] deploy ${BRANCH}
      - "${BAD}"
      + "${GOOD}"
      why it sticks: Argo CD application "model-svc" owns it (auto-sync, selfHeal on): reverted in Git
      by hand: ${restore(GOOD)}
      taken back by: ${restore(BAD)}
      IAM: ssm:GetParameter, eks:DescribeCluster, secretsmanager:GetSecretValue
      Kubernetes: get, patch applications "model-svc" (in argocd)
    [~] settle ${ROLLOUT}
        - "5d4f8b7c9d"
        + "7c9d8b5f4d"
        by hand: kubectl argo rollouts -n 'ml' promote 'model-svc' --full
        IAM: ssm:GetParameter, eks:DescribeCluster
        Kubernetes: get, patch rollouts; list replicasets; patch rollouts/status (in ml)`,
    );
  });

  it('nobody owns: its template is what is put again to take it back', async () => {
    const text = await printed({ progress: 'under-way' });

    expect(text).toMatch(
      /taken back, while its ReplicaSet is kept, by: kubectl .*hash='5d4f8b7c9d'.* undo 'model-svc'/,
    );
    expect(text).toContain(
      `[~] settle rollout-spec:shop/ml/model-svc\n        - "5d4f8b7c9d"\n        + "7c9d8b5f4d"`,
    );
  });

  it('whose traffic is well already: what is wrong is its template', async () => {
    const text = await printed({ value: '7c9d8b5f4d', spec: '5d4f8b7c9d', progress: 'aborted', owner: HELM });

    expect(text).toContain(`[~] model-canary ${ROLLOUT}\n      - "5d4f8b7c9d"\n      + "7c9d8b5f4d"`);
  });

  it('says what could not be read where it is settled, and goes on', async () => {
    const text = await printed({ owner: HELM, progress: 'under-way' }, { unreadable: true });

    expect(text).toContain(`[~] settle ${RELEASE}\n        - unknown: it cannot be read\n        + "7"`);
  });
});

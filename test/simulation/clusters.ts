/** A service on a cluster, as different people might write it: Example 3's ladder, and others. */
import type {
  ArmedService,
  DeploymentLever,
  GitLever,
  Lever,
  Pull,
  RolloutLever,
  Traffic,
} from '../../lib/core/service.ts';
import type { Owner } from '../../lib/core/step.ts';
import type { Chance } from '../../lib/simulation/chance.ts';
import { likelyOwner, type OwnerOf } from '../../lib/simulation/estate.ts';
import {
  aBranch,
  aCondition,
  aDeployment,
  aFlag,
  anArmedService,
  aRelease,
  aRollout,
  aSignal,
} from '../service-builders.ts';

const NAME = 'model-svc';
const metric = (name: string) => ({ namespace: 'Reinstate/ModelSvc', name, dimensions: { service: NAME } });

type Ladder = readonly (readonly Pull[])[];

export const off: Pull = { lever: 'new-features', verb: 'off' };
export const release: Pull = { lever: 'model-release', verb: 'back' };
export const pods: Pull = { lever: 'model-pods', verb: 'back' };
export const canary: Pull = { lever: 'model-canary', verb: 'back' };

/** Flag off, verify; if failures go on, Helm rolls back, verify. */
export const EXAMPLE_3: Ladder = [[off], [release]];
export const CANARY_BACK: Ladder = [[canary]];
export const RELEASE_BACK: Ladder = [[release]];

const FLAG = aFlag({ parameter: '/shop/model-svc/new-features' });
const RELEASE = aRelease();
const CANARY = aRollout();

export const HASH = 'rollout:shop/ml/model-svc';
export const TEMPLATE = 'rollout-spec:shop/ml/model-svc';
export const REVISION = 'helm:shop/ml/model-svc';

/** @param rollout what its Rollout lever has otherwise. @default it does not say where it is served */
export function modelSvc(ladder: Ladder = EXAMPLE_3, rollout: Partial<RolloutLever> = {}): ArmedService {
  const levers: Lever[] = [FLAG, { ...CANARY, ...rollout }, RELEASE];
  return anArmedService({
    clusters: { shop: { endpoint: 'https://127.0.0.1:6443', ca: 'Y2E=' } },
    service: {
      name: NAME,
      signals: [
        aSignal({ name: 'latency', statistic: 'p95', unit: 'ms', metric: metric('latency') }),
        aSignal({ metric: metric('error-ratio') }),
      ],
      levers,
      runbook: { preApproved: levers.map(({ name }) => name) },
      policy: {
        when: [aCondition('latency'), aCondition('error-ratio')],
        do: ladder.map((rung) => [...rung]),
        verify: [
          { signal: 'error-ratio', is: '<', threshold: 0.01, datapoints: 6, of: 6 },
          { signal: 'latency', is: '<', threshold: 250, datapoints: 6, of: 6 },
        ],
      },
    },
  });
}

export const PODS = 'deployment:shop/ml/model-svc';

/** A service of plain pods: flag off, then the Deployment back; or at once. */
export function podsSvc(ladder: Ladder = [[off], [pods]], over: Partial<DeploymentLever> = {}): ArmedService {
  return withLevers(modelSvc(ladder), [FLAG, { ...aDeployment(), ...over }]);
}

export const commit: Pull = { lever: 'deploy', verb: 'back' };
export const BRANCH = 'git:https://git.example.com/shop/deploy.git@main:model-svc';

/** A service whose Rollout Argo CD puts from a branch. */
export function branchSvc(
  ladder: Ladder = [[canary]],
  over: { readonly branch?: Partial<GitLever>; readonly rollout?: Partial<RolloutLever> } = {},
): ArmedService {
  const armed = modelSvc(ladder);
  const levers: Lever[] = [FLAG, { ...CANARY, ...over.rollout }, aBranch(over.branch)];
  return withLevers(armed, levers);
}

/** The same with plain pods. */
export function branchPodsSvc(ladder: Ladder = [[pods]], over: Partial<GitLever> = {}): ArmedService {
  return withLevers(modelSvc(ladder), [FLAG, aDeployment(), aBranch(over)]);
}

/** The same with pods that no lever knows of. */
export function branchOnlySvc(ladder: Ladder = [[commit]], over: Partial<GitLever> = {}): ArmedService {
  return withLevers(modelSvc(ladder), [FLAG, aBranch(over)]);
}

function withLevers(armed: ArmedService, levers: Lever[]): ArmedService {
  const preApproved = levers.map(({ name }) => name);
  return {
    ...armed,
    service: { ...armed.service, levers, runbook: { ...armed.service.runbook, preApproved } },
  };
}

export const nobody: OwnerOf = () => undefined;
export const argo: OwnerOf = (): Owner => ({ kind: 'argocd', application: 'model-svc' });

const SERVED = { url: 'http://127.0.0.1:8080/version', path: 'hash' } as const;
/** Requests by version, as the data plane counts them. */
export const COUNTED: Traffic = {
  metric: metric('requests'),
  by: 'hash',
  periodSeconds: 10,
  windowSeconds: 30,
  least: 100,
};

export function someModelSvc(chance: Chance): ArmedService {
  const ladder = chance.pick<Ladder>('model-svc ladder', [
    EXAMPLE_3,
    EXAMPLE_3,
    [[off], [canary]],
    [[off], [canary], [release]],
    [[off, canary], [release]],
    [[off, canary, release]],
    CANARY_BACK,
    [[canary], [release]],
  ]);
  return modelSvc(ladder, {
    ...(chance.number('model-svc says what it serves') < 0.5 && { served: SERVED }),
    ...(chance.number('model-svc counts requests') < 0.5 && { traffic: COUNTED }),
  });
}

/** Every fourth service of a cluster has neither a Rollout nor a chart. */
const PLAIN = 0.25;

export function someOnCluster(chance: Chance): ArmedService {
  if (chance.number('model-svc is plain pods') >= PLAIN) return someModelSvc(chance);
  const ladder = chance.pick<Ladder>('plain ladder', [[[off], [pods]], [[off, pods]], [[pods]]]);
  return podsSvc(ladder, {
    ...(chance.number('plain pods say what they serve') < 0.5 && { served: SERVED }),
    ...(chance.number('plain pods count requests') < 0.5 && { traffic: COUNTED }),
  });
}

export const someOwner = (chance: Chance): OwnerOf =>
  chance.pick('owner of model-svc', [likelyOwner, likelyOwner, likelyOwner, nobody, nobody, argo]);

/** A service whose spec is a branch's: with a Rollout mostly, with plain pods, or with pods that no lever knows. */
export function someOfBranch(chance: Chance): ArmedService {
  const branch: Partial<GitLever> = { others: ['neighbour', 'fraud'] };
  const kind = chance.number('what is under Git');
  if (kind < 0.1) return branchOnlySvc(chance.pick('branch ladder', [[[off], [commit]], [[commit]]]), branch);
  if (kind < 0.25)
    return branchPodsSvc(
      chance.pick('pods of branch ladder', [[[off], [pods]], [[commit]], [[pods]]]),
      branch,
    );
  const ladder = chance.pick<Ladder>('model-svc of branch ladder', [
    [[canary]],
    [[canary], [commit]],
    [[off], [canary]],
    [[off, canary], [commit]],
    [[commit]],
    [[off], [commit]],
  ]);
  const rollout = {
    ...(chance.number('model-svc says what it serves') < 0.5 && { served: SERVED }),
    ...(chance.number('model-svc counts requests') < 0.5 && { traffic: COUNTED }),
  };
  return branchSvc(ladder, { branch, rollout });
}

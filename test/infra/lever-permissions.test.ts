import { describe, expect, it } from '@jest/globals';
import { permissionsOf } from '../../lib/core/lever-permissions.ts';
import { LEVER_KINDS, type Lever, type LeverKind } from '../../lib/core/service.ts';
import { aBranch, aDeployment, aFlag, anAlias, anArmedService, aRelease, aRollout } from '../builders.ts';
import {
  ACCOUNT,
  anEnvironment,
  aService,
  CLUSTER_SECRET,
  CLUSTERS,
  functionIn,
  GIT_SECRET,
  REGION,
  SECRET,
  templateOf,
} from './helpers/deployment.ts';
import { statementsOf } from './helpers/policy.ts';

const inCluster = (cluster: string) =>
  ({
    flag: aFlag({ parameter: '/shop/new-features' }),
    alias: anAlias({ reload: { kind: 'deployment', cluster, namespace: 'ml', name: 'model-svc' } }),
    rollout: aRollout({ cluster }),
    deployment: aDeployment({ cluster }),
    helm: aRelease({ cluster }),
    git: aBranch({ secret: GIT_SECRET, application: { cluster, namespace: 'argocd', name: 'model-svc' } }),
  }) as const satisfies Record<LeverKind, Lever>;

const environment = anEnvironment({ clusters: CLUSTERS });
const template = templateOf({
  environment,
  services: [aService({ levers: [...aService().levers, inCluster('shop').flag, inCluster('shop').git] })],
});
const armed = anArmedService({
  environment: environment.name,
  account: ACCOUNT,
  region: REGION,
  mlflow: { url: 'https://mlflow.example.com', secret: SECRET },
  clusters: CLUSTERS,
});

const pairs = (list: readonly { actions: readonly string[]; resources: readonly string[] }[]): Set<string> =>
  new Set(
    list.flatMap(({ actions, resources }) => actions.flatMap((a) => resources.map((r) => `${a} ${r}`))),
  );

describe('what "plan" says that a step takes', () => {
  it.each(LEVER_KINDS)(
    'is permitted to the function of a %s lever, and is all that it has for that',
    (kind) => {
      const role = functionIn(template, `apply-${kind}`).Properties.Role['Fn::GetAtt'][0];
      const all = statementsOf(template, role);
      const said = pairs(
        Object.keys(CLUSTERS).flatMap((cluster) => permissionsOf(armed, inCluster(cluster)[kind])),
      );
      const has = pairs(all as never);
      const actions = (set: Set<string>) => new Set([...set].map((pair) => pair.split(' ')[0]));
      const ownRecord = /^(dynamodb|xray|logs):/;

      expect([...said].filter((pair) => !has.has(pair))).toEqual([]);
      const others = [...actions(has)].filter((action) => !ownRecord.test(String(action)));
      expect(new Set(others)).toEqual(new Set(actions(said)));
    },
  );

  it('names the secret of a cluster that is not EKS, and asks EKS nothing there', () => {
    const said = pairs(permissionsOf(armed, inCluster('edge').rollout));

    expect(said).toContain(`secretsmanager:GetSecretValue ${CLUSTER_SECRET}`);
    expect([...said].filter((pair) => pair.startsWith('eks:'))).toEqual([]);
  });
});

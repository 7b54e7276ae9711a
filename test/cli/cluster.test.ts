import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import {
  AT_EDGE,
  BRANCH,
  CANARY,
  CHART,
  FLAG,
  folderWith,
  itemsOf,
  type Manifest,
  PODS,
  rbac,
  rightsOf,
  SECOND,
  TRANSFORM,
} from './cluster-rights.ts';
import { aDesk, aWorld, type } from './desk.ts';

describe('reinstate cluster rbac', () => {
  it('binds each Role to the group that the access entries name, namespace by namespace', async () => {
    const items = await itemsOf(folderWith([CANARY, CHART], [TRANSFORM, FLAG]));

    const bound = items
      .filter(({ kind }) => kind === 'RoleBinding')
      .map(({ metadata, roleRef, subjects: [subject] }) =>
        [metadata.namespace, roleRef.name, subject?.kind, subject?.name].join(' '),
      );
    expect(bound).toEqual([
      'shop reinstate-prod-reader Group reinstate:prod:reader',
      'shop reinstate-prod-rollout Group reinstate:prod:rollout',
      'shop reinstate-prod-helm Group reinstate:prod:helm',
      'features reinstate-prod-reader Group reinstate:prod:reader',
      'features reinstate-prod-helm Group reinstate:prod:helm',
    ]);
  });

  it('prints documents that kubectl takes: the same as JSON', async () => {
    const cwd = folderWith([CANARY, CHART]);

    const { exit, out } = await rbac(cwd);

    const documents = parseAllDocuments(out).map((document) => document.toJS() as Manifest);
    expect([exit, documents]).toEqual([0, await itemsOf(cwd)]);
  });

  it('lets readers get and list, and write nothing', async () => {
    const cwd = folderWith([CANARY, CHART]);

    expect(await rightsOf(cwd, 'reinstate-prod-reader')).toEqual([
      '/secrets list',
      'apps/daemonsets get',
      'apps/deployments get',
      'apps/replicasets list',
      'apps/statefulsets get',
      'argoproj.io/rollouts get',
      'batch/cronjobs get',
    ]);
  });

  it('lets apply-rollout patch Rollouts and their status, and no Deployment unless one has the template', async () => {
    const cwd = folderWith([CANARY]);
    const usual = [
      'apps/replicasets list',
      'argoproj.io/rollouts get,patch',
      'argoproj.io/rollouts/status patch',
    ];

    expect(await rightsOf(cwd, 'reinstate-prod-rollout')).toEqual(usual);
    expect(await rightsOf(cwd, 'reinstate-prod-rollout', '--workload-ref')).toEqual([
      'apps/deployments get,patch',
      ...usual,
    ]);
    expect(await rightsOf(cwd, 'reinstate-prod-reader', '--workload-ref')).toContain('apps/deployments get');
  });

  it('lets apply-deployment patch Deployments, and readers read them', async () => {
    const cwd = folderWith([PODS]);

    expect(await rightsOf(cwd, 'reinstate-prod-deployment')).toEqual([
      'apps/deployments get,patch',
      'apps/replicasets list',
    ]);
    expect(await rightsOf(cwd, 'reinstate-prod-reader')).toEqual([
      'apps/deployments get',
      'apps/replicasets list',
    ]);
    expect((await itemsOf(cwd)).map(({ metadata }) => metadata.name)).not.toContain('reinstate-prod-rollout');
  });

  it('lets apply-helm write revisions, and delete none', async () => {
    const rights = await rightsOf(folderWith([CHART]), 'reinstate-prod-helm');

    expect(rights[0]).toBe('/configmaps get,create,patch,delete');
    expect(rights).toContain('/secrets get,list,create,update');
    expect(rights).toContain('argoproj.io/rollouts get,create,patch,delete');
  });

  it('lets apply-git change the Applications that levers name, and no other, where those stand', async () => {
    const items = await itemsOf(folderWith([CANARY, SECOND, BRANCH]));
    const rules = items.flatMap(({ kind, metadata: { name, namespace }, rules: all }) =>
      kind === 'Role' && namespace === 'argocd' ? [[name, all] as const] : [],
    );

    const applications = { apiGroups: ['argoproj.io'], resources: ['applications'] };
    const resourceNames = ['model', 'tools'];
    expect(Object.fromEntries(rules)).toEqual({
      'reinstate-prod-reader': [{ ...applications, verbs: ['get'], resourceNames }],
      'reinstate-prod-git': [{ ...applications, verbs: ['get', 'patch'], resourceNames }],
    });
  });

  it('prints Roles for a cluster that has nothing but an Application', async () => {
    const cwd = folderWith([AT_EDGE, BRANCH]);
    const names = (await itemsOf(cwd, '--cluster shop')).map(({ metadata }) => metadata.namespace);

    expect(new Set(names)).toEqual(new Set(['argocd']));
  });

  it('adds the kinds that a chart has beside the usual ones', async () => {
    const rights = await rightsOf(folderWith([CHART]), 'reinstate-prod-helm', '--kinds batch/jobs,secrets');

    expect(rights).toContain('batch/jobs get,create,patch,delete');
    expect(rights).toContain('/secrets get,list,create,update,patch,delete');
  });

  it('has no wildcard, no ServiceAccount and no right beyond a namespace', async () => {
    const items = await itemsOf(folderWith([CANARY, CHART], [TRANSFORM]));

    expect(JSON.stringify(items)).not.toMatch(/\*|ServiceAccount|ClusterRole|escalate|"bind"|impersonate/);
    expect(items.map(({ metadata }) => metadata)).not.toContainEqual({ name: expect.anything() });
  });

  it('says that listing Secrets shows them all, where that is allowed and nowhere else', async () => {
    const warned = async (...levers: string[]) =>
      (await rbac(folderWith(levers))).out.split('\n').filter((line) => line.includes('every Secret')).length;

    expect([await warned(CANARY), await warned(CHART)]).toEqual([0, 2]);
  });

  it('says that a cluster beside EKS has no access entries', async () => {
    expect((await rbac(folderWith([AT_EDGE]))).out).toContain('It is not EKS');
    expect((await rbac(folderWith([CANARY]))).out).not.toContain('It is not EKS');
  });

  it('asks for the cluster where levers are in several, since one output goes to one cluster', async () => {
    const cwd = folderWith([CANARY], [AT_EDGE]);

    const { exit, err } = await rbac(cwd);

    expect([exit, err]).toEqual([2, expect.stringContaining('name one with --cluster: shop, edge')]);
    expect((await rbac(cwd, '--cluster edge')).exit).toBe(0);
    expect((await rbac(cwd, '--cluster shopp')).err).toContain('(did you mean "shop"?)');
  });

  it('needs nothing that runs, and takes the environment from REINSTATE_ENV too', async () => {
    const seat = { cwd: folderWith([CANARY]), env: { REINSTATE_ENV: 'prod' } };
    const open = () => Promise.reject(new Error('nothing runs'));

    const { exit } = await type(aDesk(aWorld()), 'cluster rbac', { ...seat, open });

    expect(exit).toBe(0);
  });

  it('refuses an environment without a lever in any cluster', async () => {
    const { exit, err } = await rbac(folderWith([FLAG]));

    expect([exit, err]).toEqual([
      2,
      expect.stringContaining('no service of it has a rollout, deployment or helm lever'),
    ]);
  });

  it.each(['*', 'apps/*', 'apps/deployments/scale', '../secrets', '', 'Jobs'])(
    'refuses the kind "%s"',
    async (kind) => {
      const { exit, err } = await rbac(folderWith([CHART]), `--kinds "batch/jobs,${kind}"`);

      expect([exit, err]).toEqual([
        2,
        expect.stringContaining(`Cannot allow "${kind}": expected <group>/<resource>`),
      ]);
    },
  );

  it('refuses Roles as a kind: whoever writes them has every right', async () => {
    const { exit, err } = await rbac(folderWith([CHART]), '--kinds rbac.authorization.k8s.io/roles');

    expect([exit, err]).toEqual([2, expect.stringContaining('gives itself any right')]);
  });

  it('tells everything that is wrong with the files, as bad input', async () => {
    const { exit, err } = await rbac(folderWith([CANARY.replace('cluster: shop', 'cluster: shap')]));

    expect([exit, err]).toEqual([2, expect.stringMatching(/s0\.yaml:4:\d+: Cannot read "shap"/)]);
  });
});

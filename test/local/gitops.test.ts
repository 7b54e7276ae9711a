import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cluster } from '../../local/cluster/cluster.ts';
import { startGitops } from '../../local/gitops/gitops.ts';
import { MissingPrerequisite } from '../../local/python.ts';

const NAMES = ['KUBECONFIG', 'GITEA_URL', 'GITEA_TOKEN', 'ARGOCD_NAMESPACE'];
const before = NAMES.map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  for (const name of NAMES) delete process.env[name];
  process.env['KUBECONFIG'] = '/somebody/config';
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** A cluster that answers `kubectl get crd` with this. */
const given = (crd: string) => startGitops({ run: async () => crd } as unknown as Cluster, () => undefined);

describe('Argo CD in a cluster that somebody gave', () => {
  const CRD = 'customresourcedefinition.apiextensions.k8s.io/applications.argoproj.io\n';

  it('has to be there', async () => {
    await expect(given('')).rejects.toBeInstanceOf(MissingPrerequisite);
    await expect(given('')).rejects.toThrow('The cluster of KUBECONFIG has no Argo CD');
  });

  it('needs a Gitea that somebody named', async () => {
    await expect(given(CRD)).rejects.toThrow('name it in GITEA_URL, and a token of it in GITEA_TOKEN');
  });

  it('is used as it is: nothing of it is stopped', async () => {
    process.env['GITEA_URL'] = 'https://git.test';
    process.env['GITEA_TOKEN'] = 'its token';
    const gitops = await given(CRD);

    expect(gitops).toMatchObject({ namespace: 'argocd', gitea: { url: 'https://git.test' } });
    await expect(gitops.stop('gitea')).rejects.toThrow('cannot stop or start gitea: it is not ours');
    process.env['ARGOCD_NAMESPACE'] = 'gitops';
    expect((await given(CRD)).namespace).toBe('gitops');
  });
});

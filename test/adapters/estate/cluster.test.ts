import { describe, expect, it } from '@jest/globals';
import { listApplications } from '../../../lib/adapters/estate/applications.ts';
import { listerOf } from '../../../lib/adapters/estate/cluster-lister.ts';
import { listReleases, listWorkloads } from '../../../lib/adapters/estate/workloads.ts';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { apiServer, status } from '../kubernetes/api-server.ts';
import { json } from '../serve.ts';

type Answer = Parameters<typeof apiServer>[0];

async function clusterOf(answer: Answer) {
  const { endpoint, ca, seen } = await apiServer(answer);
  const bearer = { who: 'nobody', token: async () => 'token' };
  const list = listerOf('main', {
    wire: wireTo(endpoint, ca),
    bearer,
    clock: memoryClock(0),
    random: () => 1,
  });
  return { list, seen };
}

const metadata = (name: string, over: object = {}) => ({ name, namespace: 'shop', ...over });
const helmMarks = {
  labels: { app: 'churn', 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'churn', 'meta.helm.sh/release-namespace': 'shop' },
};
const rollout = {
  metadata: metadata('churn', helmMarks),
  spec: {
    strategy: { blueGreen: { activeService: 'a' } },
    template: { spec: { containers: [{ name: 'model', ports: [{ containerPort: 9000 }] }] } },
  },
};

describe('objects of a cluster', () => {
  it('are asked for by GET alone, in one namespace or in all, page after page', async () => {
    const { list, seen } = await clusterOf((response, n) =>
      json(response, { items: [rollout], metadata: { continue: n === 0 ? 'next page' : '' } }),
    );

    const { items } = await list({ of: { group: 'apps', version: 'v1', resource: 'deployments' } });

    expect(items).toHaveLength(2);
    expect(seen.map(({ line }) => line)).toEqual([
      'GET /apis/apps/v1/deployments?limit=200',
      'GET /apis/apps/v1/deployments?limit=200&continue=next+page',
    ]);
  });

  it('are workloads with owner, release, ports and strategy; what has no such shape is passed over', async () => {
    const { list } = await clusterOf((response, _, { url = '' }) =>
      json(response, { items: url.includes('rollouts') ? [rollout, { kind: 'Strange' }, null] : null }),
    );

    const { items } = await listWorkloads(list, { cluster: 'main', namespace: 'shop' });

    expect(items).toEqual([
      {
        cluster: 'main',
        namespace: 'shop',
        kind: 'rollout',
        name: 'churn',
        labels: ['churn'],
        owner: { kind: 'helm', release: 'churn', namespace: 'shop' },
        release: 'churn',
        ports: [9000],
        strategy: 'blue-green',
      },
    ]);
  });

  it('are Deployments alone where the cluster does not know Rollouts', async () => {
    const { list } = await clusterOf((response, _, { url = '' }) =>
      url.includes('argoproj')
        ? response.writeHead(404).end('404 page not found')
        : json(response, { items: [{ metadata: metadata('web'), spec: {} }] }),
    );

    const { items } = await listWorkloads(list, { cluster: 'main' });

    expect(items).toMatchObject([{ kind: 'deployment', name: 'web', ports: [] }]);
  });

  it('that may not be listed say which permission is missing', async () => {
    const { list } = await clusterOf((response) =>
      status(response, 403, 'User "ada" cannot list resource "secrets" in API group "" at the cluster scope'),
    );

    await expect(listReleases(list, { cluster: 'main' })).rejects.toThrow(
      'Cannot list secrets of cluster "main": user "ada" lacks the permission to list "secrets"',
    );
  });
});

describe('Helm releases of a cluster', () => {
  it('F55: are known by the labels of their Secrets: no content is asked for', async () => {
    const secret = (name: string, state: string) => ({
      metadata: metadata(`sh.helm.release.v1.${name}`, { labels: { owner: 'helm', name, status: state } }),
    });
    const { list, seen } = await clusterOf((response) =>
      json(response, {
        items: [secret('a', 'deployed'), secret('a', 'pending-upgrade'), secret('b', 'failed')],
      }),
    );

    const { items } = await listReleases(list, { cluster: 'main', namespace: 'shop' });

    expect(items.map(({ name, status: state }) => [name, state])).toEqual([
      ['a', 'deployed'],
      ['b', 'failed'],
    ]);
    expect(seen[0]?.headers.accept).toBe('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
  });
});

describe('Applications of a cluster', () => {
  const application = (source: object, over: object = {}) => ({
    metadata: metadata('churn', { resourceVersion: '1' }),
    spec: { source, syncPolicy: { automated: { selfHeal: true } }, ...over },
  });
  const git = {
    repoURL: 'https://ada:hidden@git.example.com/deploy.git',
    targetRevision: 'main',
    path: 'churn',
  };

  it('F55: have their branch, without the user that stands in its URL', async () => {
    const { list } = await clusterOf((response) => json(response, { items: [application(git)] }));

    const { items } = await listApplications(list, 'main');

    expect(items).toEqual([
      {
        cluster: 'main',
        namespace: 'shop',
        name: 'churn',
        auto: true,
        selfHeal: true,
        source: { repository: 'https://git.example.com/deploy.git', revision: 'main', path: 'churn' },
      },
    ]);
  });

  it.each([
    ['a chart', application({ repoURL: 'https://charts.example.com', chart: 'churn' }), /follows a chart/],
    ['several sources', application({}, { sources: [git, git] }), /several sources/],
    ['no source', application({}), /no source/],
  ])('that follow %s are told with why they are no lever', async (_, item, why) => {
    const { list } = await clusterOf((response) => json(response, { items: [item] }));

    const { items } = await listApplications(list, 'main');

    expect(items).toMatchObject([{ why: expect.stringMatching(why) }]);
  });

  it('are those of Argo CD’s own namespace where the whole cluster may not be read', async () => {
    const { list, seen } = await clusterOf((response, n) =>
      n === 0 ? status(response, 403, 'no') : json(response, { items: [application(git)] }),
    );

    expect((await listApplications(list, 'main')).items).toHaveLength(1);
    expect(seen[1]?.line).toContain('/namespaces/argocd/applications');
  });
});

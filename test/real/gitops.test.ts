/** `npm run demo -- gitops` on a real cluster, Argo CD and Gitea: what its report says is read back from each. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../lib/core/report.ts';
import { type Cluster, startCluster } from '../../local/cluster/cluster.ts';
import { takeDown } from '../../local/environment.ts';
import { type Gitops, startGitops } from '../../local/gitops/gitops.ts';
import { demo, looker, newestReport } from './helpers/demo.ts';
import { describeInit } from './init/on-real-parts.ts';

const SERVICE = 'churn';
const silent = () => undefined;

let cluster: Cluster;
let gitops: Gitops;
let report: ClosingReport;

beforeAll(async () => {
  expect(await demo('gitops').ended).toBe(0);
  report = newestReport(SERVICE);
  cluster = await startCluster(silent);
  gitops = await startGitops(cluster, silent);
}, 4_500_000); // a cold cache: the cluster's programs, Argo CD's and Gitea's are built first

afterAll(() => takeDown(silent), 120_000);

const { rollout } = looker(() => cluster);

const application = (path: string): Promise<string> =>
  cluster.run('kubectl', [
    ...['get', 'application', SERVICE, '-n', gitops.namespace, '-o', `jsonpath=${path}`],
  ]);

interface Committed {
  readonly sha: string;
  readonly commit: { readonly message: string; readonly author: { readonly name: string } };
}

/** Of the branch, newest first. */
const commits = async (): Promise<Committed[]> =>
  (await gitops.gitea.call('GET', '/repos/reinstate/deploy/commits?limit=20&stat=false')) as Committed[];

describe('npm run demo -- gitops', () => {
  it('ends recovered inside its goal', () => {
    expect(report.ending).toBe('recovered');
    expect(report.timeToRecoverSeconds).toBeLessThan(report.goalSeconds);
  });

  it('aborts the canary at once, and settles it by Git, which owns the spec', () => {
    expect(report.receipts.map((r) => [r.phase, r.lever, r.outcome])).toEqual([
      ['apply', 'rollout', 'applied'],
      ['settle', 'git', 'applied'],
    ]);
  });

  it('proves by measured requests that nothing bad is served: 0 / 100', () => {
    const [served] = report.verdicts.at(-1)?.served ?? [];
    const { [served?.expected ?? '']: good = 0, ...others } = served?.shares?.requests ?? {};

    expect(served?.shares?.windowSeconds).toBe(30);
    expect(good).toBeGreaterThan(200);
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
  });

  it('adds one commit to the branch: it reverts the bad one, names it, and says for which incident', async () => {
    const [head, bad, good] = await commits();
    const text = head?.commit.message ?? '';

    expect(head?.commit.author.name).toBe('Reinstate');
    expect(text).toMatch(/^Revert "churn: v5"\n/);
    expect(text).toContain(`This reverts commit ${bad?.sha}.`);
    expect(text).toContain(`Reinstate-Incident: ${report.incident.id}`);
    expect(text).toContain(`Reinstate-Returns-To: ${good?.sha}`);
    expect(good?.commit.message).toMatch(/^churn: v4/);
  });

  it('leaves the Application Synced at that commit and Healthy, with auto-sync still on', async () => {
    const [head] = await commits();

    expect(await application('{.status.sync.status} {.status.sync.revision}')).toBe(`Synced ${head?.sha}`);
    expect(await application('{.status.operationState.phase} {.status.health.status}')).toBe(
      'Succeeded Healthy',
    );
    expect(await application('{.spec.syncPolicy.automated.selfHeal}')).toBe('true');
  });

  it('has the prior ReplicaSet active again, with the digest that the baseline recorded', async () => {
    const step = report.receipts.find(({ lever }) => lever === 'rollout');
    const hash = await rollout(SERVICE, '{.status.currentPodHash}');

    expect(hash).toBe(step?.to);
    expect(await rollout(SERVICE, '{.status.stableRS} {.status.phase}')).toBe(`${hash} Healthy`);
    expect(step?.after).toMatchObject({ value: hash, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('names the commits, the owner and why the lever sticks in the report', () => {
    const [before, after] = ['before', 'after'].map(
      (when) => report.receipts.find(({ lever }) => lever === 'git')?.[when as 'before' | 'after'],
    );

    expect(before?.value).toMatch(/^[0-9a-f]{40}/);
    expect(after).toMatchObject({ value: expect.stringMatching(/^[0-9a-f]{40}$/) });
    expect(after?.sync).toMatchObject({ application: SERVICE, auto: true, selfHeal: true });
  });
});

describeInit(() => cluster);

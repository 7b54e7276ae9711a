/** `npm run demo -- ladder` on a real cluster: a flag first, then two Helm releases; everything is read back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../lib/core/report.ts';
import { type Cluster, startCluster } from '../../local/cluster/cluster.ts';
import { takeDown } from '../../local/environment.ts';
import { demo, looker, newestReport } from './helpers/demo.ts';

const silent = () => undefined;

let cluster: Cluster;
let report: ClosingReport;

beforeAll(async () => {
  expect(await demo('ladder').ended).toBe(0);
  report = newestReport('ranker');
  cluster = await startCluster(silent);
}, 1_500_000);

afterAll(() => takeDown(silent), 120_000);

const { rollout, history } = looker(() => cluster);
const receipts = (phase: 'apply' | 'settle') =>
  report.receipts
    .filter((receipt) => receipt.phase === phase)
    // Side by side means that either may be first.
    .toSorted((a, b) => a.step.localeCompare(b.step))
    .map(({ rung, lever, target, outcome }) => [rung, lever, target.split('/').at(-1), outcome]);

describe('npm run demo -- ladder', () => {
  it('ends recovered inside its goal', () => {
    expect(report.ending).toBe('recovered');
    expect(report.timeToRecoverSeconds).toBeLessThan(report.goalSeconds);
  });

  it('puts the flag off, is not recovered, and only then rolls both releases back, side by side', () => {
    expect(receipts('apply')).toEqual([
      [1, 'flag', 'new-transform', 'applied'],
      [2, 'helm', 'ranker', 'applied'],
      [2, 'helm', 'ranker-transform', 'applied'],
    ]);
    expect(report.verdicts.map(({ rung, verdict }) => [rung, verdict])).toEqual([
      [1, 'not-recovered'],
      [2, 'recovered'],
    ]);
  });

  it('F30: promotes the good ReplicaSet in full, where Helm alone would stop at a canary of 10 %', async () => {
    const good = report.receipts.find(({ lever }) => lever === 'rollout')?.to;

    expect(receipts('settle')).toEqual([[2, 'rollout', 'ranker', 'applied']]);
    expect(await rollout('ranker', '{.status.currentPodHash} {.status.stableRS}')).toBe(`${good} ${good}`);
    expect(await rollout('ranker', '{.status.phase}')).toBe('Healthy');
  });

  it('proves by measured requests that nothing bad is served: 0 / 100', () => {
    const served = report.verdicts.at(-1)?.served.find(({ shares }) => shares);
    const { [served?.expected ?? '']: good = 0, ...others } = served?.shares?.requests ?? {};

    expect(good).toBeGreaterThanOrEqual(200);
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
  });

  it('adds one revision to each release', async () => {
    for (const release of ['ranker', 'ranker-transform']) {
      const revisions = await history(release);
      expect(revisions.map(({ revision }) => revision)).toEqual([1, 2, 3]);
      expect(revisions.at(-1)).toMatchObject({ status: 'deployed', description: 'Rollback to 1' });
    }
  });

  it('clears the backlog of rows that nobody scored', async () => {
    const answer = await fetch(`${cluster.traefikUrl}/shop/ranker-transform/rows`);

    expect(await answer.json()).toMatchObject({ scoredBy: 'v4' });
    expect(report.verdicts.at(-1)?.signals.find(({ signal }) => signal === 'backlog')?.verdict).toBe(
      'recovered',
    );
  });
});

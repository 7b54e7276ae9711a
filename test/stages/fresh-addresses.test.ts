import { describe, expect, it } from '@jest/globals';
import { memoryClusterFinder } from '../../lib/adapters/memory/cluster-finder.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryWorld } from '../../lib/adapters/memory/world.ts';
import { viewIncident } from '../../lib/cli/incident-view.ts';
import { treeOf } from '../../lib/cli/tree.ts';
import type { ClusterAddress } from '../../lib/core/cluster-addresses.ts';
import { OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import type { ArmedService, Cluster } from '../../lib/core/service.ts';
import type { Levers } from '../../lib/ports/lever.ts';
import { planRollbackStage } from '../../lib/stages/plan-rollback.ts';
import { ADDRESS_NOTE, records } from '../../lib/stages/records.ts';
import { aBaseline, aCursor, aLease, anArmedService, anIncident, aRollout, at } from '../builders.ts';

const OLD: ClusterAddress = { endpoint: 'https://old', ca: 'b2xk' };
const NEW: ClusterAddress = { endpoint: 'https://new', ca: 'bmV3' };
const RECORDED: Cluster = { eks: 'shop-prod', ...OLD, recorded: true };
const rollout = aRollout();
const HASH = 'rollout:shop/ml/model-svc';

/** An incident that is about to be planned, of a service in one cluster; its API server is at `alive`. */
async function planned(cluster: Cluster, alive: ClusterAddress, answer: ClusterAddress | Error = alive) {
  const world = memoryWorld(at(10));
  const armed = anArmedService({
    clusters: { shop: cluster },
    service: {
      levers: [rollout],
      policy: { do: [[{ lever: rollout.name, verb: 'back' }]] },
      runbook: { preApproved: [rollout.name] },
    },
  });
  const ledger = memoryLedger(world);
  const id = anIncident().id;
  const items = [
    [keys.lease('recommender'), aLease()],
    [keys.incident(id), anIncident()],
    [keys.armed(id), armed],
    [keys.baseline('recommender', aBaseline().id), aBaseline({ release: { [HASH]: { value: 'good' } } })],
  ] as const;
  await ledger.write(items.map(([key, item]) => ({ kind: 'put', key, item: { ...item } })));
  if (answer instanceof Error) world.trouble.failNext('eks.DescribeCluster', answer);
  else world.eksClusters.set('shop-prod', answer);
  const tried: (string | undefined)[] = [];
  const ports = {
    ledger,
    clock: world.clock,
    clusters: memoryClusterFinder(world),
    levers: leversAt(alive, tried),
  };
  const cursor = await planRollbackStage(ports, aCursor());
  const read = records(ledger);
  const view = await viewIncident(ledger, id);
  return {
    cursor,
    tried,
    asked: world.trouble.calls.get('eks.DescribeCluster') ?? 0,
    clusters: (await read.armed(id))?.clusters,
    armed: [armed, await read.armed(id)] as const,
    plan: await read.plan(id),
    note: await ledger.get(keys.note(id, ADDRESS_NOTE)),
    lines: view ? treeOf(view, at(20)).map(({ text }) => text) : [],
  };
}

/** A Rollout that is only there for who goes to where its cluster is. */
const leversAt = (alive: ClusterAddress, tried: (string | undefined)[]): Levers =>
  ({
    rollout: ({ clusters }: ArmedService) => ({
      observe: async () => {
        tried.push(clusters?.['shop']?.endpoint);
        if (clusters?.['shop']?.endpoint !== alive.endpoint) throw new OutsideTrouble('Cannot reach it');
        return { value: 'bad', progress: 'under-way', candidate: { value: 'good', fit: 'ready' } };
      },
      served: async () => undefined,
    }),
  }) as unknown as Levers;

describe('issue 5: endpoint and CA from eks:DescribeCluster, resolved when armed, refreshed at plan if it answers', () => {
  it('a cluster that is where it was: planned by what was recorded, which stays', async () => {
    const { cursor, tried, asked, armed } = await planned(RECORDED, OLD);

    expect(cursor.next).toBe('hold');
    expect({ tried, asked }).toEqual({ tried: [OLD.endpoint], asked: 1 });
    expect(armed[1]).toEqual(armed[0]);
  });

  it('a cluster that has moved: planned where it is, and later functions of this incident find it there', async () => {
    const { cursor, tried, clusters, armed } = await planned(RECORDED, NEW);

    expect(cursor.next).toBe('hold');
    expect(tried.at(-1)).toBe(NEW.endpoint);
    expect(clusters).toEqual({ shop: { eks: 'shop-prod', ...NEW, recorded: true } });
    expect(armed[1]).toEqual({ ...armed[0], clusters });
  });

  it('a cluster of which nothing was recorded: EKS is asked first', async () => {
    const { cursor, tried, clusters } = await planned({ eks: 'shop-prod' }, NEW);

    expect(cursor.next).toBe('hold');
    expect(tried).toEqual([NEW.endpoint]);
    expect(clusters?.['shop']).toMatchObject(NEW);
  });

  it('F51: no answer: what was recorded is used, and nothing is noted', async () => {
    const silent = new OutsideTrouble('Cannot find EKS cluster "shop-prod": AbortError');

    const { cursor, asked, armed, note } = await planned(RECORDED, OLD, silent);

    expect(cursor.next).toBe('hold');
    expect(asked).toBe(1);
    expect(armed[1]).toEqual(armed[0]);
    expect(note).toBeUndefined();
  });

  it('a missing permission is not swallowed: what was recorded is used, with a note that people see', async () => {
    const why = 'Cannot find EKS cluster "shop-prod": this role lacks the permission eks:DescribeCluster';

    const { cursor, note, lines } = await planned(RECORDED, OLD, new OutsideRefusal(why));

    expect(cursor.next).toBe('hold');
    expect(note).toMatchObject({ at: at(10), refused: [{ cluster: 'shop', why }] });
    expect(lines).toContain(`cluster shop: what was recorded of it is used: ${why}`);
  });

  it.each([
    ['its endpoint stands in environment.yaml', { eks: 'shop-prod', ...OLD }],
    ['it is not EKS', { ...OLD, secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x' }],
  ])('nobody is asked where %s', async (_, cluster) => {
    const { cursor, asked } = await planned(cluster, OLD, NEW);

    expect(cursor.next).toBe('hold');
    expect(asked).toBe(0);
  });
});

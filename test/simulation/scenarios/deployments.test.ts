import { describe, expect, it } from '@jest/globals';
import { deploymentAt, podsOf } from '../../../lib/adapters/memory/deployment.ts';
import { OutsideRefusal } from '../../../lib/core/errors.ts';
import { deleteDeployment, forgetGood } from '../../../lib/simulation/cluster-others.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { imagesOf } from '../../../lib/simulation/targets/chart.ts';
import type { Fate } from '../../../lib/simulation/worker.ts';
import { COUNTED, PODS, pods, podsSvc } from '../clusters.ts';
import { type Day, day } from '../scenario.ts';
import { fate } from './faults.ts';
import { refused, somebody } from './on-cluster.ts';

const PATCH = { function: 'apply-deployment', operation: 'kubernetes.PatchDeployment' } as const;

/** A bad release of plain pods; `do: model-pods back`. */
const podsDay = (happens?: (environment: Environment) => void, services = [podsSvc([[pods]])] as const) =>
  day(happens, { services, breaks: ['model-pods'] });

/** Images that its pods have; nothing where it is not there. */
function runs({ environment: { world } }: Day) {
  const deployment = world.deployments.get(PODS);
  return deployment && [...podsOf(deployment).keys()].map((hash) => deployment.sets.get(hash)?.images);
}

function came(seen: Day) {
  const { incident, receipts, pages, violations } = seen;
  return {
    end: `${incident.ending ?? 'no ending'}, ${incident.state}`,
    steps: Object.fromEntries(receipts.map(({ step, outcome }) => [step, outcome])),
    runs: runs(seen),
    pages: pages.map(({ subject }) => subject),
    violations: violations.map(({ invariant, what }) => `${invariant}: ${what}`),
  };
}

const GOOD = imagesOf('model-svc', 3);
const BAD = imagesOf('model-svc', 'bad-3');
const WELL = {
  end: 'recovered, closed',
  steps: { '1.1': 'applied' },
  runs: [GOOD],
  pages: [],
  violations: [],
};

describe('a bad release of a plain Deployment', () => {
  it('goes back to the very ReplicaSet of the baseline, and nobody is paged', async () => {
    expect(came(await podsDay())).toEqual(WELL);
  });

  it('whose requests are counted: recovered is what users were answered by', async () => {
    const seen = await podsDay(undefined, [podsSvc([[pods]], { traffic: COUNTED })]);

    expect(came(seen)).toEqual(WELL);
    const [served] = (await seen.read.verdicts(seen.incident.id)).at(-1)?.served ?? [];
    expect(served).toMatchObject({ good: true });
    expect(Object.values(served?.shares?.requests ?? {}).filter((count) => count > 0)).toHaveLength(1);
  });

  it.each<[string, Fate, string]>([
    ['whose answer is lost', 'loseReply', 'applied'],
    ['that never arrives', 'drop', 'applied'],
    ['whose function dies after it: it is found done', 'crash after', 'already'],
    ['whose function dies before it', 'crash', 'applied'],
  ])('F22: by a patch %s', async (_, what, outcome) => {
    const seen = await podsDay((environment) => {
      environment.script = fate(PATCH, what);
    });

    expect(came(seen)).toEqual({ ...WELL, steps: { '1.1': outcome } });
  });

  it('F27: of a cluster that does not let us: people are told what is missing', async () => {
    const forbidden = new OutsideRefusal('forbidden (403): cannot patch resource "deployments"');

    const seen = await podsDay(refused({ ...PATCH, to: 99 }, forbidden));

    expect(came(seen)).toMatchObject({ steps: { '1.1': 'failed' }, runs: [BAD], violations: [] });
    expect(seen.pages[0]?.text).toContain(forbidden.message);
  });

  it.each([
    ['F23: whose good ReplicaSet is gone', forgetGood('deployment'), [BAD]],
    ['F32: that is deleted', deleteDeployment, undefined],
  ] as const)('%s: nothing is pulled, people are paged', async (_, turn, left) => {
    const seen = await podsDay(somebody({ at: 204_500 }, turn));

    expect(seen.incidents[0]).toMatchObject({ ending: 'refused' });
    expect([seen.pages.length > 0, runs(seen), seen.violations]).toEqual([true, left, []]);
  });

  it('whose good pods do not get ready: bad ones are left, and that is not called recovered', async () => {
    const seen = await podsDay(
      somebody({ at: 190_000 }, ({ world }) => {
        deploymentAt(world, PODS).broken.add('model-svc:3');
      }),
    );

    expect(came(seen)).toMatchObject({ steps: { '1.1': 'applied' }, violations: [] });
    expect(came(seen).end).not.toContain('recovered');
    expect(seen.pages).not.toEqual([]);
  });
});

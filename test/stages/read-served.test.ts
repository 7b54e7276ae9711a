import { describe, expect, it } from '@jest/globals';
import { commitFiles, makeRepository, memoryGit } from '../../lib/adapters/memory/git.ts';
import { memoryWorld } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { Signal } from '../../lib/core/service.ts';
import type { Observation, PlannedStep } from '../../lib/core/step.ts';
import type { Workload } from '../../lib/core/workload.ts';
import type { LeverPort, Levers } from '../../lib/ports/lever.ts';
import { readServed, whatMoved } from '../../lib/stages/read-served.ts';
import { aBranch, aDeployment, anArmedService, aPlan, aReceipt, aRollout, aStep, at } from '../builders.ts';

const TRAFFIC = {
  metric: { namespace: 'Shop', name: 'requests', dimensions: { service: 'model-svc' } },
  by: 'PodHash',
  periodSeconds: 10,
  windowSeconds: 30,
  least: 100,
};
const MOMENT = { switchAt: at(0), now: at(60) };

const step = (over: Partial<PlannedStep> = {}): PlannedStep => ({
  ...aStep('1.1'),
  lever: aRollout({ traffic: TRAFFIC }),
  target: 'rollout:shop/ml/model-svc',
  from: { value: 'bad' },
  to: { value: 'good' },
  ...over,
});

const workloadAt = (bad: number): Workload => ({
  sets: [{ hash: 'good', revision: '1', role: 'stable', ready: 1, pods: 1, image: 'v1' }],
  weights: { good: 100 - bad, bad },
});

interface Outside {
  readonly observed?: Partial<Observation>;
  readonly served?: readonly string[];
  readonly requests?: Readonly<Record<string, number>>;
}

/** A Rollout as its controller tells of it, and requests as CloudWatch counted them. */
async function reading({ observed, served, requests = { good: 500 } }: Outside, of = step()) {
  const asked: Signal[] = [];
  const rollout: LeverPort = {
    observe: async () => ({ value: 'good', progress: 'aborted', ...observed }),
    act: async () => ({}),
    served: async () => served,
    versions: async () => ['good', 'bad', 'older'],
  };
  const levers = { rollout: () => rollout, deployment: () => rollout } as unknown as Levers;
  const signals = {
    datapoints: async (signal: Signal) => {
      asked.push(signal);
      const value = requests[signal.metric.dimensions['PodHash'] ?? ''];
      return value === undefined ? [] : [{ at: at(40), value }];
    },
    alarms: async () => [],
  };
  const [read] = await readServed({ levers, signals }, anArmedService(), { steps: [of], moment: MOMENT });
  return { read, asked };
}

describe('what users are served', () => {
  it('is good when the controller says so and no request went elsewhere', async () => {
    const { read } = await reading({});

    expect(read).toMatchObject({
      good: true,
      values: ['good'],
      shares: { windowSeconds: 30, requests: { good: 500, bad: 0, older: 0 } },
    });
  });

  it('F40: is the wanted content of a branch, whose commit ever brought it there', async () => {
    const world = memoryWorld();
    const { application: _, ...lever } = aBranch();
    makeRepository(world, lever.repository);
    const ship = (tag: string) =>
      commitFiles(world, lever.repository, { files: { 'model-svc/values.yaml': tag } });
    const [good, bad] = [ship('v1'), ship('v2')];
    const of = step({ lever, target: 'git:x', from: { value: bad }, to: { value: good } });
    const levers = { git: memoryGit(world) } as unknown as Levers;
    const signals = { datapoints: async () => [], alarms: async () => [] };
    const now = () => readServed({ levers, signals }, anArmedService(), { steps: [of], moment: MOMENT });
    expect(await now()).toMatchObject([{ good: false, values: [bad] }]);

    ship('v1');

    expect(await now()).toMatchObject([{ good: true, values: [good] }]);
  });

  it('is counted for every ReplicaSet that there is, each as a series of its own', async () => {
    const { asked } = await reading({});

    expect(asked.map(({ metric, statistic }) => [metric.dimensions, statistic])).toEqual([
      [{ service: 'model-svc', PodHash: 'good' }, 'Sum'],
      [{ service: 'model-svc', PodHash: 'bad' }, 'Sum'],
      [{ service: 'model-svc', PodHash: 'older' }, 'Sum'],
    ]);
  });

  it('is not good while requests still reach the bad one, whatever the weights say', async () => {
    const { read } = await reading({ requests: { good: 450, bad: 50 } });

    expect(read).toMatchObject({ good: false, values: ['good'] });
    expect(read?.problem).toBe('rollout:shop/ml/model-svc: 10.0 % of 500 requests to "bad" in 30 s');
  });

  it('is counted for a Deployment too, whose pods may all be good and not be asked', async () => {
    const of = step({ lever: aDeployment({ traffic: TRAFFIC }), target: 'deployment:shop/ml/model-svc' });

    const { read } = await reading({ served: ['good'], requests: { good: 450, bad: 50 } }, of);

    expect(read).toMatchObject({ good: false, shares: { requests: { good: 450, bad: 50 } } });
  });

  it('is not good while an update is under way, whatever the requests say', async () => {
    const { read } = await reading({ observed: { progress: 'under-way' } });

    expect(read).toMatchObject({ good: false, values: ['good', 'an update is under way'] });
  });

  it('keeps what its controller says beside what was measured, as people compare it', async () => {
    const { read } = await reading({ observed: { workload: workloadAt(0) } });

    expect(read).toMatchObject({ good: true, workload: workloadAt(0), shares: { requests: { good: 500 } } });
    expect(read).not.toHaveProperty('problem');
  });

  describe('issue 5: configured weights are reported beside the measured ones, and a mismatch is not recovery', () => {
    it('all requests seen are good, but the weights still give some to the bad one', async () => {
      const { read } = await reading({ served: ['good'], observed: { workload: workloadAt(10) } });

      expect(read).toMatchObject({ good: false, values: ['good'], workload: workloadAt(10) });
      expect(read?.problem).toBe(
        'rollout:shop/ml/model-svc: the router is told to give 10 % to "bad", though none of its requests were seen in 30 s',
      );
    });

    it('the weights give all to the good one, but requests still reach the bad one', async () => {
      const requests = { good: 450, bad: 50 };
      const { read } = await reading({ requests, observed: { workload: workloadAt(0) } });

      expect(read).toMatchObject({ good: false, values: ['good'] });
      expect(read?.problem).toBe(
        'rollout:shop/ml/model-svc: 10.0 % of 500 requests to "bad" in 30 s, though the router is told to send it none',
      );
    });

    it('both give some to the bad one: both are told', async () => {
      const { read } = await reading({
        requests: { good: 450, bad: 50 },
        observed: { workload: workloadAt(12.5) },
      });

      expect(read?.problem).toBe(
        'rollout:shop/ml/model-svc: the router is told to give 12.5 % to "bad"; 10.0 % of 500 requests to "bad" in 30 s',
      );
    });

    it('the router has not confirmed the weights that it was given', async () => {
      const { read } = await reading({ observed: { workload: { ...workloadAt(0), unconfirmed: true } } });

      expect(read).toMatchObject({ good: false, problem: expect.stringContaining('has not confirmed') });
    });

    it('pods that were asked are good, but its controller says that an update is under way', async () => {
      const { read } = await reading({ served: ['good'], observed: { progress: 'under-way' } });

      expect(read).toMatchObject({ good: false, values: ['good'] });
      expect(read?.problem).toContain('its controller says: good, an update is under way');
    });

    it('requests are not counted at all: the weights alone can still say no', async () => {
      const { traffic: _, ...uncounted } = aRollout({ traffic: TRAFFIC });
      const of = step({ lever: uncounted });

      const { read } = await reading({ served: ['good'], observed: { workload: workloadAt(10) } }, of);

      expect(read).toMatchObject({ good: false });
      expect(read?.problem).toBe('rollout:shop/ml/model-svc: the router is told to give 10 % to "bad"');
    });
  });

  it('of a Deployment is what its pods run: one that is short of a pod is no worse for it', async () => {
    const of = step({ lever: aDeployment({ traffic: TRAFFIC }), target: 'deployment:shop/ml/model-svc' });

    const { read } = await reading({ served: ['good'], observed: { progress: 'under-way' } }, of);

    expect(read).toMatchObject({ good: true });
  });

  it('F47: is not good without requests: no data is never a pass', async () => {
    const { read } = await reading({ requests: {} });

    expect(read).toMatchObject({ good: false, problem: expect.stringContaining('too few to prove it') });
  });

  it('is not good when it cannot be read, and says why', async () => {
    const lost: Levers['rollout'] = () => ({
      observe: () => Promise.reject(new OutsideTrouble('Cannot read Rollout "model-svc": no answer')),
      act: async () => ({}),
      served: async () => undefined,
    });
    const ports = {
      levers: { rollout: lost } as unknown as Levers,
      signals: { datapoints: async () => [], alarms: async () => [] },
    };

    const [read] = await readServed(ports, anArmedService(), { steps: [step()], moment: MOMENT });

    expect(read).toMatchObject({ good: false, problem: expect.stringContaining('no answer') });
  });
});

describe('what has moved', () => {
  const promoted = step({ id: '1.1.s1', phase: 'settle' });
  const settled = { ...aPlan(), rungs: [{ steps: [aStep('1.1')], settle: [promoted] }] };

  it('F30: is the traffic that settling promotes, too: users get that', () => {
    expect(whatMoved(settled, [aReceipt()]).map(({ id }) => id)).toEqual(['1.1', '1.1.s1']);
  });

  it('is nothing of a step that took no effect', () => {
    expect(whatMoved(settled, [])).toEqual([]);
  });
});

/** An alias whose pods load it when they start: they are restarted one after the other, and each is asked. */
import { describe, expect, it } from '@jest/globals';
import type { MemoryWorkload } from '../../../lib/adapters/memory/workload.ts';
import { podsThere } from '../../../lib/adapters/memory/workload-cluster.ts';
import type { Workload } from '../../../lib/core/alias-pods.ts';
import type { ArmedService } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { withPods } from '../../../lib/simulation/vary.ts';
import type { Fate } from '../../../lib/simulation/worker.ts';
import { type Day, day } from '../scenario.ts';
import { oneAlarm, recommender } from './executions.ts';
import { fate } from './faults.ts';

const PATCH = { function: 'apply-alias', operation: 'kubernetes.PatchWorkload' } as const;
const KINDS = ['deployment', 'rollout'] as const;

/** The champion of the demo's service, in pods of this kind. */
function inPods(kind: Workload['kind']): ArmedService {
  const armed = oneAlarm(recommender());
  const levers = armed.service.levers.map((lever) =>
    lever.kind === 'alias' ? withPods(lever, kind) : lever,
  );
  return { ...armed, service: { ...armed.service, levers } };
}

const podsDay = (kind: Workload['kind'], happens?: (environment: Environment) => void) =>
  day(happens, { services: [inPods(kind)], breaks: ['champion'] });

const workloadIn = ({ world }: Environment): MemoryWorkload => {
  const [workload] = world.workloads.values();
  if (!workload) throw new Error('the world has no workload');
  return workload;
};

function came({ environment, incident, receipts, violations }: Day) {
  const workload = workloadIn(environment);
  return {
    end: `${incident.ending ?? 'no ending'}, ${incident.state}`,
    champion: receipts.filter(({ name }) => name === 'champion').map(({ outcome }) => outcome),
    serves: podsThere(environment.world, workload).map(({ version }) => version),
    canaries: workload.canaries,
    violations: violations.map(({ invariant, what }) => `${invariant}: ${what}`),
  };
}

const WELL = {
  end: 'recovered, closed',
  champion: ['applied'],
  serves: ['3', '3'],
  canaries: 0,
  violations: [],
};

describe.each(KINDS)('a bad version in the pods of a %s', (kind) => {
  it('goes back by a restart, and is recovered when each pod serves the good one', async () => {
    expect(came(await podsDay(kind))).toEqual(WELL);
  });

  it.each<[string, Fate]>([
    ['whose answer is lost', 'loseReply'],
    ['that never arrives', 'drop'],
    ['whose function dies after it', 'crash after'],
    ['whose function dies before it', 'crash'],
  ])('F22: by a patch %s: asked for once', async (_, what) => {
    const seen = await podsDay(kind, (environment) => {
      environment.script = fate(PATCH, what);
    });

    expect(came(seen)).toMatchObject({ ...WELL, champion: [expect.stringMatching(/applied|already/)] });
    // Two pods at first, two by the bad release, two by one restart.
    expect(workloadIn(seen.environment).generation).toBe(2);
  });

  it('I6: is not called recovered while its pods have not followed: the controller is down (F31)', async () => {
    const seen = await podsDay(kind, (environment) => {
      environment.later(181_000, () => {
        workloadIn(environment).controller = 'down';
      });
    });

    expect(came(seen)).toMatchObject({ serves: ['4', '4'], violations: [] });
    expect(seen.incident.ending).not.toBe('recovered');
    expect(seen.pages).not.toEqual([]);
  });
});

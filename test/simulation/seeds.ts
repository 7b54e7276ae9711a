/** What a seed runs: the services of environment `local`, as different people might write them. */
import { fileURLToPath } from 'node:url';
import type { ArmedService } from '../../lib/core/service.ts';
import { armedServiceOf } from '../../lib/files/armed.ts';
import { readEnvironment } from '../../lib/files/environments.ts';
import { formatProblem } from '../../lib/files/problem.ts';
import { type Chance, seededChance } from '../../lib/simulation/chance.ts';
import { type Outcome, simulate } from '../../lib/simulation/run.ts';
import { varied } from '../../lib/simulation/vary.ts';
import { someModelSvc, someOwner } from './clusters.ts';

const ROOT = fileURLToPath(new URL('../../environments', import.meta.url));

type Services = readonly [ArmedService, ...ArmedService[]];

/** The services of `local` that need no cluster, as they stand in their files; the demo's comes first. */
export function localServices(): Services {
  const read = readEnvironment(ROOT, 'local');
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const { environment } = read.value;
  const services = read.value.services.filter(({ levers }) => levers.every((lever) => !('cluster' in lever)));
  const demo = (name: string) => (name === 'recommender' ? 0 : 1);
  const inOrder = [...services].sort((a, b) => demo(a.name) - demo(b.name));
  const [first, ...others] = inOrder.map((service) => {
    const armed = armedServiceOf(environment, service);
    if (!armed.ok) throw new Error(armed.problems.map(formatProblem).join('\n'));
    return armed.value;
  });
  if (!first) throw new Error('Cannot simulate: environment "local" has no service');
  return [first, ...others];
}

const isOnCluster = ({ service }: ArmedService): boolean =>
  service.levers.some(({ kind }) => kind === 'rollout' || kind === 'helm');

const files = localServices();
const [demo] = files;
const ofClusters = files.filter(isOnCluster);
const others = files.filter((armed) => armed !== demo && !isOnCluster(armed));

/** How many seeds are of a service on a cluster, from 0 to 1. */
const ON_CLUSTER = 0.4;

/** Runs one seed of the mix. @param allowed the only faults that may happen. @default all */
export function runSeed(seed: number, allowed?: ReadonlySet<string>): Promise<Outcome> {
  const chance = seededChance(seed);
  if (chance.number('on a cluster') < ON_CLUSTER) return runOnCluster(chance, allowed);
  const [first, ...rest] = [demo, ...others].map((armed) => varied(armed, chance));
  if (!first) throw new Error('Cannot simulate: there is no service');
  const turned = chance.number('who is first') < 0.5 ? [first, ...rest] : [...rest, first];
  return simulate({ seed, services: turned as unknown as Services, ...(allowed && { allowed }) });
}

/** A service on a cluster has the bad day, a made-up one mostly; the demo's is its neighbour. */
function runOnCluster(chance: Chance, allowed?: ReadonlySet<string>): Promise<Outcome> {
  const drawn = chance.pick('which on a cluster', ['made up', 'made up', 'made up', 'file'] as const);
  const [file = someModelSvc(chance)] = ofClusters;
  const first = drawn === 'file' ? file : someModelSvc(chance);
  const services: Services = [varied(first, chance), varied(demo, chance)];
  return simulate({ seed: chance.seed, services, ownerOf: someOwner(chance), ...(allowed && { allowed }) });
}

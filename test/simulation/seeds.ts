/** What a seed runs: the services of environment `local`, as different people might write them. */
import { fileURLToPath } from 'node:url';
import { clustersOf } from '../../lib/core/alias-pods.ts';
import type { ArmedService } from '../../lib/core/service.ts';
import { armedServiceOf } from '../../lib/files/armed.ts';
import { readEnvironment } from '../../lib/files/environments.ts';
import { formatProblem } from '../../lib/files/problem.ts';
import { type Chance, seededChance } from '../../lib/simulation/chance.ts';
import { type Outcome, simulate } from '../../lib/simulation/run.ts';
import { varied } from '../../lib/simulation/vary.ts';
import { someOfBranch, someOnCluster, someOwner } from './clusters.ts';

const ROOT = fileURLToPath(new URL('../../environments', import.meta.url));

type Services = readonly [ArmedService, ...ArmedService[]];

/** The services of `local` that need no cluster, as they stand in their files; the demo's comes first. */
export function localServices(): Services {
  const demo = (armed: ArmedService) => (armed.service.name === 'recommender' ? 0 : 1);
  const [first, ...others] = armedIn('local')
    .filter((armed) => !isOnCluster(armed))
    .sort((a, b) => demo(a) - demo(b));
  if (!first) throw new Error('Cannot simulate: environment "local" has no service');
  return [first, ...others];
}

/** The services of `local` with levers on a cluster. */
export const clusterServices = (): readonly ArmedService[] => armedIn('local').filter(isOnCluster);

const isOnCluster = ({ service }: ArmedService): boolean =>
  service.levers.some((lever) => clustersOf(lever).length > 0);

const isUnderGit = ({ service }: ArmedService): boolean =>
  service.levers.some((lever) => lever.kind === 'git');

function armedIn(name: string): ArmedService[] {
  const read = readEnvironment(ROOT, name);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const { environment, services } = read.value;
  return services.map((service) => {
    const armed = armedServiceOf(environment, service);
    if (!armed.ok) throw new Error(armed.problems.map(formatProblem).join('\n'));
    return armed.value;
  });
}

const [demo, ...others] = localServices();
const ofClusters = clusterServices();

/** How many seeds are of a service on a cluster, and of one that Git owns there, from 0 to 1. */
const ON_CLUSTER = 0.4;
const UNDER_GIT = 0.15;

/** Runs one seed of the mix. @param allowed the only faults that may happen. @default all */
export function runSeed(seed: number, allowed?: ReadonlySet<string>): Promise<Outcome> {
  const chance = seededChance(seed);
  if (chance.number('under Git') < UNDER_GIT) return runUnderGit(chance, allowed);
  if (chance.number('on a cluster') < ON_CLUSTER) return runOnCluster(chance, allowed);
  const [first, ...rest] = [demo, ...others].map((armed) => varied(armed, chance));
  if (!first) throw new Error('Cannot simulate: there is no service');
  const turned = chance.number('who is first') < 0.5 ? [first, ...rest] : [...rest, first];
  return simulate({ seed, services: turned as unknown as Services, ...(allowed && { allowed }) });
}

/** A service on a cluster has the bad day, a made-up one mostly; the demo's is its neighbour. */
function runOnCluster(chance: Chance, allowed?: ReadonlySet<string>): Promise<Outcome> {
  const files = chance.number('a file') < 0.25 ? ofClusters.filter((armed) => !isUnderGit(armed)) : [];
  const first = files[chance.between('which file', 0, files.length - 1)] ?? someOnCluster(chance);
  const services: Services = [varied(first, chance), varied(demo, chance)];
  return simulate({ seed: chance.seed, services, ownerOf: someOwner(chance), ...(allowed && { allowed }) });
}

/** The same of a service whose spec is a branch's. */
function runUnderGit(chance: Chance, allowed?: ReadonlySet<string>): Promise<Outcome> {
  const files = chance.number('a file') < 0.25 ? ofClusters.filter(isUnderGit) : [];
  const first = files[chance.between('which file', 0, files.length - 1)] ?? someOfBranch(chance);
  const services: Services = [varied(first, chance), varied(demo, chance)];
  return simulate({ seed: chance.seed, services, ...(allowed && { allowed }) });
}

/** Runs one seed of a service that Git owns. @param allowed as of `runSeed` */
export const runGitSeed = (seed: number, allowed?: ReadonlySet<string>): Promise<Outcome> =>
  runUnderGit(seededChance(seed), allowed);

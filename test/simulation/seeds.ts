/** What a seed runs: the services of environment `local`, as different people might write them. */
import { fileURLToPath } from 'node:url';
import type { ArmedService } from '../../lib/core/service.ts';
import { armedServiceOf } from '../../lib/files/armed.ts';
import { readEnvironment } from '../../lib/files/environments.ts';
import { formatProblem } from '../../lib/files/problem.ts';
import { seededChance } from '../../lib/simulation/chance.ts';
import { type Outcome, simulate } from '../../lib/simulation/run.ts';
import { varied } from '../../lib/simulation/vary.ts';

const ROOT = fileURLToPath(new URL('../../environments', import.meta.url));

type Services = readonly [ArmedService, ...ArmedService[]];

/** The services of `local`, as they stand in their files; the demo's comes first. */
export function localServices(): Services {
  const read = readEnvironment(ROOT, 'local');
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const { environment, services } = read.value;
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

const files = localServices();

/** Runs one seed of the mix. @param allowed the only faults that may happen. @default all */
export function runSeed(seed: number, allowed?: ReadonlySet<string>): Promise<Outcome> {
  const chance = seededChance(seed);
  const [first, ...others] = files.map((armed) => varied(armed, chance));
  if (!first) throw new Error('Cannot simulate: there is no service');
  const turned = chance.number('who is first') < 0.5 ? [first, ...others] : [...others, first];
  return simulate({ seed, services: turned as unknown as Services, ...(allowed && { allowed }) });
}

/** Builds a healthy world for armed services: registry, flags, clusters, baselines, alarms that are OK. */

import { memoryLevers } from '../adapters/memory/levers.ts';
import { arm } from '../adapters/memory/settings.ts';
import { itemKey } from '../adapters/memory/world.ts';
import { keys } from '../core/keys.ts';
import type { Held } from '../core/release.ts';
import {
  type ArmedService,
  type HelmLever,
  type Lever,
  type RolloutLever,
  targetOf,
} from '../core/service.ts';
import type { Owner } from '../core/step.ts';
import { leverPort } from '../stages/lever-port.ts';
import { kindOf } from './targets.ts';
import type { SimulatedService, SimulatedWorld } from './world.ts';

const WEEK_MS = 7 * 86_400_000;

/** Who writes the spec of a Rollout. */
export type OwnerOf = (lever: RolloutLever, armed: ArmedService) => Owner | undefined;

/** The release beside it that has its name, else any, where the service has a lever for one. */
export const likelyOwner: OwnerOf = ({ cluster, namespace, rollout }, { service }) => {
  const beside = service.levers.filter(
    (lever): lever is HelmLever =>
      lever.kind === 'helm' && lever.cluster === cluster && lever.namespace === namespace,
  );
  const helm = beside.find(({ release }) => release === rollout) ?? beside[0];
  return helm && { kind: 'helm', release: helm.release, namespace };
};

/** Puts a service into the world, as it is on a good day. */
export async function settleIn(
  world: SimulatedWorld,
  armed: ArmedService,
  ownerOf: OwnerOf = likelyOwner,
): Promise<SimulatedService> {
  arm(world, armed);
  const levers = parentsLast(armed.service.levers);
  for (const lever of levers)
    kindOf(lever).make(world, lever, lever.kind === 'rollout' ? ownerOf(lever, armed) : undefined);
  const older = await released(world, armed);
  for (const lever of levers) kindOf(lever).renew(world, lever);
  const newest = await released(world, armed);
  for (const [nth, release] of [newest, older].entries()) recordBaseline(world, armed, { release, nth });
  for (const { arn, condition } of armed.alarms) {
    const period = armed.service.signals.find((s) => s.name === condition.signal)?.periodSeconds ?? 60;
    const since = world.clock.now() - WEEK_MS;
    world.alarms.set(arn, { state: 'OK', since, windowSeconds: period * condition.of });
  }
  return { armed, baselines: [newest, older], bad: new Map(), elsewhere: { from: 0, until: 0 } };
}

/** A chart takes up the Rollouts that are there. */
const parentsLast = (levers: readonly Lever[]): Lever[] => [
  ...levers.filter(({ kind }) => kind !== 'helm'),
  ...levers.filter(({ kind }) => kind === 'helm'),
];

/** What stands now, as `reinstate baseline record` would keep it. */
async function released(world: SimulatedWorld, armed: ArmedService): Promise<Record<string, Held>> {
  const levers = memoryLevers(world);
  const held = armed.service.levers.map(async (lever): Promise<[string, Held]> => {
    const { value, digest } = await leverPort(levers, armed, lever).observe();
    return [targetOf(lever), { value, ...(digest !== undefined && { digest }) }];
  });
  return Object.fromEntries(await Promise.all(held));
}

function recordBaseline(
  world: SimulatedWorld,
  { service }: ArmedService,
  { release, nth }: { release: Record<string, Held>; nth: number },
): void {
  const id = `${service.name}-b2026110${2 - nth}T101500`;
  const recordedAt = world.clock.now() - (nth + 1) * WEEK_MS;
  const key = keys.baseline(service.name, id);
  world.items.set(itemKey(key), { id, recordedAt, by: 'release', release, ...key });
}

/**
 * A release that is bad in these levers; users get it at once.
 * @returns the values it put, by target
 */
export function shipBad(
  world: SimulatedWorld,
  service: SimulatedService,
  levers: readonly Lever[],
): ReadonlyMap<string, string> {
  const shipped = new Map<string, string>();
  for (const lever of levers) {
    for (const [target, value] of kindOf(lever).ship(world, lever, service.stage ?? 'canary')) {
      service.bad.set(target, (service.bad.get(target) ?? new Set()).add(value));
      shipped.set(target, value);
    }
  }
  return shipped;
}

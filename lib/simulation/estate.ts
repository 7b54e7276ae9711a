/** Builds a healthy world for armed services: registry, flags, baselines, alarms that are OK. */

import { memoryLevers } from '../adapters/memory/levers.ts';
import { arm } from '../adapters/memory/settings.ts';
import { itemKey, moveAlias, putParameter, registerVersion, startServing } from '../adapters/memory/world.ts';
import { keys } from '../core/keys.ts';
import type { Held } from '../core/release.ts';
import { type AliasLever, type ArmedService, type FlagLever, type Lever, targetOf } from '../core/service.ts';
import { leverPort } from '../stages/lever-port.ts';
import type { SimulatedService, SimulatedWorld } from './world.ts';

const WEEK_MS = 7 * 86_400_000;
/** Versions of a model that were good once; the newest is served. */
const GOOD_VERSIONS = 3;
const INSTANCES = 2;

/** Puts a service into the world, as it is on a good day. */
export async function settleIn(world: SimulatedWorld, armed: ArmedService): Promise<SimulatedService> {
  arm(world, armed);
  for (const lever of armed.service.levers) makeTarget(world, lever);
  const newest = await released(world, armed);
  const older = await before(world, armed, () => released(world, armed));
  for (const [nth, release] of [newest, older].entries()) recordBaseline(world, armed, { release, nth });
  for (const { arn, condition } of armed.alarms) {
    const period = armed.service.signals.find((s) => s.name === condition.signal)?.periodSeconds ?? 60;
    const since = world.clock.now() - WEEK_MS;
    world.alarms.set(arn, { state: 'OK', since, windowSeconds: period * condition.of });
  }
  return { armed, baselines: [newest, older], bad: new Map(), elsewhere: { from: 0, until: 0 } };
}

function makeTarget(world: SimulatedWorld, lever: Lever): void {
  if (lever.kind === 'flag') {
    putParameter(world, lever.parameter, lever.safe);
    return;
  }
  if (!world.models.has(lever.model))
    for (let n = 0; n < GOOD_VERSIONS; n++) registerVersion(world, lever.model);
  moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS));
  startServing(world, aliasOf(lever), INSTANCES);
}

const aliasOf = ({ model, alias }: AliasLever): string => `${model}@${alias}`;

/** What stands now, as `reinstate baseline record` would keep it. */
async function released(world: SimulatedWorld, armed: ArmedService): Promise<Record<string, Held>> {
  const levers = memoryLevers(world);
  const held = armed.service.levers.map(async (lever): Promise<[string, Held]> => {
    const { value, digest } = await leverPort(levers, armed, lever).observe();
    return [targetOf(lever), { value, ...(digest !== undefined && { digest }) }];
  });
  return Object.fromEntries(await Promise.all(held));
}

/** Looks at the world as it was one release earlier. */
async function before<T>(
  world: SimulatedWorld,
  { service }: ArmedService,
  look: () => Promise<T>,
): Promise<T> {
  const aliases = service.levers.filter((lever) => lever.kind === 'alias');
  for (const lever of aliases) moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS - 1));
  const seen = await look();
  for (const lever of aliases) moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS));
  return seen;
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

/** A release that is bad in these levers; users get it at once. @returns the values it put, by target. */
export function shipBad(
  world: SimulatedWorld,
  service: SimulatedService,
  levers: readonly Lever[],
): ReadonlyMap<string, string> {
  const shipped = new Map<string, string>();
  for (const lever of levers) {
    const target = targetOf(lever);
    const value = lever.kind === 'flag' ? turn(world, lever) : shipVersion(world, lever);
    service.bad.set(target, (service.bad.get(target) ?? new Set()).add(value));
    shipped.set(target, value);
  }
  return shipped;
}

function turn(world: SimulatedWorld, { parameter, safe }: FlagLever): string {
  const value = { true: 'false', false: 'true' }[safe] ?? `${safe}-next`;
  putParameter(world, parameter, value);
  return value;
}

function shipVersion(world: SimulatedWorld, lever: AliasLever): string {
  const version = registerVersion(world, lever.model);
  moveAlias(world, aliasOf(lever), version);
  startServing(world, aliasOf(lever), INSTANCES);
  return version;
}

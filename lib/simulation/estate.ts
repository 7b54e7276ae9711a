/** Builds a healthy world for armed services: registry, flags, clusters, baselines, alarms that are OK. */

import { memoryLevers } from '../adapters/memory/levers.ts';
import { arm } from '../adapters/memory/settings.ts';
import { itemKey } from '../adapters/memory/world.ts';
import { keys } from '../core/keys.ts';
import { referencesNeeded, seriesText, withReferences } from '../core/reference.ts';
import type { Baseline, Held, Reference } from '../core/release.ts';
import {
  type ArmedService,
  type DeploymentLever,
  type GitLever,
  type HelmLever,
  type Lever,
  type RolloutLever,
  targetOf,
  type Unit,
} from '../core/service.ts';
import type { Owner } from '../core/step.ts';
import { leverPort } from '../stages/lever-port.ts';
import { kindOf } from './targets.ts';
import { type SimulatedService, type SimulatedWorld, standing } from './world.ts';

const WEEK_MS = 7 * 86_400_000;

/** Who writes the spec of a Rollout, or of a Deployment. */
export type OwnerOf = (lever: RolloutLever | DeploymentLever, armed: ArmedService) => Owner | undefined;

/**
 * The Application of a git lever in its cluster; else the release beside it that has its name, else any, where the
 * service has a lever for one. A Deployment is no chart's here.
 */
export const likelyOwner: OwnerOf = (lever, armed) => {
  const { application } = armed.service.levers.find((other) => isDeployedBy(other, lever)) ?? {};
  if (application) {
    const { name, namespace } = application;
    return { kind: 'argocd', application: name, namespace };
  }
  return lever.kind === 'rollout' ? helmBeside(lever, armed) : undefined;
};

const isDeployedBy = (lever: Lever, { cluster }: { readonly cluster: string }): lever is GitLever =>
  lever.kind === 'git' && lever.application?.cluster === cluster;

function helmBeside(
  { cluster, namespace, rollout }: RolloutLever,
  { service }: ArmedService,
): Owner | undefined {
  const beside = service.levers.filter(
    (lever): lever is HelmLever =>
      lever.kind === 'helm' && lever.cluster === cluster && lever.namespace === namespace,
  );
  const helm = beside.find(({ release }) => release === rollout) ?? beside[0];
  return helm && { kind: 'helm', release: helm.release, namespace };
}

/** Puts a service into the world, as it is on a good day. */
export async function settleIn(
  world: SimulatedWorld,
  armed: ArmedService,
  ownerOf: OwnerOf = likelyOwner,
): Promise<SimulatedService> {
  arm(world, armed);
  const levers = parentsLast(armed.service.levers);
  for (const lever of levers)
    kindOf(lever).make(world, lever, hasOwner(lever) ? ownerOf(lever, armed) : undefined);
  const older = await released(world, armed);
  for (const lever of levers) kindOf(lever).renew(world, lever);
  const newest = await released(world, armed);
  const references = referencesOf(armed, world.clock.now());
  const [recorded] = [newest, older].map((release, nth) =>
    recordBaseline(world, armed, { release, references, nth }),
  );
  for (const { arn, condition } of armed.alarms) {
    const period = armed.service.signals.find((s) => s.name === condition.signal)?.periodSeconds ?? 60;
    const since = world.clock.now() - WEEK_MS;
    world.alarms.set(arn, { state: 'OK', since, windowSeconds: period * condition.of });
  }
  // What is armed knows no reference: the sweeper moves the alarms, and an incident finds them at open.
  return {
    armed: withReferences(armed, recorded),
    baselines: [newest, older],
    bad: new Map(),
    elsewhere: { from: 0, until: 0 },
  };
}

const hasOwner = (lever: Lever): lever is RolloutLever | DeploymentLever =>
  lever.kind === 'rollout' || lever.kind === 'deployment';

/** A chart takes up the Rollouts that are there, a branch all that its Application owns. */
const parentsLast = (levers: readonly Lever[]): Lever[] => [
  ...levers.filter((lever) => !isParent(lever)),
  ...levers.filter(isParent),
];

const isParent = ({ kind }: Lever): boolean => kind === 'helm' || kind === 'git';

/** What stands now, as `reinstate baseline record` would keep it. */
async function released(world: SimulatedWorld, armed: ArmedService): Promise<Record<string, Held>> {
  const levers = memoryLevers(world);
  const held = armed.service.levers.map(async (lever): Promise<[string, Held]> => {
    const { value, digest } = await leverPort(levers, armed, lever).observe();
    return [targetOf(lever), { value, ...(digest !== undefined && { digest }) }];
  });
  return Object.fromEntries(await Promise.all(held));
}

/** What a signal of this unit may have been on a good day; what it is measured at follows from it. */
const GOOD_DAY: Readonly<Record<Unit, number>> = { ms: 120, s: 2, min: 3, '%': 40, count: 500, ratio: 0.8 };

function referencesOf({ service }: ArmedService, now: number): Record<string, Reference> {
  const known = referencesNeeded(service).map(({ signal, datapoints }): [string, Reference] => {
    const window = { from: now - WEEK_MS - 900_000, to: now - WEEK_MS };
    return [signal.name, { value: GOOD_DAY[signal.unit], series: seriesText(signal), datapoints, ...window }];
  });
  return Object.fromEntries(known);
}

function recordBaseline(
  world: SimulatedWorld,
  { service }: ArmedService,
  { nth, ...known }: Pick<Baseline, 'release' | 'references'> & { nth: number },
): Baseline {
  const id = `${service.name}-b2026110${2 - nth}T101500`;
  const recordedAt = world.clock.now() - (nth + 1) * WEEK_MS;
  const key = keys.baseline(service.name, id);
  const baseline: Baseline = { id, recordedAt, by: 'release', ...known };
  world.items.set(itemKey(key), { ...baseline, ...key });
  return baseline;
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
  const put = (target: string, value: string) => {
    service.bad.set(target, (service.bad.get(target) ?? new Set()).add(value));
    shipped.set(target, value);
  };
  for (const lever of levers) {
    const before = branchesOf(world, service);
    for (const [target, value] of kindOf(lever).ship(world, lever, service.stage ?? 'canary'))
      put(target, value);
    for (const [target, value] of branchesOf(world, service))
      if (value !== null && value !== before.get(target)) put(target, value);
  }
  return shipped;
}

/** What its branches are known by: a release of what Git owns is a commit. */
function branchesOf(world: SimulatedWorld, service: SimulatedService): Map<string, string | null> {
  const all = [...standing(world, service)];
  return new Map(all.filter(([target]) => target.startsWith('git:')));
}

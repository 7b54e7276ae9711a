/** Whoever else works on a service's cluster: people with the plugin, jobs of CI with Helm, the platform itself. */
import { endUpgrade, rollBackByHand } from '../adapters/memory/helm.ts';
import { abortByHand, applyImages, changeSteps, promoteByHand } from '../adapters/memory/rollout.ts';
import { type HelmLever, type RolloutLever, targetOf } from '../core/service.ts';
import type { Environment } from './environment.ts';
import { begun, chartWith, imagesOf, nextRevision, ROLLOUT } from './targets/chart.ts';
import { kindOf } from './targets.ts';
import type { SimulatedService, SimulatedWorld } from './world.ts';

const rolloutsOf = ({ armed }: SimulatedService): readonly RolloutLever[] =>
  armed.service.levers.filter((lever) => lever.kind === 'rollout');

const releasesOf = ({ armed }: SimulatedService): readonly HelmLever[] =>
  armed.service.levers.filter((lever) => lever.kind === 'helm');

/** Targets of Rollouts that are still there. */
const standingIn = (world: SimulatedWorld, service: SimulatedService): readonly string[] =>
  rolloutsOf(service)
    .map(targetOf)
    .filter((target) => world.rollouts.has(target));

/** A person promotes whatever is under way in full. */
export function promote({ world }: Environment, service: SimulatedService): void {
  for (const target of standingIn(world, service)) promoteByHand(world, target);
}

/** A person is quicker, and aborts by the plugin: the template stays as it is. */
export function abort({ world }: Environment, service: SimulatedService): void {
  for (const target of standingIn(world, service)) abortByHand(world, target);
}

/** `retry`, or an edit of the canary's steps: both start what was aborted again. */
export function relaunch({ world, chance, scheduler }: Environment, service: SimulatedService): void {
  for (const target of standingIn(world, service)) {
    const retries = chance.number(`${target} relaunched at ${scheduler.clock.now()}`) < 0.5;
    if (retries) abortByHand(world, target, false);
    else changeSteps(world, target);
  }
}

/** A person sets an image past Helm: a bad one, and the release knows nothing of it. */
export function setImage({ world }: Environment, service: SimulatedService): void {
  for (const lever of rolloutsOf(service)) {
    const target = targetOf(lever);
    if (!world.rollouts.has(target)) continue;
    const hash = applyImages(world, target, imagesOf(lever.rollout, 'by-hand'));
    service.bad.set(target, (service.bad.get(target) ?? new Set()).add(hash));
  }
}

/** The longest that a job of CI waits for its pods. */
const LONGEST_JOB_MS = 100_000;

/** A job of CI upgrades the release: its revision is pending until its pods are ready, or it gives up (F33). */
export function upgradeByJob(environment: Environment, service: SimulatedService): void {
  const { world, chance, scheduler, witness } = environment;
  for (const lever of releasesOf(service)) {
    const draw = `${targetOf(lever)} upgraded at ${scheduler.clock.now()}`;
    const run = beginJob(environment, lever);
    const ms = chance.between(`${draw} for`, 2000, LONGEST_JOB_MS);
    const how = chance.pick(`${draw} ends`, ['complete', 'complete', 'failed'] as const);
    const end = () => {
      if (run && world.releases.get(targetOf(lever))?.revisions.includes(run.revision)) endUpgrade(run, how);
    };
    if (run) environment.later(ms, () => witness.somebody(`the job's upgrade is ${how}`, end));
  }
}

/** A job of CI is killed in the middle: its revision stays pending for ever. */
export function jobDies(environment: Environment, service: SimulatedService): void {
  for (const lever of releasesOf(service)) beginJob(environment, lever);
}

/** What it changes is its own, neither good nor known to be bad; a Rollout it does not change stays as it was. */
function beginJob({ world, chance, scheduler }: Environment, lever: HelmLever) {
  const release = world.releases.get(targetOf(lever));
  if (!release) return undefined;
  const draw = `${targetOf(lever)} job at ${scheduler.clock.now()}`;
  const withRollout = chance.number(draw) < 0.5;
  const tag = `own-${nextRevision(release)}`;
  return begun(
    world,
    targetOf(lever),
    chartWith(release, (name) => withRollout || !name.startsWith(ROLLOUT), tag),
  );
}

/** A person runs `helm rollback` and names no revision: it may well be the bad one. */
export function rollBackBlindly({ world }: Environment, service: SimulatedService): void {
  for (const target of releasesOf(service).map(targetOf)) {
    const revisions = world.releases.get(target)?.revisions ?? [];
    const before = Number(revisions.at(-1)?.number) - 1;
    if (revisions.some(({ number }) => number === before)) rollBackByHand(world, target);
  }
}

/** What is good is not there any more: pruned by Helm's history (F35), or beyond `revisionHistoryLimit`. */
export const forgetGood =
  (kind: 'rollout' | 'deployment' | 'helm') =>
  ({ world }: Environment, { armed, baselines }: SimulatedService): void => {
    for (const lever of armed.service.levers.filter((l) => l.kind === kind)) {
      const good = baselines[0]?.[targetOf(lever)]?.value;
      if (good) kindOf(lever).forget(world, lever, good);
    }
  };

/** F32. */
export function deleteRollout({ world }: Environment, service: SimulatedService): void {
  for (const lever of rolloutsOf(service)) world.rollouts.delete(targetOf(lever));
}

/** F32. */
export function deleteDeployment({ world }: Environment, { armed }: SimulatedService): void {
  for (const lever of armed.service.levers)
    if (lever.kind === 'deployment') world.deployments.delete(targetOf(lever));
}

/** Pods of the good release do not start any more: an image is gone (F37). */
export function breakGoodPods({ world }: Environment, service: SimulatedService): void {
  for (const lever of releasesOf(service)) {
    const release = world.releases.get(targetOf(lever));
    const good = service.baselines[0]?.[targetOf(lever)]?.value ?? '';
    const chart = release?.revisions.find(({ number }) => String(number) === good)?.chart;
    for (const images of Object.values(chart?.workloads ?? {}))
      for (const image of Object.values(images)) release?.broken.add(image);
  }
}

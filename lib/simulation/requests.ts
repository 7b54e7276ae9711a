/** Requests by version, as a data plane counts them: what users are really answered by. */
import { podsOf } from '../adapters/memory/deployment.ts';
import { sharesOf } from '../adapters/memory/rollout.ts';
import { type DeploymentLever, type RolloutLever, type Traffic, targetOf } from '../core/service.ts';
import { countOf } from '../core/traffic.ts';
import { type MeasuresProps, seriesOf } from './measures.ts';
import type { SimulatedService, SimulatedWorld } from './world.ts';

const REQUESTS_PER_SECOND = 50;
type Shares = ReadonlyMap<string, number>;

/** Begins to count what each Rollout or Deployment of a service answers, where its lever says that somebody counts. */
export function countRequests(props: MeasuresProps, { armed }: SimulatedService): void {
  for (const lever of armed.service.levers)
    if ((lever.kind === 'rollout' || lever.kind === 'deployment') && lever.traffic)
      tick(props, { lever, traffic: lever.traffic, before: sharesNow(props.world, lever) });
}

interface Counted {
  readonly lever: RolloutLever | DeploymentLever;
  readonly traffic: Traffic;
  /** As the last period ended. */
  readonly before: Shares;
}

/** Half of a period is answered as it began, and half as it ends. */
function tick(props: MeasuresProps, { lever, traffic, before }: Counted): void {
  const { scheduler, world } = props;
  const period = traffic.periodSeconds * 1000;
  const now = scheduler.clock.now();
  const end = (Math.floor(now / period) + 1) * period;
  scheduler.after(end - now, () => {
    const after = sharesNow(world, lever);
    for (const version of new Set([...before.keys(), ...after.keys()])) {
      const percent = ((before.get(version) ?? 0) + (after.get(version) ?? 0)) / 2;
      const value = Math.round((percent / 100) * REQUESTS_PER_SECOND * traffic.periodSeconds);
      publish(props, seriesOf(countOf(traffic, version)), { at: end - period, value });
    }
    tick(props, { lever, traffic, before: after });
  });
}

function publish(props: MeasuresProps, series: string, point: { at: number; value: number }): void {
  const { world, scheduler, chance, odds } = props;
  const draw = `${series} ${point.at}`;
  if (chance.happens(`${draw} missing`, odds.missing)) return;
  const late = chance.happens(`${draw} late`, odds.late) ? LATE_MS * chance.number(`${draw} lateness`) : 0;
  scheduler.after(200 + late, () => {
    const known = world.datapoints.get(series) ?? [];
    known.push(point);
    world.datapoints.set(series, known);
  });
}

/** As of any datapoint: F44. */
const LATE_MS = 120_000;

function sharesNow(world: SimulatedWorld, lever: Counted['lever']): Shares {
  const deployment = world.deployments.get(targetOf(lever));
  if (deployment) return evenly(podsOf(deployment));
  const rollout = world.rollouts.get(targetOf(lever));
  return rollout ? sharesOf(rollout) : new Map();
}

/** Every pod gets as many. */
function evenly(pods: ReadonlyMap<string, number>): Shares {
  const all = [...pods.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...pods].map(([hash, count]) => [hash, (100 * count) / all]));
}

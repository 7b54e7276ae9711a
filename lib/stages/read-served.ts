/** What users are served by the targets that moved: as instances tell it, as the target holds it, as requests show it. */
import { sentenceOf } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import { printable } from '../core/printable.ts';
import type { ArmedService, Traffic } from '../core/service.ts';
import type { Observation, PlannedStep, Receipt } from '../core/step.ts';
import { countOf, doubtAbout, type ServedReading, type Shares, windowOf } from '../core/traffic.ts';
import { doubtAboutWeights, type Workload } from '../core/workload.ts';
import type { Levers } from '../ports/lever.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { type BoundLever, leverPort } from './lever-port.ts';

export interface ReadServedPorts {
  readonly levers: Levers;
  readonly signals: SignalReader;
}

/** Epoch ms. */
export interface Moment {
  readonly switchAt: number;
  readonly now: number;
}

/**
 * Steps that took effect, the traffic of the Rollouts that settling them promotes, and the branches that were returned to
 * settle them: users get those, at the latest with the next sync.
 */
export function whatMoved({ rungs }: Plan, effective: readonly Receipt[]): PlannedStep[] {
  const took = (id: string) => effective.some(({ step }) => step === id);
  const promoted = ({ id, lever }: PlannedStep) =>
    lever.kind === 'rollout' && lever.part === 'traffic' && took(id.replace(/\.s\d+$/, ''));
  return rungs.flatMap(({ steps, settle }) => [
    ...steps.filter(({ id }) => took(id)),
    ...settle.filter((step) => promoted(step) || (step.lever.kind === 'git' && took(step.id))),
  ]);
}

/** One reading for each step. What cannot be read is not good. */
export function readServed(
  ports: ReadServedPorts,
  armed: ArmedService,
  { steps, moment }: { readonly steps: readonly PlannedStep[]; readonly moment: Moment },
): Promise<ServedReading[]> {
  const readings = steps.map(async (step): Promise<ServedReading> => {
    const base = { target: step.target, expected: step.to.value };
    try {
      const lever = leverPort(ports.levers, armed, step.lever);
      const [told, shares] = await Promise.all([
        tellingOf(step, lever),
        sharesOf(ports.signals, step, { lever, moment }),
      ]);
      return { ...base, values: asKept(told.values), ...judged(step, told, shares) };
    } catch (error) {
      const problem = `${step.target}: ${printable(sentenceOf(error))}`;
      return { ...base, values: [], good: false, problem };
    }
  });
  return Promise.all(readings);
}

/** Both have to be good: what is configured may not be what users get, and the other way round. */
function judged(
  { target, to, lever }: PlannedStep,
  { values, workload, held }: Telling,
  shares: Shares | undefined,
): Pick<ServedReading, 'good' | 'problem' | 'shares' | 'workload'> {
  const traffic = trafficOf(lever);
  const doubts = [
    workload && doubtAboutWeights(workload, to.value, shares),
    shares && traffic && doubtAbout(shares, to.value, { ...traffic, ...(workload && { told: workload }) }),
  ].filter((doubt) => doubt !== undefined);
  const isGood = (value: string) => value === to.value;
  const served = values.length > 0 && values.every(isGood);
  const unheld = served && !held.every(isGood) ? [`its controller says: ${held.join(', ')}`] : [];
  const problems = [...doubts, ...unheld];
  return {
    good: served && problems.length === 0,
    ...(problems.length > 0 && { problem: `${target}: ${problems.join('; ')}` }),
    ...(shares && { shares }),
    ...(workload && { workload }),
  };
}

const trafficOf = (lever: PlannedStep['lever']): Traffic | undefined =>
  lever.kind === 'deployment' || (lever.kind === 'rollout' && lever.part === 'traffic')
    ? lever.traffic
    : undefined;

interface Telling {
  readonly values: readonly string[];
  /** What it holds beside that, as its controller says. @default none: it is the same, or was not asked */
  readonly held: readonly string[];
  readonly workload?: Workload;
}

/** A lever that does not say where it is served is known by what its target holds: somebody may move it back (F25). */
async function tellingOf({ to, lever: { kind } }: PlannedStep, lever: BoundLever): Promise<Telling> {
  const served = await lever.served(to.value);
  // Pods that answer well say nothing of the weights that the router was given.
  if (served && kind !== 'rollout' && kind !== 'deployment') return { values: served, held: [] };
  // Two commits may hold one content.
  const observed = await (kind === 'git' ? lever.observe(to.value) : lever.observe());
  const held = heldIn(observed);
  const { workload } = observed;
  // A Deployment names every ReplicaSet with pods among what is served; one that is short of a pod is no worse for it.
  const beside = served && kind === 'rollout' ? held : [];
  return { values: served ?? held, held: beside, ...(workload && { workload }) };
}

function heldIn({ value, progress }: Observation): string[] {
  if (value === null) return [];
  return progress === 'under-way' ? [value, 'an update is under way'] : [value];
}

/** Counted in periods that began after the switch: a period across it holds requests from before. */
async function sharesOf(
  signals: SignalReader,
  { lever, from, to }: PlannedStep,
  { lever: port, moment }: { readonly lever: BoundLever; readonly moment: Moment },
): Promise<Shares | undefined> {
  const traffic = trafficOf(lever);
  if (!traffic) return undefined;
  const window = windowOf(traffic, moment.switchAt, moment.now);
  const known = (await port.versions()) ?? [];
  const versions = [...new Set([...known, from.value, to.value])].filter((v) => v !== null);
  const counted = versions.map(async (version): Promise<[string, number]> => {
    const points = await signals.datapoints(countOf(traffic, version), window.from, window.to);
    return [version, points.reduce((sum, { value }) => sum + value, 0)];
  });
  const requests = Object.fromEntries(await Promise.all(counted));
  return { windowSeconds: Math.floor((window.to - window.from) / 1000), requests };
}

/** More instances than this are kept by what they serve, each value once. */
const MOST_INSTANCES = 20;

/** What a service answered may be long; an item may not (F59). */
function asKept(values: readonly string[]): string[] {
  const few = values.length <= MOST_INSTANCES ? values : [...new Set(values)].slice(0, MOST_INSTANCES);
  return few.map(printable);
}

/** What serves a service now, and everything that speaks against calling it known good. */
import { sentenceOf } from '../core/errors.ts';
import { type Held, inForce, type Release } from '../core/release.ts';
import { type ArmedService, type Lever, targetOf } from '../core/service.ts';
import { say } from '../core/step.ts';
import { type BoundLever, leverPort } from '../stages/lever-port.ts';
import type { Hold } from '../stages/records.ts';
import { command, type Desk, recordsOf } from './desk.ts';

export interface Observed {
  readonly release: Release;
  /** Targets that cannot be read, that are not fit, or that serve something else. */
  readonly objections: readonly string[];
}

/** Every lever's target with its digest, as it stands and as it is served. */
export async function observeRelease(desk: Desk, armed: ArmedService): Promise<Observed> {
  const each = await Promise.all(armed.service.levers.map((lever) => observeTarget(desk, armed, lever)));
  const release = Object.fromEntries(each.flatMap(({ target, held }) => (held ? [[target, held]] : [])));
  return { release, objections: each.flatMap(({ target, why }) => (why ? [`${target} ${why}`] : [])) };
}

interface Target {
  readonly target: string;
  readonly held?: Held;
  readonly why?: string;
}

async function observeTarget(desk: Desk, armed: ArmedService, lever: Lever): Promise<Target> {
  const target = targetOf(lever);
  const port = leverPort(desk.levers, armed, lever);
  try {
    const { value, digest, runId } = await port.observe();
    if (value === null) return { target, why: 'is not set' };
    const held = { value, ...(digest !== undefined && { digest }), ...(runId !== undefined && { runId }) };
    const why = await doubtOf(port, value);
    return { target, held, ...(why !== undefined && { why }) };
  } catch (error) {
    return { target, why: `cannot be observed: ${sentenceOf(error)}` };
  }
}

/** A second look, with the value as one that could be put: somebody may be moving it at this moment. */
async function doubtOf(port: BoundLever, value: string): Promise<string | undefined> {
  const { value: still, candidate, spec } = await port.observe(value);
  if (still !== value) return `is being moved: it was ${say(value)}, now it is ${say(still)}`;
  if (spec !== undefined) return `serves ${say(value)}, but its spec is at ${say(spec)}`;
  if (candidate && candidate.fit !== 'ready') return `holds ${say(value)}, which is ${candidate.fit}`;
  const astray = (await port.served())?.find((served) => served !== value);
  return astray === undefined ? undefined : `holds ${say(value)}, but ${say(astray)} is served`;
}

interface Standing {
  readonly hold: Hold | undefined;
  readonly observed: Observed;
}

/** Sentences; none when it can be recorded. */
export async function objectionsTo(desk: Desk, armed: ArmedService, standing: Standing): Promise<string[]> {
  const { name } = armed.service;
  const [readings, quarantine] = await Promise.all([
    desk.signals.alarms(armed.alarms),
    recordsOf(desk).quarantine(name),
  ]);
  const red = readings.filter((reading) => reading.state !== 'OK');
  const lift = command(desk, `hold lift ${name} --reason "..."`);
  return [
    ...(standing.hold?.state === 'standing' ? [`a hold stands; lift it: ${lift}`] : []),
    ...red.map(({ arn, state }) => `alarm ${arn.split(':alarm:').at(-1)} is ${state}, not OK`),
    ...standing.observed.objections,
    ...inForce(quarantine, desk.clock.now())
      .filter((q) => standing.observed.release[q.target]?.value === q.value)
      .map((q) => `${q.target} holds "${q.value}", which is quarantined since incident ${q.incident}`),
  ];
}

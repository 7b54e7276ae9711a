/** plan --apply-step, settle--> receipt: observe, compare, act, observe again. Idempotent, and under the fence. */
import { FenceLost, StepStillRunning, sentenceOf } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { actUntil, mayStillAct } from '../core/lease.ts';
import type { Plan } from '../core/plan.ts';
import { printable } from '../core/printable.ts';
import type { ArmedService } from '../core/service.ts';
import { type Observation, type PlannedStep, type Receipt, say, standsAt, tookEffect } from '../core/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Acted, Levers } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { type BoundLever, leverPort } from './lever-port.ts';
import { isProven, lookAt, type Result, type ToAct } from './look-at-target.ts';
import { forbidden, type Remaining } from './may-act.ts';
import { type Attempt as AttemptRecord, present, records, writeFenced } from './records.ts';
import { settledReceipt } from './settled-receipt.ts';
import { type Announced, unlessItGoesOn } from './unless-it-goes-on.ts';

export interface ApplyStepPorts {
  readonly ledger: Ledger;
  /** Those of this function: one kind a function, so that each has only its lever's permissions. */
  readonly levers: Partial<Levers>;
  readonly settings: Settings;
  readonly clock: Clock;
}

/** What the Map hands to a lever's function, and how long that function has. */
export interface ApplyStepInput {
  readonly incident: string;
  readonly service: string;
  readonly fence: number;
  readonly rung: number;
  readonly step: { readonly id: string };
}

export type StepSummary = Pick<Receipt, 'step' | 'outcome'>;

export async function applyStep(
  ports: ApplyStepPorts,
  input: ApplyStepInput,
  worker: Remaining,
): Promise<StepSummary> {
  const read = records(ports.ledger);
  const done = await read.receipt(input.incident, input.step.id);
  if (done) return summaryOf(done);
  const plan = present(await read.plan(input.incident), `the plan of ${input.incident}`);
  if (plan.outcome === 'refused') throw new Error(`Cannot apply step ${input.step.id}: the plan was refused`);
  const armed = present(await read.armed(input.incident), `the armed service of ${input.incident}`);
  const step = present(stepOf(plan.plan, input.step.id), `step ${input.step.id} of ${input.incident}`);
  const attempt: Attempt = { ports, input, worker, armed, step, startedAt: ports.clock.now() };
  return writeReceipt(attempt, await tryStep(attempt, leverPort(ports.levers, armed, step.lever)));
}

interface Attempt {
  readonly ports: ApplyStepPorts;
  readonly input: ApplyStepInput;
  readonly worker: Remaining;
  readonly armed: ArmedService;
  readonly step: PlannedStep;
  readonly startedAt: number;
}

const stepOf = (plan: Plan, id: string): PlannedStep | undefined =>
  plan.rungs.flatMap((rung) => [...rung.steps, ...rung.settle]).find((step) => step.id === id);

const summaryOf = ({ step, outcome }: Receipt): StepSummary => ({ step, outcome });

/** Trouble with the target is a receipt: neighbours go on, and the next rung is the fallback. */
async function tryStep(attempt: Attempt, lever: BoundLever): Promise<Result> {
  const earlier = await earlierAttempt(attempt);
  const hindrance = await hindered(attempt);
  if (hindrance) return hindrance;
  const seen = await orFailed(() => lookAt(attempt.step, lever, attempt.ports.clock.now()));
  if ('outcome' in seen) return sinceFirst(earlier, seen);
  // Observing may have taken seconds, and the mode counts at the moment of the act (I7).
  const lowered = await forbidden(attempt.ports.settings, attempt.armed);
  if (lowered) return { outcome: 'withheld', before: seen.before, note: lowered };
  // Trouble with the table is no receipt: it is thrown, and the state tries again.
  const announced = await announce(attempt, earlier, seen.before);
  const loweredSince = await forbidden(attempt.ports.settings, attempt.armed);
  if (loweredSince) return { outcome: 'withheld', before: seen.before, note: loweredSince };
  const acting = { ports: attempt.ports, input: attempt.input, announced, ...seen };
  return sinceFirst(earlier, await unlessItGoesOn(acting, () => act(attempt, lever, seen)));
}

/** An attempt that died after its act left no receipt (F11): what it removed is what stood there before it. */
function sinceFirst(earlier: AttemptRecord | undefined, result: Result): Result {
  if (!earlier || !tookEffect(result)) return result;
  return { note: 'an earlier attempt had begun it', ...result, before: earlier.before };
}

async function orFailed<T>(work: () => Promise<T>): Promise<T | Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StepStillRunning) throw error;
    return { outcome: 'failed', note: sentenceOf(error) };
  }
}

/** Stopping an execution does not stop its function: an attempt before this one may still be writing. */
async function earlierAttempt({ ports, input }: Attempt): Promise<AttemptRecord | undefined> {
  const earlier = await records(ports.ledger).attempt(input.incident, input.step.id);
  if (!earlier || ports.clock.now() >= earlier.actUntil) return earlier;
  const text = `Cannot apply step ${input.step.id} yet: an earlier attempt may still be writing`;
  throw new StepStillRunning(text, earlier.actUntil);
}

/** Mode, deadline, and for a settle step whether there is anything to settle. */
async function hindered({ ports, input, armed, step }: Attempt): Promise<Result | undefined> {
  const reason = await forbidden(ports.settings, armed);
  if (reason) return { outcome: 'withheld', note: reason };
  const read = records(ports.ledger);
  if (step.phase === 'settle') {
    const parent = await settledReceipt(ports, input.incident, step.id);
    return parent && tookEffect(parent)
      ? undefined
      : { outcome: 'not-begun', note: 'its step did not take effect' };
  }
  const incident = present(await read.incident(input.incident), `incident ${input.incident}`);
  const late = incident.deadlineAt !== undefined && ports.clock.now() >= incident.deadlineAt;
  return late ? { outcome: 'not-begun', note: 'the deadline was reached' } : undefined;
}

/** Under the fence, before the act: until when this function may be writing, and that the incident has acted. */
async function announce(
  { ports, input, worker, startedAt }: Attempt,
  earlier: AttemptRecord | undefined,
  seen: Observation,
): Promise<Announced> {
  const until = actUntil(ports.clock.now(), worker.remainingMs());
  const before = earlier?.before ?? seen;
  const since = earlier?.since ?? startedAt;
  const item = { step: input.step.id, actUntil: until, fence: input.fence, since, before };
  const set = { acted: true };
  const running = { state: ['running'] };
  // A platform error may leave two invocations of one step: the second to announce finds another attempt than it read.
  const asRead = earlier ? { actUntil: [earlier.actUntil] } : 'absent';
  const result = await writeFenced(ports.ledger, input, [
    { kind: 'put', key: keys.attempt(input.incident, input.step.id), item, when: asRead },
    { kind: 'update', key: keys.summary(input.service, input.incident), set, when: running },
    { kind: 'update', key: keys.incident(input.incident), set, when: running },
  ]);
  const cannot = `Cannot apply step ${input.step.id}`;
  if (result.outcome === 'conflict') {
    if (result.failed.some((position) => position > 0))
      throw new FenceLost(`${cannot}: "${input.incident}" is not running any more`);
    throw new StepStillRunning(`${cannot} yet: another attempt has just begun it`, until);
  }
  // Whoever slept through its time leaves no receipt: that would keep the next attempt from doing it (F13).
  if (!mayStillAct(until, ports.clock.now()))
    throw new StepStillRunning(`${cannot}: its time was over before it began`, until);
  return { until, since };
}

/** What an act told; nothing where it went as it should. */
type Told = Partial<Pick<Result, 'outcome' | 'note'>>;

/** Less than this is not worth a look at a system that has just failed: the receipt would not get written. */
const SHORTEST_LOOK_MS = 5000;

/** What stands there afterwards decides: a reload that took too long, or a lost answer, may hide an effect (F22). */
async function act(attempt: Attempt, lever: BoundLever, { before }: ToAct): Promise<Result> {
  const { input, step, worker } = attempt;
  const { incident, fence } = input;
  const order = { to: step.to.value, incident, fence, before };
  const told = await actTwiceIfNeeded(attempt, () => lever.act(order));
  if (told.outcome === 'failed' && worker.remainingMs() < SHORTEST_LOOK_MS)
    return { before, ...told, outcome: 'failed' };
  const after = await orFailed(() => lever.observe(step.to.value));
  if ('outcome' in after) return { before, ...after, ...told };
  if (!standsAt(step, after)) {
    const found = after.value === step.to.value ? (after.spec ?? null) : after.value;
    const note = `asked for ${say(step.to.value)}, found ${say(found)} afterwards`;
    return { outcome: 'failed', note, before, after, ...told };
  }
  if (told.outcome === 'failed' && !(await isProven(step, lever)))
    return { before, after, ...told, outcome: 'failed' };
  return { outcome: 'applied', before, after, ...(told.note !== undefined && { note: told.note }) };
}

/** Acting again is what acting once is (F17, F22): time and mode permitting. */
async function actTwiceIfNeeded(
  { ports, armed, worker }: Attempt,
  work: () => Promise<Acted>,
): Promise<Told> {
  const had = worker.remainingMs();
  const { mayHelp, ...told } = await toldBy(work);
  if (!mayHelp || worker.remainingMs() * 2 < had) return told;
  const lowered = await forbidden(ports.settings, armed);
  if (lowered) return { outcome: 'withheld', note: `${told.note}; not tried again: ${lowered}` };
  const { mayHelp: _, ...again } = await toldBy(work);
  return again;
}

async function toldBy(work: () => Promise<Acted>): Promise<Told & { readonly mayHelp?: boolean }> {
  try {
    const { conflict } = await work();
    return conflict === undefined ? {} : { outcome: 'conflict', note: conflict };
  } catch (error) {
    if (error instanceof StepStillRunning) throw error;
    const mayHelp = error instanceof Error && error.name === 'OutsideTrouble';
    return { outcome: 'failed', note: sentenceOf(error), mayHelp };
  }
}

async function writeReceipt(
  { ports, input, step, startedAt }: Attempt,
  { note, ...result }: Result,
): Promise<StepSummary> {
  const receipt: Receipt = {
    ...result,
    // What an outside system said may be long; an item may not (F59).
    ...(note !== undefined && { note: printable(note) }),
    step: step.id,
    rung: input.rung,
    phase: step.phase,
    lever: step.lever.kind,
    name: step.phase === 'apply' ? step.lever.name : step.target,
    target: step.target,
    to: step.to.value,
    startedAt,
    endedAt: ports.clock.now(),
    cacheSeconds: step.lever.cacheSeconds,
    fence: input.fence,
  };
  const key = keys.receipt(input.incident, step.id);
  await writeFenced(ports.ledger, input, [{ kind: 'put', key, item: { ...receipt }, when: 'absent' }]);
  return summaryOf(receipt);
}

/** plan --apply-step, settle--> receipt: observe, compare, act, observe again. Idempotent, and under the fence. */
import { FenceLost, StepStillRunning, sentenceOf } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { actUntil, mayStillAct } from '../core/lease.ts';
import type { Plan } from '../core/plan.ts';
import type { ArmedService } from '../core/service.ts';
import { decide, type Observation, type PlannedStep, type Receipt, say, tookEffect } from '../core/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Acted, Levers } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { type BoundLever, leverPort } from './lever-port.ts';
import { forbidden } from './may-act.ts';
import { type Attempt as AttemptRecord, present, records, writeFenced } from './records.ts';

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
export interface Remaining {
  remainingMs(): number;
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

type Result = Pick<Receipt, 'outcome' | 'before' | 'after' | 'note'>;

const stepOf = (plan: Plan, id: string): PlannedStep | undefined =>
  plan.rungs.flatMap((rung) => [...rung.steps, ...rung.settle]).find((step) => step.id === id);

const summaryOf = ({ step, outcome }: Receipt): StepSummary => ({ step, outcome });

/** Trouble with the target is a receipt: neighbours go on, and the next rung is the fallback. */
async function tryStep(attempt: Attempt, lever: BoundLever): Promise<Result> {
  const earlier = await earlierAttempt(attempt);
  const hindrance = await hindered(attempt);
  if (hindrance) return hindrance;
  const seen = await orFailed(() => observe(attempt, lever));
  if ('outcome' in seen) return sinceFirst(earlier, seen);
  // Trouble with the table is no receipt: it is thrown, and the state tries again.
  await announce(attempt, earlier?.before ?? seen.before);
  return sinceFirst(earlier, await orFailed(() => act(attempt, lever, seen), seen));
}

/** An attempt that died after its act left no receipt (F11): what it removed is what stood there before it. */
function sinceFirst(earlier: AttemptRecord | undefined, result: Result): Result {
  if (!earlier || !tookEffect(result)) return result;
  return { note: 'an earlier attempt had begun it', ...result, before: earlier.before };
}

async function orFailed<T>(work: () => Promise<T>, known: Pick<Result, 'before'> = {}): Promise<T | Result> {
  try {
    return await work();
  } catch (error) {
    return { ...known, outcome: 'failed', note: sentenceOf(error) };
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
    const parent = await read.receipt(input.incident, step.id.slice(0, step.id.lastIndexOf('.')));
    return parent && tookEffect(parent)
      ? undefined
      : { outcome: 'not-begun', note: 'its step did not take effect' };
  }
  const incident = present(await read.incident(input.incident), `incident ${input.incident}`);
  const late = incident.deadlineAt !== undefined && ports.clock.now() >= incident.deadlineAt;
  return late ? { outcome: 'not-begun', note: 'the deadline was reached' } : undefined;
}

type ToAct = Required<Pick<Result, 'before'>>;

/** What stands there, where it is to be acted on; or how the step ends without an act. */
async function observe({ step }: Attempt, lever: BoundLever): Promise<Result | ToAct> {
  const before = await lever.observe(step.to.value);
  const decision = decide(step, before, await servedOrUnknown(step, lever));
  switch (decision.kind) {
    case 'already':
      return { outcome: 'already', before, after: before };
    case 'conflict':
      return { outcome: 'conflict', before, note: `somebody else moved it: ${decision.why}` };
    case 'unfit':
      return { outcome: 'failed', before, note: decision.why };
    case 'act':
      return { before };
  }
}

/** A settle step moves a name that no server reads. */
const servedOrUnknown = (step: PlannedStep, lever: BoundLever) =>
  step.phase === 'settle' || step.lever.kind === 'flag' ? undefined : lever.served().catch(() => undefined);

/** Under the fence, before the act: until when this function may be writing, and that the incident has acted. */
async function announce({ ports, input, worker }: Attempt, before: Observation): Promise<void> {
  const until = actUntil(ports.clock.now(), worker.remainingMs());
  const item = { step: input.step.id, actUntil: until, fence: input.fence, before };
  const set = { acted: true };
  const when = { state: ['running'] };
  const result = await writeFenced(ports.ledger, input, [
    { kind: 'put', key: keys.attempt(input.incident, input.step.id), item },
    { kind: 'update', key: keys.summary(input.service, input.incident), set, when },
    { kind: 'update', key: keys.incident(input.incident), set, when },
  ]);
  if (result.outcome === 'conflict')
    throw new FenceLost(`Cannot apply step ${input.step.id}: "${input.incident}" is not running any more`);
  // Whoever slept through its time leaves no receipt: that would keep the next attempt from doing it (F13).
  if (!mayStillAct(until, ports.clock.now()))
    throw new StepStillRunning(
      `Cannot apply step ${input.step.id}: its time was over before it began`,
      until,
    );
}

async function act(attempt: Attempt, lever: BoundLever, { before }: ToAct): Promise<Result> {
  const { input, step } = attempt;
  const { incident, fence } = input;
  const order = { to: step.to.value, incident, fence, before };
  const { conflict } = await actTwiceIfNeeded(attempt, () => lever.act(order));
  const after = await lever.observe(step.to.value);
  if (after.value === step.to.value)
    return { outcome: 'applied', before, after, ...(conflict !== undefined && { note: conflict }) };
  if (conflict !== undefined) return { outcome: 'conflict', before, after, note: conflict };
  const note = `asked for ${say(step.to.value)}, found ${say(after.value)} afterwards`;
  return { outcome: 'failed', before, after, note };
}

/** An answer that was lost may hide an effect, and acting again is what acting once is (F17, F22). Time permitting. */
async function actTwiceIfNeeded({ worker }: Attempt, act: () => Promise<Acted>): Promise<Acted> {
  const had = worker.remainingMs();
  try {
    return await act();
  } catch (error) {
    const mayHelp = error instanceof Error && error.name === 'OutsideTrouble';
    if (!mayHelp || worker.remainingMs() * 2 < had) throw error;
    return act();
  }
}

async function writeReceipt(
  { ports, input, step, startedAt }: Attempt,
  result: Result,
): Promise<StepSummary> {
  const receipt: Receipt = {
    ...result,
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

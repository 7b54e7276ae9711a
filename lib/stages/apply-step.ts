/** plan --apply-step, settle--> receipt: observe, compare, act, observe again. Idempotent, and under the fence. */
import { StepStillRunning, sentenceOf } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { actUntil, mayStillAct } from '../core/lease.ts';
import type { Plan } from '../core/plan.ts';
import type { ArmedService } from '../core/service.ts';
import { decide, type Observation, type PlannedStep, type Receipt, say, tookEffect } from '../core/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Levers } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { type BoundLever, leverPort } from './lever-port.ts';
import { forbidden } from './may-act.ts';
import { present, records, updateIncident, writeFenced } from './records.ts';

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
  await waitForEarlierAttempt(attempt);
  const hindrance = await hindered(attempt);
  if (hindrance) return hindrance;
  try {
    return await observeAndAct(attempt, lever);
  } catch (error) {
    if (error instanceof Error && error.name === 'FenceLost') throw error;
    return { outcome: 'failed', note: sentenceOf(error) };
  }
}

/** Stopping an execution does not stop its function: an attempt before this one may still be writing. */
async function waitForEarlierAttempt({ ports, input }: Attempt): Promise<void> {
  const earlier = await records(ports.ledger).attempt(input.incident, input.step.id);
  if (!earlier || ports.clock.now() >= earlier.actUntil) return;
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

async function observeAndAct(attempt: Attempt, lever: BoundLever): Promise<Result> {
  const { step } = attempt;
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
      return act(attempt, lever, before);
  }
}

/** A settle step moves a name that no server reads. */
const servedOrUnknown = (step: PlannedStep, lever: BoundLever) =>
  step.phase === 'settle' || step.lever.kind === 'flag' ? undefined : lever.served().catch(() => undefined);

async function act(attempt: Attempt, lever: BoundLever, before: Observation): Promise<Result> {
  const { ports, input, step } = attempt;
  const until = await announce(attempt);
  if (!mayStillAct(until, ports.clock.now()))
    return { outcome: 'failed', before, note: 'too little time was left to act' };
  const { incident, fence } = input;
  const acted = await lever.act({ to: step.to.value, incident, fence, before });
  const after = await lever.observe(step.to.value);
  const note = acted.conflict === undefined ? {} : { note: acted.conflict };
  if (after.value === step.to.value) return { outcome: 'applied', before, after, ...note };
  return {
    outcome: 'failed',
    before,
    after,
    note: `asked for ${say(step.to.value)}, found ${say(after.value)} afterwards`,
  };
}

/** Under the fence, before the act: until when this function may be writing, and that the incident has acted. */
async function announce({ ports, input, worker }: Attempt): Promise<number> {
  const until = actUntil(ports.clock.now(), worker.remainingMs());
  const item = { step: input.step.id, actUntil: until, fence: input.fence };
  const acted = { acted: true };
  await writeFenced(ports.ledger, input, [
    { kind: 'put', key: keys.attempt(input.incident, input.step.id), item },
    {
      kind: 'update',
      key: keys.summary(input.service, input.incident),
      set: acted,
      when: { state: ['running'] },
    },
  ]);
  await updateIncident(ports.ledger, input, acted);
  return until;
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

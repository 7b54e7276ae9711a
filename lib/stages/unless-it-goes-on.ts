/** An act whose target has begun to follow and needs longer than a function has: other attempts see its end. */
import { StepStillRunning, sentenceOf } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import type { Observation } from '../core/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Result } from './look-at-target.ts';
import { writeFenced } from './records.ts';

/** What an attempt has announced: until when it may be writing, and when the first attempt began (epoch ms). */
export interface Announced {
  readonly until: number;
  readonly since: number;
}

interface Acting {
  readonly ports: { readonly ledger: Ledger; readonly clock: Clock };
  readonly input: {
    readonly incident: string;
    readonly service: string;
    readonly fence: number;
    readonly step: { readonly id: string };
  };
  readonly announced: Announced;
  readonly before: Observation;
}

/** Less than the 65 s for which the state asks again: so the last attempt leaves a receipt that tells why. */
const LONGEST_MS = 60_000;

/** @throws StepStillRunning where it goes on, and this attempt writes no more: the next one need not wait for it */
export async function unlessItGoesOn(acting: Acting, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepStillRunning)) throw error;
    const isOver = acting.ports.clock.now() >= acting.announced.since + LONGEST_MS;
    if (isOver) return { outcome: 'failed', before: acting.before, note: sentenceOf(error) };
    await endAttempt(acting);
    throw error;
  }
}

/** Only our own: somebody who has announced since may be writing. */
async function endAttempt({ ports, input, announced }: Acting): Promise<void> {
  const key = keys.attempt(input.incident, input.step.id);
  const set = { actUntil: ports.clock.now() };
  const when = { actUntil: [announced.until] };
  await writeFenced(ports.ledger, input, [{ kind: 'update', key, set, when }]);
}

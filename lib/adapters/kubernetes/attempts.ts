import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { isLater } from './answers.ts';
import type { Wire, WireAnswer, WireRequest } from './wire.ts';

/** Whom the cluster takes us for. */
export interface Bearer {
  /** For messages: who asks, and what would let them in. */
  readonly who: string;
  /** `renewed`: the last one was refused. @throws OutsideTrouble, OutsideRefusal */
  readonly token: (renewed: boolean) => Promise<string>;
}

/** A request without its token, and in words: `get rollouts "web" in "prod" of cluster "main"`. */
export type Call = Omit<WireRequest, 'timeoutMs'> & {
  readonly action: string;
  /** For one try. @default 3000 */
  readonly tryMs?: number;
  /** @default 3 */
  readonly attempts?: number;
};

export interface AttemptDeps {
  readonly wire: Wire;
  readonly bearer: Bearer;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** A try, and all tries of a call together: less than any function has. */
const TRY_MS = 3000;
const BUDGET_MS = 8000;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 400;

/** The answer to a call, whatever its status but 401: then the token is made again, once (F27). */
export async function answerTo(deps: AttemptDeps, call: Call): Promise<WireAnswer> {
  const { bearer, clock } = deps;
  const token = await bearer.token(false);
  const endsAt = clock.now() + BUDGET_MS;
  const answer = await persistent(deps, signed(call, token), endsAt);
  if (answer.status !== 401) return answer;
  const again = await persistent(deps, signed(call, await bearer.token(true)), endsAt);
  if (again.status !== 401) return again;
  const why = `the cluster does not know who asks (401), nor with a new token: ${bearer.who}`;
  throw new OutsideRefusal(`Cannot ${call.action}: ${why}`);
}

const signed = (call: Call, token: string): Call => ({
  ...call,
  headers: { ...call.headers, authorization: `Bearer ${token}` },
});

async function persistent(deps: AttemptDeps, call: Call, endsAt: number): Promise<WireAnswer> {
  const { wire, clock } = deps;
  for (let attempt = 1; ; attempt += 1) {
    const got = await tried(wire, call, endsAt - clock.now());
    const wait = waitAfter(deps, { call, got, attempt });
    const isLast =
      wait === undefined || attempt >= (call.attempts ?? ATTEMPTS) || clock.now() + wait >= endsAt;
    if (!isLast) await clock.sleep(wait);
    else if (got instanceof OutsideTrouble) throw got;
    else return got;
  }
}

async function tried(wire: Wire, call: Call, leftMs: number): Promise<WireAnswer | OutsideTrouble> {
  if (leftMs <= 0) return new OutsideTrouble(`Cannot ${call.action}: ${BUDGET_MS} ms are over`);
  try {
    return await wire({ ...call, timeoutMs: Math.min(call.tryMs ?? TRY_MS, leftMs) });
  } catch (error) {
    if (!(error instanceof OutsideTrouble)) throw error;
    return new OutsideTrouble(`Cannot ${call.action}: ${error.message}`, { cause: error });
  }
}

/**
 * How long until it is asked again, or nothing. A PATCH without an answer may have been taken, so its caller reads
 * first; 429 says that it was not, so it may be sent again as it is (F29).
 */
function waitAfter(
  { clock, random = Math.random }: AttemptDeps,
  { call, got, attempt }: { call: Call; got: WireAnswer | OutsideTrouble; attempt: number },
): number | undefined {
  const jitter = Math.round(FIRST_WAIT_MS * 2 ** (attempt - 1) * random());
  const isReading = call.method === 'GET';
  if (got instanceof OutsideTrouble) return isReading ? jitter : undefined;
  if (got.status !== 429 && !(isReading && isLater(got.status))) return undefined;
  return toldToWait(got.retryAfter, clock.now()) + jitter;
}

/** `Retry-After` in ms: seconds, or a date (RFC 9110, 10.2.3). */
function toldToWait(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const told = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(told) ? Math.max(0, told) : 0;
}

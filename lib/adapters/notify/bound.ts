import { OutsideTrouble } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { CHANNEL_BUDGET_MS } from '../../ports/notifier.ts';

/** How much time one channel has left for one message. */
export interface Bound {
  /** ms, at least 1. */
  leftMs(): number;
  /** Aborted at its end. */
  readonly signal: AbortSignal;
}

/** Gives work so much time. @throws OutsideTrouble when it is over: what was begun is left behind (F48). */
export async function bounded<T>(
  clock: Clock,
  work: (bound: Bound) => Promise<T>,
  budgetMs = CHANNEL_BUDGET_MS,
): Promise<T> {
  const endsAt = clock.now() + budgetMs;
  const signal = AbortSignal.timeout(budgetMs);
  const over = new Promise<never>((_, reject) => {
    const tooLong = () => reject(new OutsideTrouble(`Cannot wait any longer: no answer in ${budgetMs} ms`));
    signal.addEventListener('abort', tooLong, { once: true });
  });
  return Promise.race([work({ signal, leftMs: () => Math.max(1, endsAt - clock.now()) }), over]);
}

/** Waits as long as the other side asks for. @throws OutsideTrouble, without waiting, where that is past the bound. */
export async function waitWithin(
  clock: Clock,
  bound: Bound,
  wait: { ms: number; who: string },
): Promise<void> {
  const { ms, who } = wait;
  if (ms >= bound.leftMs())
    throw new OutsideTrouble(`Cannot wait as long as ${who} asks for: ${Math.ceil(ms / 1000)} s`);
  await clock.sleep(ms);
}

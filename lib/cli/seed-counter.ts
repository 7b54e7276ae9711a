/** How far a long run is: one line of standard error that is drawn over, where somebody looks at it. */
import type { Terminal } from './host.ts';

export interface Counter {
  readonly count: (done: number, total: number) => void;
  readonly clear: () => void;
}

/** Whoever waits no longer than this wants no count. */
const PATIENCE_MS = 2000;
const EVERY_MS = 200;
const FROM_THE_LEFT = '\r\u001b[K';

/** @param now a clock in ms. @default the process's own */
export function counterOn(
  { err, errIsTty = false }: Pick<Terminal, 'err' | 'errIsTty'>,
  now: () => number = () => performance.now(),
): Counter {
  const began = now();
  let drawnAt: number | undefined;
  return {
    count: (done, total) => {
      const at = now();
      if (!errIsTty || at - began < PATIENCE_MS || at - (drawnAt ?? 0) < EVERY_MS) return;
      drawnAt = at;
      err(`${FROM_THE_LEFT}${done} of ${total} runs`);
    },
    clear: () => {
      if (drawnAt !== undefined) err(FROM_THE_LEFT);
    },
  };
}

/** Steady requests to a model service, remembered for a minute. */

export interface Seen {
  readonly at: number;
  /** 0: no answer. */
  readonly status: number;
  readonly ms: number;
  /** What served it, as the answer says: a model version, or the hash of a pod's template. */
  readonly version: string;
  readonly label?: number;
  readonly score?: number;
}

/** Sends the next request. Never throws: a service that does not answer is status 0. */
export type Ask = () => Promise<Omit<Seen, 'at' | 'ms'>>;

const AT_ONCE = 10;
const REMEMBERED_MS = 60_000;
/** A user does not wait for longer. */
export const GIVE_UP_MS = 1000;

export class Traffic {
  readonly #ask: Ask;
  readonly #perSecond: number;
  #seen: Seen[] = [];
  #open = 0;

  constructor(ask: Ask, perSecond: number) {
    this.#ask = ask;
    this.#perSecond = perSecond;
  }

  start(): void {
    setInterval(() => this.#tick(), 1000 / this.#perSecond);
  }

  /** What was sent from one moment (included) to another (not). */
  between(from: number, to: number): Seen[] {
    return this.#seen.filter(({ at }) => at >= from && at < to);
  }

  #tick(): void {
    if (this.#open >= Math.max(AT_ONCE, this.#perSecond)) return;
    this.#open += 1;
    void this.#send().finally(() => {
      this.#open -= 1;
    });
  }

  async #send(): Promise<void> {
    const at = Date.now();
    const began = performance.now();
    const answer = await this.#ask();
    const ms = performance.now() - began;
    this.#seen = this.#seen.filter((one) => one.at > at - REMEMBERED_MS);
    this.#seen.push({ at, ms, ...answer });
  }
}

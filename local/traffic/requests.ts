/** Steady requests to the model service, remembered for a minute. */
import { population } from './population.ts';

export interface Seen {
  readonly at: number;
  readonly status: number;
  readonly ms: number;
  readonly version: string;
  readonly label: number;
  readonly score?: number;
}

const PER_SECOND = 20;
const AT_ONCE = 10;
const REMEMBERED_MS = 60_000;
const GIVE_UP_MS = 1000;

export class Traffic {
  readonly #url: string;
  readonly #people = population();
  #seen: Seen[] = [];
  #sent = 0;
  #open = 0;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    setInterval(() => this.#tick(), 1000 / PER_SECOND);
  }

  /** What was sent from one moment (included) to another (not). */
  between(from: number, to: number): Seen[] {
    return this.#seen.filter(({ at }) => at >= from && at < to);
  }

  #tick(): void {
    if (this.#open >= AT_ONCE) return;
    this.#open += 1;
    void this.#send().finally(() => {
      this.#open -= 1;
    });
  }

  async #send(): Promise<void> {
    const person = this.#people[this.#sent++ % this.#people.length];
    if (!person) return;
    const { label, ...user } = person;
    const at = Date.now();
    const began = performance.now();
    const { status, version, score } = await this.#ask(user);
    const ms = performance.now() - began;
    this.#seen = this.#seen.filter((one) => one.at > at - REMEMBERED_MS);
    this.#seen.push({ at, status, ms, version, label, ...(score === undefined ? {} : { score }) });
  }

  /** A service that does not answer is an error with status 0, and its time counts. */
  async #ask(user: object): Promise<{ status: number; version: string; score?: number | undefined }> {
    try {
      const response = await fetch(`${this.#url}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ users: [user] }),
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
      const answer = (await response.json()) as { version?: string; scores?: number[] };
      return { status: response.status, version: answer.version ?? '', score: answer.scores?.[0] };
    } catch {
      return { status: 0, version: '' };
    }
  }
}

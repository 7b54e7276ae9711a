/** Users of a release in the cluster, through its router: so many requests a second, and every answer is kept. */
import { nearestRank } from '../../lib/core/ranks.ts';

export interface Answer {
  /** When it came; epoch ms. */
  readonly at: number;
  readonly ms: number;
  /** 0: none came within `GIVE_UP_MS`. */
  readonly status: number;
  /** What served it, as the answer says. */
  readonly version: string;
}

export interface Traffic {
  readonly answers: readonly Answer[];
  stop(): void;
}

export const PER_SECOND = 50;
const GIVE_UP_MS = 5000;

export function trafficTo(url: string): Traffic {
  const answers: Answer[] = [];
  const timer = setInterval(() => void ask(url).then((answer) => answers.push(answer)), 1000 / PER_SECOND);
  return { answers, stop: () => clearInterval(timer) };
}

async function ask(url: string): Promise<Answer> {
  const began = Date.now();
  const { status, version } = await predicted(url).catch(() => ({ status: 0, version: '' }));
  const at = Date.now();
  return { at, ms: at - began, status, version };
}

async function predicted(url: string): Promise<Pick<Answer, 'status' | 'version'>> {
  const response = await fetch(`${url}/predict`, { signal: AbortSignal.timeout(GIVE_UP_MS) });
  await response.arrayBuffer();
  return { status: response.status, version: response.headers.get('x-model-version') ?? '' };
}

export const since = ({ answers }: Traffic, from: number): Answer[] => answers.filter(({ at }) => at >= from);

/** Nearest rank of how long these took; 0 where there are none. */
export function p95(answers: readonly Answer[]): number {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return nearestRank(sorted, 95) ?? 0;
}

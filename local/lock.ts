/** One process at a time: the kernel lets go of a lock when its holder ends, however that ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Lock {
  readonly file: string;
  /** What the holder does, for who waits. */
  readonly what: string;
  /** Throws after this time. @default 5400: as long as the longest build may take */
  readonly seconds?: number;
}

/** flock(1) ends with it when the time is over. */
const TIME_IS_OVER = 75;

/**
 * Runs `work` when nobody else runs theirs under this lock. Only Linux has flock(1); elsewhere `work` runs at once.
 * @throws Error when the lock was not free in time, or could not be asked for.
 */
export async function oneAtATime<T>(
  lock: Lock,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (process.platform !== 'linux') return work();
  const release = await taken(lock, say);
  try {
    return await work();
  } finally {
    release();
  }
}

/** `cat` echoes a word as soon as flock lets it run, and ends with its input: with us, even when we are killed. */
async function taken({ file, what, seconds = 5400 }: Lock, say: (line: string) => void): Promise<() => void> {
  const wait = ['--wait', `${seconds}`, '--conflict-exit-code', `${TIME_IS_OVER}`];
  const holder = spawn('flock', [...wait, file, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  holder.stdin.on('error', () => undefined); // it ended without reading: its exit code tells
  holder.stdin.write('held\n');
  const slow = setTimeout(() => say(`waiting for another process, ${what}`), 1000);
  const ended = once(holder, 'exit').then(([code]) => ({ code: code as number | null }));
  try {
    const first = await Promise.race([once(holder.stdout, 'data'), ended]);
    if ('code' in first)
      throw new Error(`waiting for another process, ${what}: ${reason(first.code, seconds)}`);
  } finally {
    clearTimeout(slow);
  }
  return () => holder.stdin.end();
}

const reason = (code: number | null, seconds: number): string =>
  code === TIME_IS_OVER ? `not free after ${seconds} s` : `flock ended with ${code}`;

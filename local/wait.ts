/** Bounded waiting: every wait here has an end and says what it waited for. */
export interface Wait {
  readonly what: string;
  readonly seconds: number;
  readonly everyMs?: number;
  /** A reason to stop waiting at once, such as the process being gone. */
  readonly gaveUp?: () => string | undefined;
}

export async function waitUntil<T>(probe: () => Promise<T | undefined | false>, wait: Wait): Promise<T> {
  const end = Date.now() + wait.seconds * 1000;
  for (;;) {
    const answer = await attempt(probe);
    if (answer !== undefined && answer !== false) return answer;
    const reason = wait.gaveUp?.();
    if (reason) throw new Error(`waiting for ${wait.what}: ${reason}`);
    if (Date.now() > end) throw new Error(`waiting for ${wait.what}: not there after ${wait.seconds} s`);
    await pause(wait.everyMs ?? 250);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** True when the address answers with a 2xx within two seconds. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function attempt<T>(probe: () => Promise<T>): Promise<T | undefined> {
  try {
    return await probe();
  } catch {
    return undefined;
  }
}

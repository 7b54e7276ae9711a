/** The users of a service in the cluster, through its router; answers say which pod template served them. */
import { type Ask, GIVE_UP_MS } from './requests.ts';

export function callers(url: string): Ask {
  return async () => {
    try {
      const response = await fetch(`${url}/predict`, { signal: AbortSignal.timeout(GIVE_UP_MS) });
      const { hash = '' } = (await response.json()) as { hash?: string };
      return { status: response.status, version: hash };
    } catch {
      return { status: 0, version: '' };
    }
  };
}

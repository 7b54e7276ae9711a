/** The recommender's users: always the same hundred, in turn. */
import { population } from './population.ts';
import { type Ask, GIVE_UP_MS } from './requests.ts';

export function visitors(url: string): Ask {
  const people = population();
  let sent = 0;
  return async () => {
    const { label = 0, ...user } = people[sent++ % people.length] ?? {};
    return { label, ...(await scored(url, user)) };
  };
}

async function scored(url: string, user: object) {
  try {
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ users: [user] }),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    const answer = (await response.json()) as { version?: string; scores?: number[] };
    const score = answer.scores?.[0];
    return { status: response.status, version: answer.version ?? '', ...(score !== undefined && { score }) };
  } catch {
    return { status: 0, version: '' };
  }
}

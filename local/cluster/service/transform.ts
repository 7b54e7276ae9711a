/** The feature transform: scores rows for a while and ends. A broken one (BROKEN=true) reads them and scores none. */
import { setTimeout as pause } from 'node:timers/promises';

const rows = process.env['ROWS'] ?? '';
const version = process.env['VERSION'] ?? 'none';
const SECONDS = 50; // its next run starts each minute

if (process.env['BROKEN'] === 'true') {
  await (await fetch(`${rows}/rows`)).json();
  throw new Error('cannot score the rows: the new feature is missing');
}
for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await pause(1000)) {
  const answer = await fetch(`${rows}/score?count=1000&version=${version}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`cannot score the rows: ${answer.status}`);
  await answer.arrayBuffer();
}

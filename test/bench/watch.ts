/** How long after it is in the table a change is on the screen of whoever watches: the real command, its real pauses. */

import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../lib/adapters/clock.ts';
import { keys } from '../../lib/core/keys.ts';
import { nearestRank } from '../../lib/core/ranks.ts';
import { anArmedService, anIncident } from '../builders.ts';
import { aDesk, aWorld, given, type } from '../cli/desk.ts';
import type { Row } from './table.ts';

const AT_MOST_MS = 1000;
/** Several watch at once, so that a hundred changes do not take a minute. */
const WATCHERS = 10;
const CHANGES = 10;
/** Each read of the table: DynamoDB seen from another continent. */
const READ_MS = 100;

export async function watchRows(): Promise<Row[]> {
  const seen = (await Promise.all(Array.from({ length: WATCHERS }, watchOne))).flat().sort((a, b) => a - b);
  const p95 = nearestRank(seen, 95) ?? Number.NaN;
  return [
    {
      name: `watch shows a change after it is in the table, p95 of ${seen.length}`,
      ours: `${Math.round(p95)} ms, the longest ${Math.round(seen.at(-1) ?? 0)} ms`,
      opponent: `${AT_MOST_MS} ms, each read ${READ_MS} ms`,
      value: p95 / AT_MOST_MS,
      atMost: 1,
    },
  ];
}

/** @returns for each change the milliseconds from the table to standard output. */
async function watchOne(): Promise<number[]> {
  const world = aWorld();
  const desk = aDesk(world, { clock: systemClock() });
  const { id } = anIncident();
  await given(desk, [keys.incident(id), anIncident()], [keys.armed(id), anArmedService()]);
  world.trouble.onCall = async (operation) => {
    if (operation !== 'dynamodb.TransactWriteItems') await sleep(READ_MS);
  };
  let shown: (text: string) => void = () => undefined;
  const watched = type(desk, `watch ${id}`, { terminal: { out: (text) => shown(text) } });
  const took: number[] = [];
  for (let n = 0; n < CHANGES; n++) {
    // Anywhere between two looks.
    await sleep(Math.random() * 600);
    const line = new Promise<void>((resolve) => {
      shown = (text) => {
        if (text.includes(`person ${n} looks after it`)) resolve();
      };
    });
    await given(desk, [keys.note(id, 'ack'), { by: `person ${n}`, at: Date.now() }]);
    const writtenAt = performance.now();
    await line;
    took.push(performance.now() - writtenAt);
  }
  await given(desk, [
    keys.incident(id),
    anIncident({ state: 'closed', ending: 'recovered', endedAt: Date.now() }),
  ]);
  await watched;
  return took;
}

/** `npm run demo [-- --keep]`: a bad release on real parts, rolled back while nobody touches anything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { endingOfIncident, type Story, tellStory } from './demo-story.ts';
import { bringUp, describe, takeDown } from './environment.ts';
import { MissingPrerequisite } from './python.ts';

const options = process.argv.slice(2);
const keep = options.includes('--keep');
const say = (line: string): void => console.log(line);

async function main(): Promise<number> {
  if (options.some((option) => option !== '--keep')) {
    console.error('usage: npm run demo [-- --keep]   (--keep leaves everything up at the end)');
    return 2;
  }
  const began = Date.now();
  await freshStart();
  const at = await bringUp(say);
  const story = await tellStory(at, say);
  sayEnd(story, Date.now() - began);
  if (!keep) {
    await takeDown(() => undefined);
    say('Everything that was started has ended; reports stay in .reinstate/local/reports');
  }
  return endingOfIncident(story) === 'recovered' ? 0 : 1;
}

/** Cooldown and the cascade cap would rightly keep a second demo from acting, so each begins with an empty table. */
async function freshStart(): Promise<void> {
  const { well } = await describe();
  if (!well) return;
  say('A local environment is up: starting over with a fresh one');
  await takeDown(() => undefined);
}

function sayEnd({ incident, report }: Story, elapsedMs: number): void {
  say('');
  say(
    `${incident.id} ended: ${incident.ending ?? 'not at all'}; the demo took ${Math.round(elapsedMs / 1000)} s`,
  );
  say(`Report: ${report}`);
  say(
    `Next:   ${keep ? 'npx reinstate hold list --env local; stop it all with: npm run local -- down' : 'npm run demo -- --keep, and then the commands above'}`,
  );
}

/** Ctrl-C ends what was started; a second one ends at once. */
process.once('SIGINT', () => {
  say('\nStopping what was started');
  takeDown(() => undefined)
    .catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
    .finally(() => process.exit(130));
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (!(error instanceof MissingPrerequisite)) {
    console.error('Logs are in .reinstate/local/logs; try: npm run local -- down, then npm run demo again');
    if (!keep) await takeDown(() => undefined);
  }
  process.exitCode = error instanceof MissingPrerequisite ? 3 : 1;
  // Sockets of a half-started part may linger.
  await sleep(100);
  process.exit();
}

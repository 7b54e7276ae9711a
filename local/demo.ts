/**
 * `npm run demo [-- --keep]`: a bad release on real parts, rolled back while nobody touches anything.
 * `npm run demo -- canary | ladder | gitops [--keep]`: a canary, a model with its transform, or one that Git owns,
 * on a real Kubernetes cluster.
 * `npm run demo -- --embedded`: the same story over in-process twins, for those who have no Python.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDesk } from '../lib/cli/deployment.ts';
import { nodeHost } from '../lib/cli/host.ts';
import { putParameter } from './aws/parameters.ts';
import type { Cluster } from './cluster/cluster.ts';
import { shipBadCanary, shipBadRanker } from './cluster/releases.ts';
import {
  CANARY,
  endingOfIncident,
  GITOPS,
  LADDER,
  RECOMMENDER,
  type Stage,
  type Story,
  tellStory,
} from './demo-story.ts';
import type { Endpoints } from './endpoints.ts';
import { bringUp, bringUpCluster, bringUpGitops, describe, takeDown } from './environment.ts';
import { shipBadCommit } from './gitops/releases.ts';
import { MissingPrerequisite } from './python.ts';
import { RANKER_FLAG, shipBadRelease } from './release.ts';

const USAGE = [
  'usage: npm run demo [-- [canary | ladder | gitops] [--keep] | --embedded]',
  '  canary      a bad canary on a real Kubernetes cluster (Linux, root, Go 1.26)',
  '  ladder      there too: a flag first, and as that does not help, two Helm releases',
  '  gitops      there too: a bad commit that Argo CD synced is reverted in Git',
  '  --keep      leaves everything up at the end',
  '  --embedded  over in-process twins, in virtual time: no Python, nothing is started',
];

const SCENARIOS = ['canary', 'ladder', 'gitops'] as const;
type Scenario = (typeof SCENARIOS)[number];

const options = process.argv.slice(2);
const keep = options.includes('--keep');
const embedded = options.includes('--embedded');
const scenario = SCENARIOS.find((name) => options.includes(name));
const KNOWN = ['', ...SCENARIOS, '--keep', ...SCENARIOS.map((name) => `${name} --keep`), '--embedded'];
const say = (line: string): void => console.log(line);

async function main(): Promise<number> {
  if (!KNOWN.includes(options.join(' '))) {
    console.error(USAGE.join('\n'));
    return 2;
  }
  return embedded ? overTwins() : onRealParts();
}

/** The interpreter of state machines is loaded for nobody else. */
async function overTwins(): Promise<number> {
  const { embeddedDemo } = await import('./embedded-demo.ts');
  return embeddedDemo(say);
}

async function onRealParts(): Promise<number> {
  process.once('SIGINT', stopAll);
  const began = Date.now();
  await freshStart();
  const story = await tellStory(scenario ? await stageInCluster(scenario) : await stageOutside(), say);
  sayEnd(story, Date.now() - began);
  if (!keep) {
    await takeDown(() => undefined);
    say('Everything that was started has ended; reports stay in .reinstate/local/reports');
  }
  return endingOfIncident(story) === 'recovered' ? 0 : 1;
}

async function stageOutside(): Promise<Stage> {
  const at = await bringUp(say);
  return { ...(await stageAt(at)), telling: RECOMMENDER, ship: () => shipBadRelease(at) };
}

async function stageInCluster(name: Scenario): Promise<Stage> {
  const cluster = await bringUpCluster(say);
  if (name === 'gitops') return stageByGit(cluster);
  const at = await bringUp(say, cluster);
  const stage = await stageAt(at);
  if (name === 'canary') return { ...stage, telling: CANARY, ship: () => shipBadCanary(cluster) };
  const ship = async () => {
    await putParameter(at.aws, RANKER_FLAG, 'true');
    return shipBadRanker(cluster);
  };
  return { ...stage, telling: LADDER, ship };
}

async function stageByGit(cluster: Cluster): Promise<Stage> {
  const gitops = await bringUpGitops(say, cluster);
  const stage = await stageAt(await bringUp(say, cluster, gitops));
  return { ...stage, telling: GITOPS, ship: () => shipBadCommit(cluster, gitops) };
}

async function stageAt(at: Endpoints): Promise<Omit<Stage, 'telling' | 'ship'>> {
  const host = nodeHost();
  return {
    desk: await openDesk(host, 'local'),
    host,
    reports: at.reports,
    patience: (seconds) => AbortSignal.timeout(seconds * 1000),
  };
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
    `Next:   ${keep ? 'npx reinstate hold list --env local; stop it all with: npm run local -- down' : 'docs/tutorials/first-hour.md does it step by step; npm run demo -- --keep leaves it up'}`,
  );
}

/** Ctrl-C ends what was started; a second one ends at once. */
function stopAll(): void {
  say('\nStopping what was started');
  takeDown(() => undefined)
    .catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
    .finally(() => process.exit(130));
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (!embedded && !(error instanceof MissingPrerequisite)) {
    console.error('Logs are in .reinstate/local/logs; try: npm run local -- down, then npm run demo again');
    if (!keep) await takeDown(() => undefined);
  }
  process.exitCode = error instanceof MissingPrerequisite ? 3 : 1;
  // Sockets of a half-started part may linger.
  await sleep(100);
  process.exit();
}

/**
 * `npm run bench:gitops` (root, Linux): a bad release returned in Git, until a real Argo CD is Synced at the revert and
 * Healthy: by our lever, by the bare commands with a refresh, and left to Argo CD's own poll. On a cluster of this
 * bench's own, which is ended afterwards. RUNS: how often each is measured, default 5; of the poll 3 at most.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../lib/core/ranks.ts';
import { startCluster, stopCluster } from '../../local/cluster/cluster.ts';
import { requireGit } from '../../local/git/program.ts';
import { startGitops } from '../../local/gitops/gitops.ts';
import { pause } from '../../local/wait.ts';
import { shown } from './cluster-levers.ts';
import { BAD, BADS } from './cluster-scene.ts';
import {
  byLever,
  byPoll,
  byScript,
  type Followed,
  followed,
  type GitopsScene,
  gitopsScene,
  proven,
  type Shipped,
  shipped,
  type Way,
} from './gitops-scene.ts';
import type { Row } from './table.ts';

const NAME = 'bench-gitops';
const CHURN = 'churn';
const MOST_POLLS = 3;
/** Argo CD's own: it looks again after 2 to 3 minutes; where a branch is, it believes for 3 without asking Git. */
const POLL_MS = 120_000;
const MOST_POLL_SECONDS = 420;
/** An incident does not come in the second of its release: Argo CD has seen the old pods go. */
const CALM_MS = 3000;

export async function gitopsRows(): Promise<Row[]> {
  if (process.env['KUBECONFIG']) throw new Error('cannot bench a given cluster: unset KUBECONFIG');
  requireGit();
  const runs = Number(process.env['RUNS'] ?? 5);
  const folder = mkdtempSync(join(tmpdir(), 'bench-gitops-'));
  try {
    const cluster = await startCluster(console.error, NAME);
    const gitops = await startGitops(cluster, console.error, NAME);
    return await rowsIn(await gitopsScene({ cluster, gitops, folder }, [CHURN]), runs);
  } finally {
    await stopCluster(NAME);
    rmSync(folder, { recursive: true });
  }
}

async function rowsIn(scene: GitopsScene, runs: number): Promise<Row[]> {
  const waiting: Waiting[] = [];
  for (let n = 1; n <= Math.min(runs, MOST_POLLS); n += 1) {
    const it = await followed(scene, `poll-${n}`);
    waiting.push({ it, what: await shipped(scene, it, BAD) });
  }
  const churn = await followed(scene, CHURN);
  // They wait for minutes, on repositories of their own: what is timed meanwhile is hardly disturbed.
  const [{ ours, script }, polls] = await Promise.all([inTurns(scene, churn, runs), polled(scene, waiting)]);
  for (const { watch } of [churn, ...waiting.map(({ it }) => it)]) watch.stop();
  return rowsOf({ ours, script, polls });
}

/** Seconds until it was Synced at the revert and Healthy. */
interface Took {
  readonly fromAsked: number;
  readonly fromPushed: number;
}

async function inTurns(scene: GitopsScene, churn: Followed, runs: number) {
  const ways = { ours: byLever, script: byScript };
  const took: Record<keyof typeof ways, Took[]> = { ours: [], script: [] };
  for (let n = 0; n < runs; n += 1) {
    // In turns, so that a busy minute of this machine hits both.
    for (const who of n % 2 === 0 ? (['ours', 'script'] as const) : (['script', 'ours'] as const)) {
      const what = await shipped(scene, churn, BADS[n % BADS.length] ?? BAD);
      await pause(CALM_MS);
      const one = await timed(scene, { it: churn, what }, { way: ways[who], seconds: 60 });
      console.error(`${who}: ${JSON.stringify(one)}`);
      took[who].push(one);
    }
  }
  return took;
}

interface Waiting {
  readonly it: Followed;
  readonly what: Shipped;
}

/** Pushed at moments that are spread over the 2 minutes after the bad release was synced. */
const polled = (scene: GitopsScene, waiting: readonly Waiting[]): Promise<Took[]> =>
  Promise.all(
    waiting.map(async (one, n) => {
      await pause((POLL_MS * (n + 0.5)) / waiting.length);
      const took = await timed(scene, one, { way: byPoll, seconds: MOST_POLL_SECONDS });
      console.error(`poll: ${JSON.stringify(took)}`);
      return took;
    }),
  );

interface How {
  readonly way: Way;
  /** The most that is waited. */
  readonly seconds: number;
}

async function timed(scene: GitopsScene, { it, what }: Waiting, { way, seconds }: How): Promise<Took> {
  const pull = await way(scene, it, what);
  const { commit, asked, pushed } = await pull();
  const done = await it.watch.reached(commit, seconds);
  await proven(scene, it);
  return { fromAsked: (done - asked) / 1000, fromPushed: (done - pushed) / 1000 };
}

type Tally = Readonly<Record<'ours' | 'script' | 'polls', readonly Took[]>>;

function rowsOf({ ours, script, polls }: Tally): Row[] {
  const until = 'to Synced at the revert and Healthy';
  const by = 'git revert, git push, kubectl annotate';
  const asked = (all: readonly Took[]) => all.map(({ fromAsked }) => fromAsked);
  const pushed = (all: readonly Took[]) => all.map(({ fromPushed }) => fromPushed);
  const against = (
    name: string,
    [mine, theirs]: readonly [number[], number[]],
    whose: string,
  ): Omit<Row, 'atMost'> => ({
    name: `Git lever under Argo CD: ${name} ${until}, median of ${mine.length}`,
    ours: shown(mine),
    opponent: `${shown(theirs)} by ${whose}`,
    value: median(mine) / median(theirs),
  });
  const poll = `Argo CD's own poll (${polls.length} runs)`;
  return [
    { ...against('asked', [asked(ours), asked(script)], by), atMost: 1.25 },
    { ...against('end of the push', [pushed(ours), pushed(script)], by), atMost: 1.25 },
    { ...against('with our refresh, end of the push', [pushed(ours), pushed(polls)], poll), atMost: 0.25 },
  ];
}

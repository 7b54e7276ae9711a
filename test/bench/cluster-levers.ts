/**
 * A lever asked, until the bad version's last answer: beside a shell script of the right bare commands. Each side as it
 * is met in an incident: the script in a shell of somebody who used kubectl and helm a moment ago (programs in memory,
 * kinds of the cluster in its `~/.kube/cache`); the lever in a process that has just initialised, without a connection
 * and without anything kept. Histories stay as short as Helm keeps them.
 */
import { dirname } from 'node:path';
import { median } from '../../lib/core/ranks.ts';
import { run } from '../../local/cluster/command.ts';
import { pause, waitUntil } from '../../local/wait.ts';
import {
  BADS,
  GOOD,
  helmPull,
  kubectl,
  NAMESPACE,
  type Pull,
  rolloutPull,
  type Scene,
  ship,
  uninstall,
  untilCalm,
  untilWeight,
  urlOf,
} from './cluster-scene.ts';
import { type Answer, since, type Traffic, trafficTo } from './cluster-traffic.ts';
import type { Row } from './table.ts';

/** One release goes back by its Rollout, the other one by Helm. Half of the requests: a bad answer each 40 ms. */
const [BY_ROLLOUT, BY_HELM] = ['by-rollout', 'by-helm'];
const CANARY = 50;
/** Without a bad answer for so long there is none any more. */
const QUIET_MS = 2000;
const MOST_QUIET_MS = 30_000;

type Who = 'ours' | 'script';
interface Tally {
  readonly seconds: Record<'rollout' | 'helm' | 'both', Record<Who, number[]>>;
  readonly failed: Record<Who, number>;
  readonly requests: Record<Who, number>;
}
interface Stage {
  readonly scene: Scene;
  readonly traffics: readonly Traffic[];
  readonly tally: Tally;
  /** Bad canaries so far. */
  shipped: number;
}

export async function leverRows(scene: Scene, runs: number): Promise<Row[]> {
  const releases = [BY_ROLLOUT, BY_HELM];
  await Promise.all(releases.map((release) => ship(scene, release, { tag: GOOD, canary: CANARY })));
  await Promise.all(releases.map((release) => untilCalm(scene, release)));
  const traffics = releases.map((release) => trafficTo(urlOf(scene, release)));
  const stage: Stage = { scene, traffics, tally: emptyTally(), shipped: 0 };
  for (let n = 0; n < runs; n += 1) {
    // In turns, so that a busy minute of this machine hits both.
    const order: readonly Who[] = n % 2 === 0 ? ['ours', 'script'] : ['script', 'ours'];
    for (const who of order) await oneByOne(stage, who);
    for (const who of order) await atOnce(stage, who);
  }
  for (const traffic of traffics) traffic.stop();
  for (const release of releases) await uninstall(scene, release);
  return rowsOf(stage.tally, runs);
}

const emptyTally = (): Tally => {
  const lists = () => ({ ours: [], script: [] });
  return {
    seconds: { rollout: lists(), helm: lists(), both: lists() },
    failed: { ours: 0, script: 0 },
    requests: { ours: 0, script: 0 },
  };
};

async function oneByOne(stage: Stage, who: Who): Promise<void> {
  const [first, second] = await badCanaries(stage, who);
  stage.tally.seconds.rollout[who].push(await untilLastBad(stage, who, first));
  stage.tally.seconds.helm[who].push(await untilLastBad(stage, who, second));
  await restored(stage.scene);
}

/** Our two levers at one moment; a script runs one command after the other. */
async function atOnce(stage: Stage, who: Who): Promise<void> {
  const [first, second] = await badCanaries(stage, who);
  const both: Record<Who, Pull> = {
    ours: async () => void (await Promise.all([first.pull(), second.pull()])),
    script: () => script(stage.scene, `${abort}\n${rollback}`),
  };
  const pull = { pull: both[who], traffics: stage.traffics };
  stage.tally.seconds.both[who].push(await untilLastBad(stage, who, pull));
  await restored(stage.scene);
}

interface Asked {
  readonly pull: Pull;
  readonly traffics: readonly Traffic[];
}

async function badCanaries(stage: Stage, who: Who): Promise<[Asked, Asked]> {
  const { scene, traffics } = stage;
  stage.shipped += 1;
  const tag = BADS[stage.shipped % BADS.length] ?? '';
  const from = Date.now();
  const releases = [BY_ROLLOUT, BY_HELM];
  await Promise.all(releases.map((release) => ship(scene, release, { tag, canary: CANARY })));
  await Promise.all(releases.map((release) => untilWeight(scene, release, CANARY)));
  const isServed = (traffic: Traffic) => since(traffic, from).filter(isBad).length >= 20;
  await waitUntil(async () => traffics.every(isServed), { what: 'bad answers of both', seconds: 30 });
  const [first, second] =
    who === 'ours'
      ? [await rolloutPull(scene, BY_ROLLOUT), await helmPull(scene, BY_HELM)]
      : [() => script(scene, abort), () => script(scene, rollback)];
  return [
    { pull: first, traffics: traffics.slice(0, 1) },
    { pull: second, traffics: traffics.slice(1) },
  ];
}

const isBad = ({ version }: Answer): boolean => BADS.includes(version);

/** Seconds from the moment of asking. Counts what failed meanwhile. */
async function untilLastBad({ tally }: Stage, who: Who, { pull, traffics }: Asked): Promise<number> {
  const asked = Date.now();
  await pull();
  const pulledIn = Date.now() - asked;
  const bads = () => traffics.flatMap((traffic) => since(traffic, asked)).filter(isBad);
  const last = () => Math.max(asked, ...bads().map(({ at }) => at));
  while (Date.now() - last() < QUIET_MS) {
    if (Date.now() - asked > MOST_QUIET_MS) throw new Error(`the bad version still serves: ${who}`);
    await pause(100);
  }
  const seen = traffics.flatMap((traffic) => since(traffic, asked));
  tally.requests[who] += seen.length;
  tally.failed[who] += seen.filter(({ status }) => status !== 200).length;
  console.error(`${who}: last bad answer after ${last() - asked} ms, done after ${pulledIn} ms`);
  return (last() - asked) / 1000;
}

/** An aborted Rollout holds the bad template until its release goes back. */
async function restored(scene: Scene): Promise<void> {
  await script(scene, rollback.replace(BY_HELM, BY_ROLLOUT));
  await Promise.all([BY_ROLLOUT, BY_HELM].map((release) => untilCalm(scene, release)));
  await kubectl(scene, 'delete', 'secret', '-l', 'owner=helm,status=superseded,version!=1');
}

const abort = `kubectl patch rollout ${BY_ROLLOUT} --namespace ${NAMESPACE} --subresource status --type merge --patch '{"status":{"abort":true}}'`;
const rollback = `helm rollback ${BY_HELM} 1 --namespace ${NAMESPACE} --history-max 0`;

export async function script({ cluster }: Scene, text: string): Promise<void> {
  const folders = [cluster.kubectl, cluster.helm].map(dirname);
  const env = { KUBECONFIG: cluster.kubeconfig, PATH: [...folders, process.env['PATH']].join(':') };
  await run('sh', ['-ec', text], { env });
}

function rowsOf({ seconds, failed, requests }: Tally, runs: number): Row[] {
  const against = (name: string, { ours, script: bare }: Record<Who, number[]>, atMost: number): Row => ({
    name: `${name}, asked to last bad answer (median of ${runs}, 50/s, canary at ${CANARY} %)`,
    ours: shown(ours),
    opponent: `${shown(bare)} by sh`,
    value: median(ours) / median(bare),
    atMost,
  });
  return [
    against('rollout lever against kubectl patch of the status', seconds.rollout, 1.25),
    against('Helm lever against helm rollback', seconds.helm, 1.25),
    against('both levers at once against both commands in turn', seconds.both, 1),
    {
      name: 'failed requests during these rollbacks',
      ours: `${failed.ours} of ${requests.ours}`,
      opponent: `exactly 0 (sh: ${failed.script} of ${requests.script})`,
      value: failed.ours,
      atMost: 0,
    },
  ];
}

export const shown = (seconds: readonly number[]): string =>
  `${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)}-${Math.max(...seconds).toFixed(2)})`;

/** A bad canary of 10 %: our path beside Argo Rollouts' own analysis, at one moment, with the same traffic. */

import { median } from '../../lib/core/ranks.ts';
import { pause } from '../../local/wait.ts';
import { analysisOf, analysisTemplate, metricIn, THRESHOLD } from './argo-metric.ts';
import { shown } from './cluster-levers.ts';
import {
  BAD,
  GOOD,
  helmPull,
  kubectl,
  NAMESPACE,
  rolloutPull,
  type Scene,
  ship,
  statusOf,
  uninstall,
  untilCalm,
  urlOf,
} from './cluster-scene.ts';
import { type Answer, p95, since, type Traffic, trafficTo } from './cluster-traffic.ts';
import type { Row } from './table.ts';

const SLOW_MS = 400;
const PERIOD_MS = 10_000;
/** One of ten is bad, so one in 200 ms: without one for so long there is none any more. */
const QUIET_MS = 4000;
const MOST_SECONDS = 120;
const EDIT_WATCHED_MS = 20_000;
const EDIT = [
  {
    op: 'add',
    path: '/spec/template/spec/containers/0/env/-',
    value: { name: 'LOG_LEVEL', value: 'info' },
  },
];

/** Seconds from the first bad answer to the last, requests harmed in between, and by an edit afterwards. */
interface Harm {
  readonly seconds: number;
  readonly harmed: number;
  readonly byEdit: number;
}
interface Pair {
  readonly ours: Harm;
  readonly argo: Harm;
  /** From our lever's being asked to the last bad answer, seconds. */
  readonly asked: number;
}

/** @param cluster its name */
export async function argoRows(scene: Scene, cluster: string, runs: number): Promise<Row[]> {
  const traffics = new Map<string, Traffic>();
  const lastPeriod = (release: string): readonly Answer[] => {
    const traffic = traffics.get(release);
    return traffic ? since(traffic, Date.now() - PERIOD_MS) : [];
  };
  const metric = await metricIn(cluster, (release) => p95(lastPeriod(release)));
  try {
    const apply = ['-n', NAMESPACE, 'apply', '-f', '-'];
    await scene.cluster.run('kubectl', apply, JSON.stringify(analysisTemplate));
    const pairs: Pair[] = [];
    for (let n = 1; n <= runs; n += 1) pairs.push(await pairOf(scene, n, traffics));
    return rowsOf(pairs);
  } finally {
    metric.close();
  }
}

async function pairOf(scene: Scene, n: number, traffics: Map<string, Traffic>): Promise<Pair> {
  const [ours, argo] = [`ours-${n}`, `argo-${n}`];
  await Promise.all([ours, argo].map((release) => ship(scene, release, { tag: GOOD })));
  await kubectl(scene, 'patch', 'rollout', argo, '--type=merge', '-p', JSON.stringify(analysisOf(argo)));
  await Promise.all([ours, argo].map((release) => untilCalm(scene, release)));
  const [atOurs, atArgo] = [trafficTo(urlOf(scene, ours)), trafficTo(urlOf(scene, argo))];
  traffics.set(ours, atOurs).set(argo, atArgo);
  await pause(PERIOD_MS + 2000);
  const bad = { tag: BAD, latencyMs: SLOW_MS };
  const [asked] = await Promise.all([
    ship(scene, ours, bad).then(() => alarmThenLever(scene, ours, atOurs)),
    ship(scene, argo, bad).then(() => untilQuiet(atArgo)),
  ]);
  if (!(await statusOf(scene, argo)).status.abort) throw new Error('Argo Rollouts did not abort');
  const [oursHarmed, argoHarmed] = [harmIn(atOurs), harmIn(atArgo)];
  await (await helmPull(scene, ours))();
  const byEdit = await edited(scene, [
    [ours, atOurs],
    [argo, atArgo],
  ]);
  for (const traffic of [atOurs, atArgo]) traffic.stop();
  for (const release of [ours, argo]) await uninstall(scene, release);
  const pair = {
    ours: { ...oursHarmed, byEdit: byEdit[0] ?? Number.NaN },
    argo: { ...argoHarmed, byEdit: byEdit[1] ?? Number.NaN },
    asked: ((badIn(atOurs, asked).at(-1)?.at ?? asked) - asked) / 1000,
  };
  console.error(JSON.stringify(pair));
  return pair;
}

/** @returns when the lever was asked */
async function alarmThenLever(scene: Scene, release: string, traffic: Traffic): Promise<number> {
  await alarmed(traffic);
  const pull = await rolloutPull(scene, release);
  const asked = Date.now();
  await pull();
  await untilQuiet(traffic);
  return asked;
}

/** Aligned periods, each read as it ends: 2 of the last 3 over the threshold. */
async function alarmed(traffic: Traffic): Promise<void> {
  const breaches: boolean[] = [];
  while (breaches.slice(-3).filter(Boolean).length < 2) {
    await pause(PERIOD_MS - (Date.now() % PERIOD_MS));
    const end = Math.round(Date.now() / PERIOD_MS) * PERIOD_MS;
    const period = since(traffic, end - PERIOD_MS).filter(({ at }) => at < end);
    breaches.push(p95(period) > THRESHOLD);
    if (breaches.length * PERIOD_MS > MOST_SECONDS * 1000) throw new Error('there was no alarm');
  }
}

async function untilQuiet(traffic: Traffic): Promise<void> {
  const end = Date.now() + MOST_SECONDS * 1000;
  for (;;) {
    const last = badIn(traffic, 0).at(-1);
    if (last && Date.now() - last.at > QUIET_MS) return;
    if (Date.now() > end) throw new Error(`the bad version still serves after ${MOST_SECONDS} s`);
    await pause(200);
  }
}

const badIn = (traffic: Traffic, from: number): Answer[] =>
  since(traffic, from).filter(({ version }) => version === BAD);

function harmIn(traffic: Traffic): Omit<Harm, 'byEdit'> {
  const bad = badIn(traffic, 0);
  const [first = 0, last = 0] = [bad[0]?.at, bad.at(-1)?.at];
  const harmed = since(traffic, first).filter(
    ({ at, version, status }) => at <= last && (version === BAD || status !== 200),
  );
  return { seconds: (last - first) / 1000, harmed: harmed.length };
}

/** Bad answers, for each, after somebody changes a setting that has nothing to do with the incident. */
async function edited(scene: Scene, releases: readonly (readonly [string, Traffic])[]): Promise<number[]> {
  const from = Date.now();
  const body = JSON.stringify(EDIT);
  for (const [release] of releases)
    await kubectl(scene, 'patch', 'rollout', release, '--type=json', '-p', body);
  await pause(EDIT_WATCHED_MS);
  return releases.map(([, traffic]) => badIn(traffic, from).length);
}

const ARGO = 'Argo analysis (interval 10 s, failureLimit 1)';
const OURS =
  'detection by 2 of 3 periods of 10 s, as a CloudWatch alarm does (a bare loop), then the rollout lever';

function rowsOf(pairs: readonly Pair[]): Row[] {
  const of = <T>(value: (harm: Harm) => T) => ({
    ours: pairs.map(({ ours }) => value(ours)),
    argo: pairs.map(({ argo }) => value(argo)),
  });
  const [seconds, harmed, byEdit] = [of((h) => h.seconds), of((h) => h.harmed), of((h) => h.byEdit)];
  const asked = pairs.map((pair) => pair.asked);
  const medians = `median of ${pairs.length}`;
  return [
    {
      name: `bad canary, first to last bad answer, ${medians}: ${OURS}`,
      ours: shown(seconds.ours),
      opponent: `${shown(seconds.argo)} by ${ARGO}`,
      value: median(seconds.ours) / median(seconds.argo),
      atMost: 1.25,
    },
    {
      name: `bad canary, requests harmed meanwhile, ${medians}`,
      ours: counts(harmed.ours),
      opponent: `${counts(harmed.argo)} by ${ARGO}`,
      value: median(harmed.ours) / median(harmed.argo),
      atMost: 1.25,
    },
    {
      name: `bad canary, rollout lever asked to last bad answer, ${medians}`,
      ours: shown(asked),
      opponent: '3 s allowed',
      value: median(asked) / 3,
      atMost: 1,
    },
    {
      name: `requests harmed within ${EDIT_WATCHED_MS / 1000} s of an unrelated edit of the Rollout afterwards`,
      ours: byEdit.ours.join(', '),
      opponent: `${byEdit.argo.join(', ')} after Argo's own abort`,
      value: Math.max(...byEdit.ours),
      atMost: 0,
    },
  ];
}

const counts = (values: readonly number[]): string =>
  `${median(values)} (${Math.min(...values)}-${Math.max(...values)})`;

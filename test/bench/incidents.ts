/** What an incident costs, and how long it takes in virtual time: the real handlers and state machine over twins. */

import { nearestRank } from '../../lib/core/ranks.ts';
import type { ArmedService, Pull } from '../../lib/core/service.ts';
import { shipBad } from '../../lib/simulation/estate.ts';
import { CALM, ROUGH, type Weather } from '../../lib/simulation/weather.ts';
import { branchSvc, modelSvc } from '../simulation/clusters.ts';
import { BREAKS_AFTER_MS, type Day, day } from '../simulation/scenario.ts';
import { callsOf, counted, executionsOf } from '../simulation/scenarios/executions.ts';
import { localServices } from '../simulation/seeds.ts';
import { storm } from '../simulation/storm.ts';
import { type Invocation, ownTime, recordInvocations } from './own-time.ts';
import type { Row } from './table.ts';

const [RECOMMENDER] = localServices();
const MODEL_SVC = modelSvc();
/** Argo CD puts its spec from a branch. */
const BRANCH_SVC = branchSvc();
/** Which lever is pulled, what goes bad, and how long the 95th of 100 may take. */
const PULLED = {
  'new-features': {
    service: RECOMMENDER,
    lever: 'new-features',
    breaks: 'new-features',
    p95Seconds: 90,
  },
  champion: { service: RECOMMENDER, lever: 'champion', breaks: 'champion', p95Seconds: 90 },
  'model-canary': { service: MODEL_SVC, lever: 'model-canary', breaks: 'model-canary', p95Seconds: 180 },
  'model-release': { service: MODEL_SVC, lever: 'model-release', breaks: 'model-canary', p95Seconds: 180 },
  'model-canary under Git': {
    service: BRANCH_SVC,
    lever: 'model-canary',
    breaks: 'model-canary',
    p95Seconds: 240,
  },
  'git lever': { service: BRANCH_SVC, lever: 'deploy', breaks: 'model-canary', p95Seconds: 240 },
} as const;
type Name = keyof typeof PULLED;
const NAMES = Object.keys(PULLED) as Name[];

const RUNS = 1000;
/** Pairs of days, with an incident and without, for the cost of one. */
const PAIRS = 300;
const A_DAY = { minutes: 10, services: [RECOMMENDER] } as const;
const OVERHEAD_MS = 5;

export async function incidentRows(): Promise<Row[]> {
  const rows: Row[] = [...(await overheadRows()), ...(await stormRows())];
  for (const lever of NAMES)
    for (const [name, weather] of [
      ['calm', CALM],
      ['rough', ROUGH],
    ] as const)
      rows.push(...(await recoveryRows(lever, { name, weather })));
  return rows;
}

/**
 * What an incident costs, in processor time, twice. First its functions by themselves: the runs of one day's incident
 * are written down and run again, the real handlers over twins, the twins' time included (`ownTime`). Then all of a
 * virtual incident, the simulator's network, interpreter, world and judge included: a day with it, less the same day
 * without.
 */
async function overheadRows(): Promise<Row[]> {
  const runs = await runsOfOneIncident();
  const [own, spent, idle]: [number[], number[], number[]] = [[], [], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    own.push(await ownTime(runs, RECOMMENDER));
    spent.push(await cpuOf(['new-features']));
    idle.push(await cpuOf([]));
  }
  const ms = percentile(own, 50);
  const whole = percentile(spent, 50) - percentile(idle, 50);
  return [
    {
      name: "control overhead of an incident: its functions' own time, p50",
      ours: `${ms.toFixed(1)} ms`,
      opponent: `${OVERHEAD_MS} ms allowed`,
      value: ms / OVERHEAD_MS,
      atMost: 1,
    },
    {
      name: 'control overhead of an incident: with all that simulates and judges it, p50',
      ours: `${whole.toFixed(1)} ms`,
      opponent: `${OVERHEAD_MS} ms allowed`,
      value: whole / OVERHEAD_MS,
      atMost: 1,
    },
  ];
}

async function runsOfOneIncident(): Promise<readonly Invocation[]> {
  let runs: readonly Invocation[] = [];
  const record = (environment: Day['environment']) => {
    runs = recordInvocations(environment);
  };
  const { incident } = await day(record, { ...A_DAY, breaks: ['new-features'] });
  if (incident.ending !== 'recovered') throw new Error(`Cannot time an incident that ${incident.ending}`);
  return runs;
}

async function cpuOf(breaks: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  await day(undefined, { ...A_DAY, breaks });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** 1,000 events over 10 services, shuffled, with duplicates and flaps, against ten events. */
async function stormRows(): Promise<Row[]> {
  const [ten, thousand] = [await storm({ copies: 1 }), await storm({ copies: 50, flaps: true })];
  const ran = counted(await executionsOf(thousand));
  const reads = ({ environment }: Day) => {
    const { ssm = 0, cloudwatch = 0 } = callsOf(environment, 'open-incident');
    return ssm + cloudwatch;
  };
  const count = (name: string, ours: number, wanted: number): Row => ({
    name: `storm of 1,000 events: ${name}`,
    ours: String(ours),
    opponent: `exactly ${wanted}`,
    value: Math.abs(ours - wanted),
    atMost: 0,
  });
  return [
    count('executions that act', ran['owner'] as number, 10),
    count('executions that attach', ran['attached'] as number, 990),
    {
      name: 'storm of 1,000 events: reads of SSM and CloudWatch at the door',
      ours: String(reads(thousand)),
      opponent: `${reads(ten)} for ten events`,
      value: reads(thousand) / reads(ten),
      atMost: 1,
    },
  ];
}

/** From the alarm to the verdict, by this lever alone; and whoever was late without a word. */
async function recoveryRows(
  lever: Name,
  { name, weather }: { readonly name: string; readonly weather: Weather },
): Promise<Row[]> {
  const seconds: number[] = [];
  let forgotten = 0;
  for (let seed = 1; seed <= RUNS / 2; seed++) {
    const seen = await oneDay(lever, seed, weather);
    forgotten += seen.violations.filter(({ invariant }) => invariant === 'I5').length;
    seconds.push(...(await recoveries(seen)));
  }
  const p95 = percentile(seconds, 95);
  const { p95Seconds } = PULLED[lever];
  return [
    {
      name: `${lever}, ${name} days: time to recover, p95 of ${seconds.length}`,
      ours: `${p95.toFixed(0)} s (p50 ${percentile(seconds, 50).toFixed(0)} s)`,
      opponent: `${p95Seconds} s allowed`,
      value: p95 / p95Seconds,
      atMost: 1,
    },
    {
      name: `${lever}, ${name} days: past the deadline without a page, of ${RUNS / 2}`,
      ours: String(forgotten),
      opponent: '0 allowed',
      value: forgotten,
      atMost: 0,
    },
  ];
}

/** Breaks at any moment of a minute: datapoints, sweeps and alarms come in other orders. */
const oneDay = (lever: Name, seed: number, weather: Weather): Promise<Day> =>
  day(
    (environment, service) => {
      const levers = service.armed.service.levers.filter((l) => l.name === PULLED[lever].breaks);
      // Half of them have gone all the way before anybody notices.
      service.stage = environment.chance.pick('stage', ['canary', 'complete']);
      environment.later(BREAKS_AFTER_MS + environment.chance.between('phase', 0, 60_000), () =>
        environment.witness.somebody('a bad release', () => shipBad(environment.world, service, levers)),
      );
    },
    { minutes: 15, services: [provenBy3(lever)], breaks: [], seed, weather },
  );

/** `do: <lever>`, `verify: ... for 3`; its signals come every 10 s. */
function provenBy3(pulled: Name): ArmedService {
  const { lever } = PULLED[pulled];
  const armed: ArmedService = PULLED[pulled].service;
  const { service } = armed;
  const { policy } = service;
  const rung: Pull[] = [{ lever, verb: lever === 'new-features' ? 'off' : 'back' }];
  const verify = policy.verify.map((condition) => ({ ...condition, datapoints: 3, of: 3 }));
  return { ...armed, service: { ...service, policy: { ...policy, do: [rung], verify } } };
}

async function recoveries({ incidents, read }: Day): Promise<number[]> {
  const recovered = incidents.filter(({ ending }) => ending === 'recovered');
  return Promise.all(
    recovered.map(async ({ id, trigger, openedAt }) => {
      const judgedAt = (await read.verdicts(id)).at(-1)?.judgedAt ?? openedAt;
      return (judgedAt - (trigger.kind === 'alarm' ? trigger.at : openedAt)) / 1000;
    }),
  );
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return nearestRank(sorted, percent) ?? Number.NaN;
}

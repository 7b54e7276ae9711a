/** `npm run demo -- --embedded`: the demo's story over in-process twins, in virtual time. Needs no Python, no network. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeTerminal, type Terminal } from '../lib/cli/host.ts';
import { simulatedDesk } from '../lib/cli/simulated-desk.ts';
import { EMBEDDED } from '../lib/cli/which-environment.ts';
import type { Environment } from '../lib/core/environment.ts';
import { BadInput } from '../lib/core/errors.ts';
import { type ArmedService, targetOf } from '../lib/core/service.ts';
import { armedServiceOf } from '../lib/files/armed.ts';
import { readEnvironment } from '../lib/files/environments.ts';
import { formatProblem } from '../lib/files/problem.ts';
import { seededChance } from '../lib/simulation/chance.ts';
import { Environment as Simulated } from '../lib/simulation/environment.ts';
import { shipBad } from '../lib/simulation/estate.ts';
import { Scheduler } from '../lib/simulation/scheduler.ts';
import { CALM } from '../lib/simulation/weather.ts';
import { endingOfIncident, RECOMMENDER, type Stage, type Story, tellStory } from './demo-story.ts';
import type { Say } from './environment.ts';
import { embeddedReports, projectRoot } from './paths.ts';

const WHAT_IT_IS = 'embedded: in-process twins, virtual time; for real parts: npm run demo';

const STARTS_AT = Date.UTC(2026, 10, 21, 9);
const CALM_MS = 120_000;
/** For the URLs of the file: nothing is called, and what a person is told to type reaches nothing. */
const NOWHERE = {
  mlflow: 'https://mlflow.invalid',
  model: 'https://model.invalid',
  cluster: 'https://cluster.invalid',
  'cluster-ca': 'bm9uZQ==',
  git: 'https://git.invalid',
};
/** Virtual time goes on in slices; where somebody watches the tree, each is shown for a moment. */
const SLICE_MS = 800;
const SHOWN_MS = 20;
/** Signals that tell of the bad flag, and of the bad model: what the real ones do. */
const HARMS = {
  flag: ['error-ratio'],
  alias: ['auc'],
  rollout: [],
  deployment: [],
  helm: [],
  git: [],
} as const;

/** @returns the exit code. */
export async function embeddedDemo(say: Say): Promise<number> {
  const began = performance.now();
  say(WHAT_IT_IS);
  const story = await inVirtualTime(say, nodeTerminal());
  const { incident, report } = story;
  say('');
  say(`${incident.id} ended: ${incident.ending ?? 'not at all'}; ${secondsSince(began)} s of real time`);
  say(`Report: ${report}`);
  say(WHAT_IT_IS);
  say(
    'The commands above are for parts that stay; of these twins only the report is left. Next: npm run local -- up',
  );
  return endingOfIncident(story) === 'recovered' ? 0 : 1;
}

const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(1);

function inVirtualTime(say: Say, terminal: Terminal): Promise<Story> {
  const chance = seededChance(1);
  const scheduler = new Scheduler(STARTS_AT);
  const { environment, armed } = recommender();
  return scheduler.owningTimers(chance, async () => {
    const props = { chance, scheduler, services: [armed], weather: CALM, mode: 'act' } as const;
    const simulated = new Simulated(props);
    await aCalmMorning(simulated);
    const stage = stageOn(simulated, environment, terminal);
    return lived(simulated, tellStory(stage, say), terminal.isTty ? SHOWN_MS : 0);
  });
}

/** The demo's service as its file has it, in an environment of its own. */
function recommender(): { environment: Environment; armed: ArmedService } {
  const read = readEnvironment(join(projectRoot, 'environments'), 'local', NOWHERE);
  if (!read.ok) throw new BadInput(read.problems.map(formatProblem).join('\n'));
  const environment = { ...read.value.environment, name: EMBEDDED };
  const service = read.value.services.find(({ name }) => name === RECOMMENDER.service);
  const armed = service && armedServiceOf(environment, service);
  if (armed?.ok) return { environment, armed: armed.value };
  throw new BadInput(
    `Cannot tell the demo's story: "${RECOMMENDER.service}" of environment "local" cannot be armed`,
  );
}

async function aCalmMorning(simulated: Simulated): Promise<void> {
  await simulated.settle();
  for (const service of simulated.witness.services)
    service.harms = new Map(
      service.armed.service.levers.map((lever) => [targetOf(lever), HARMS[lever.kind]]),
    );
  simulated.sweeps.everyMinute(() => undefined);
  await simulated.scheduler.run(STARTS_AT + CALM_MS);
}

function stageOn(simulated: Simulated, environment: Environment, terminal: Terminal): Stage {
  const reports = embeddedReports();
  return {
    telling: RECOMMENDER,
    desk: simulatedDesk(simulated, environment, reports),
    host: { terminal },
    reports,
    ship: async () => ship(simulated),
    patience: (seconds) => {
      const controller = new AbortController();
      simulated.scheduler.after(seconds * 1000, () => controller.abort());
      return controller.signal;
    },
  };
}

function ship({ world, witness }: Simulated): { version: string } {
  let version = '';
  witness.somebody('a bad release', () => {
    for (const service of witness.services) {
      const shipped = shipBad(world, service, service.armed.service.levers);
      version = [...shipped].find(([target]) => target.startsWith('alias:'))?.[1] ?? version;
    }
  });
  return { version };
}

/** Lets time pass until the story has been told. */
async function lived({ scheduler }: Simulated, story: Promise<Story>, shownMs: number): Promise<Story> {
  let over = false;
  const told = story.finally(() => {
    over = true;
  });
  const passing = async () => {
    for (let until = scheduler.clock.now(); !over; until += SLICE_MS) {
      await scheduler.run(until, () => over);
      if (shownMs > 0) await sleep(shownMs);
    }
  };
  const [, whole] = await Promise.all([passing(), told]);
  return whole;
}

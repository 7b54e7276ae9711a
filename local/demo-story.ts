/** The demo's story: a healthy baseline, a bad release, and then nothing but watching. */
import { join } from 'node:path';
import { recordBaseline } from '../lib/cli/baseline.ts';
import type { Desk } from '../lib/cli/desk.ts';
import { fetchReport } from '../lib/cli/fetch-report.ts';
import type { Host } from '../lib/cli/host.ts';
import { showIncident } from '../lib/cli/show-incident.ts';
import { NotReady } from '../lib/core/errors.ts';
import type { Ending, Incident } from '../lib/core/incident.ts';
import type { Say } from './environment.ts';

/** What happens to which service. */
export interface Telling {
  readonly service: string;
  /** The heading under which the bad release ships. */
  readonly heading: string;
  /** How it stands then. */
  readonly shipped: (version: string) => string;
}

export const RECOMMENDER: Telling = {
  service: 'recommender',
  heading: 'A bad release ships: a new model version on champion, a new feature flag on',
  shipped: (version) => `version ${version} serves with the new feature on`,
};

export const CANARY: Telling = {
  service: 'model-svc',
  heading:
    'A bad release ships: helm upgrade to v5, which begins as a canary at 10 % and takes 400 ms an answer',
  shipped: (version) => `version ${version} gets 10 % of the requests`,
};

export const GITOPS: Telling = {
  service: 'churn',
  heading:
    'A bad commit is merged, and Argo CD syncs it: v5 begins as a canary at 10 % and takes 400 ms an answer',
  shipped: (version) => `version ${version} gets 10 % of the requests`,
};

/** Three alarms of 3 of 5 periods of 10 s, evaluated each 10 s, have all spoken after two minutes. */
const CALM_SECONDS = 120;
export const LADDER: Telling = {
  service: 'ranker',
  heading: 'A bad release ships: the ranker and its transform, two Helm releases, and a flag',
  shipped: (version) => `version ${version} has all requests, three of ten fail, and no rows are scored`,
};

/** An alarm fires 40 s after the bad release; the rest is for slow machines. */
const ALARM_SECONDS = 180;
/** The deadline of the policy is 470 s; the sweeper pages and closes within two minutes after. */
const END_SECONDS = 600;

/** Where the story is told: on real parts, or over their twins. */
export interface Stage {
  readonly telling: Telling;
  /** Its clock is the one that passes there. */
  readonly desk: Desk;
  readonly host: Pick<Host, 'terminal'>;
  /** Folder of the pages. */
  readonly reports: string;
  /** Ships the bad release. */
  readonly ship: () => Promise<{ readonly version: string }>;
  /** Aborts when so many seconds have passed. */
  readonly patience: (seconds: number) => AbortSignal;
}

export interface Story {
  readonly incident: Incident;
  /** Path of the page. */
  readonly report: string;
}

export const endingOfIncident = ({ incident }: Story): Ending | undefined => incident.ending;

export async function tellStory(stage: Stage, say: Say): Promise<Story> {
  const { desk, reports, telling } = stage;
  say(heading('A healthy release serves; its alarms turn OK, and it is recorded as the baseline'));
  await recordWhenCalm(stage, say);
  say(heading(telling.heading));
  const { version } = await stage.ship();
  say(`${telling.shipped(version)}; nothing else is touched from here`);
  const id = await firstIncident(stage);
  say(heading(`An alarm opened ${id}; the clock runs against its goal`));
  const incident = await watchToItsEnd(stage, id);
  await fetchReport(desk, incident);
  return { incident, report: join(reports, `${id}.html`) };
}

const heading = (text: string): string => `\n== ${text}`;

/** Recording is refused while an alarm is not OK: exactly what is wanted here. */
async function recordWhenCalm({ desk, telling }: Stage, say: Say): Promise<void> {
  const { clock } = desk;
  const end = clock.now() + CALM_SECONDS * 1000;
  for (;;) {
    try {
      const { lines } = await recordBaseline(desk, telling.service, {
        by: 'demo',
        at: clock.now(),
        reason: 'the release the demo starts with',
      });
      for (const line of lines) say(line);
      return;
    } catch (error) {
      if (!(error instanceof NotReady) || clock.now() > end) throw error;
      await clock.sleep(2000);
    }
  }
}

async function firstIncident({ desk: { ledger, clock }, telling }: Stage): Promise<string> {
  const end = clock.now() + ALARM_SECONDS * 1000;
  while (clock.now() < end) {
    const [found] = await ledger.list(`service#${telling.service}`, 'incident#');
    if (found) return String(found['id']);
    await clock.sleep(500);
  }
  throw new NotReady(`Cannot go on with the demo: no alarm opened an incident within ${ALARM_SECONDS} s`);
}

async function watchToItsEnd({ desk, host, patience }: Stage, incident: string): Promise<Incident> {
  const signal = patience(END_SECONDS);
  const view = await showIncident(desk, host, { incident, signal, json: false });
  if (view && !signal.aborted) return view.incident;
  throw new NotReady(`Cannot go on with the demo: ${incident} did not end within ${END_SECONDS} s`);
}

/** The demo's story: a healthy baseline, a bad release, and then nothing but watching. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordBaseline } from '../lib/cli/baseline.ts';
import { openDesk } from '../lib/cli/deployment.ts';
import type { Desk } from '../lib/cli/desk.ts';
import { type Host, nodeHost } from '../lib/cli/host.ts';
import { fetchReport } from '../lib/cli/report.ts';
import { showIncident } from '../lib/cli/show-incident.ts';
import { NotReady } from '../lib/core/errors.ts';
import type { Ending, Incident } from '../lib/core/incident.ts';
import type { Endpoints } from './endpoints.ts';
import type { Say } from './environment.ts';
import { shipBadRelease } from './release.ts';

const SERVICE = 'recommender';

/** Three alarms of 3 of 5 periods of 10 s, evaluated each 10 s, have all spoken after two minutes. */
const CALM_SECONDS = 120;
/** An alarm fires 40 s after the bad release; the rest is for slow machines. */
const ALARM_SECONDS = 180;
/** The deadline of the policy is 470 s; the sweeper pages and closes within two minutes after. */
const END_SECONDS = 600;

export interface Story {
  readonly incident: Incident;
  /** Path of the page. */
  readonly report: string;
}

export const endingOfIncident = ({ incident }: Story): Ending | undefined => incident.ending;

export async function tellStory(at: Endpoints, say: Say): Promise<Story> {
  const host = nodeHost();
  const desk = await openDesk(host, 'local');
  say(heading('A healthy release serves; its alarms turn OK, and it is recorded as the baseline'));
  await recordWhenCalm(desk, say);
  say(heading('A bad release ships: a new model version on champion, a new feature flag on'));
  const { version } = await shipBadRelease(at);
  say(`version ${version} serves with the new feature on; nothing else is touched from here`);
  const id = await firstIncident(desk);
  say(heading(`An alarm opened ${id}; the clock runs against its goal`));
  const incident = await watchToItsEnd(desk, host, id);
  await fetchReport(desk, incident);
  return { incident, report: join(at.reports, `${id}.html`) };
}

const heading = (text: string): string => `\n== ${text}`;

/** Recording is refused while an alarm is not OK: exactly what is wanted here. */
async function recordWhenCalm(desk: Desk, say: Say): Promise<void> {
  const end = Date.now() + CALM_SECONDS * 1000;
  for (;;) {
    try {
      const { lines } = await recordBaseline(desk, SERVICE, {
        by: 'demo',
        at: Date.now(),
        reason: 'the release the demo starts with',
      });
      for (const line of lines) say(line);
      return;
    } catch (error) {
      if (!(error instanceof NotReady) || Date.now() > end) throw error;
      await sleep(2000);
    }
  }
}

async function firstIncident({ ledger }: Desk): Promise<string> {
  const end = Date.now() + ALARM_SECONDS * 1000;
  while (Date.now() < end) {
    const [found] = await ledger.list(`service#${SERVICE}`, 'incident#');
    if (found) return String(found['id']);
    await sleep(500);
  }
  throw new NotReady(`Cannot go on with the demo: no alarm opened an incident within ${ALARM_SECONDS} s`);
}

async function watchToItsEnd(desk: Desk, host: Host, incident: string): Promise<Incident> {
  const signal = AbortSignal.timeout(END_SECONDS * 1000);
  const view = await showIncident(desk, host, { incident, signal, json: false });
  if (view && !signal.aborted) return view.incident;
  throw new NotReady(`Cannot go on with the demo: ${incident} did not end within ${END_SECONDS} s`);
}

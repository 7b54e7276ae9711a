/** F11, F49: a function's process is killed with -9 while it moves an alias of a real MLflow server. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordBaseline } from '../../../lib/cli/baseline.ts';
import { openDesk } from '../../../lib/cli/deployment.ts';
import { nodeHost } from '../../../lib/cli/host.ts';
import { moveAlias, register } from '../../../local/mlflow/registry.ts';
import { reload } from '../../../local/model-service/model-service.ts';
import { resetToHealthy } from '../../../local/release.ts';
import { type Estate, estate, forgetIncidents, hasEnded, start, until, untilIncident } from './estate.ts';

const SERVICE = 'recommender';
let on: Estate;

beforeAll(async () => {
  on = await estate();
});

describe('a function that is killed in the middle', () => {
  it('is run again after its actUntil: the incident ends recovered, with one effect (I2, I4)', async () => {
    const { version: good } = await resetToHealthy(on.at);
    await forgetIncidents(on, SERVICE);
    await recordWhenCalm();
    const bad = await register(on.at.mlflow, 'bad');
    await moveAlias(on.at.mlflow, 'champion', bad);
    await reload(on.at.model);

    await start(on, { service: SERVICE });
    const running = await untilIncident(on, SERVICE, { is: (i) => i.state === 'running', seconds: 30 });
    const attempt = await until('the attempt', 30, () => on.read.attempt(running.id, '1.1'));
    process.kill(workerOf('apply-alias'), 'SIGKILL');
    const incident = await untilIncident(on, SERVICE, { is: hasEnded, seconds: 240 });

    expect(incident).toMatchObject({ id: running.id, ending: 'recovered' });
    expect(await aliasVersion('champion')).toBe(good);
    const receipts = (await on.read.receipts(incident.id)).filter((r) => r.step === '1.1');
    expect(receipts).toHaveLength(1);
    expect(receipts[0]?.endedAt).toBeGreaterThanOrEqual(attempt.actUntil);
  });
});

async function aliasVersion(alias: string): Promise<string | undefined> {
  const query = new URLSearchParams({ name: SERVICE, alias });
  const answer = await fetch(`${on.at.mlflow}/api/2.0/mlflow/registered-models/alias?${query}`);
  return ((await answer.json()) as { model_version?: { version: string } }).model_version?.version;
}

/** The process of a function: a child of the local AWS that this environment started, found by its folder. */
function workerOf(name: string): number {
  const folder = `ministack-lambda-reinstate-local-${name}-`;
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const pid = pids.find((entry) => commandOf(entry).includes(folder));
  if (!pid) throw new Error(`Cannot find a process of function "${name}"`);
  return Number(pid);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function recordWhenCalm(): Promise<void> {
  const desk = await openDesk(nodeHost(), 'local');
  const person = { by: 'test', at: Date.now(), reason: 'healthy' };
  await until('a calm service', 90, () => recordBaseline(desk, SERVICE, person).catch(() => undefined));
}

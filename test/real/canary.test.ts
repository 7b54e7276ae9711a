/** `npm run demo -- canary` on a real cluster, and whether its report tells the truth: everything is read back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDesk } from '../../lib/cli/deployment.ts';
import type { Desk } from '../../lib/cli/desk.ts';
import { nodeHost } from '../../lib/cli/host.ts';
import type { ClosingReport } from '../../lib/core/report.ts';
import { type AlarmTrigger, parseTrigger } from '../../lib/core/trigger.ts';
import { records } from '../../lib/stages/records.ts';
import { type Cluster, startCluster } from '../../local/cluster/cluster.ts';
import { takeDown } from '../../local/environment.ts';
import { waitUntil } from '../../local/wait.ts';
import { demo, looker, newestReport } from './helpers/demo.ts';

const SERVICE = 'model-svc';
const silent = () => undefined;

let desk: Desk;
let cluster: Cluster;
let report: ClosingReport;

beforeAll(async () => {
  const { ended } = demo('canary');
  await Promise.race([sameAlarmTwice(), ended.then(failed)]);
  expect(await ended).toBe(0);
  report = newestReport(SERVICE);
  cluster = await startCluster(silent);
}, 1_500_000);

afterAll(() => takeDown(silent), 120_000);

function failed(): never {
  throw new Error('the demo ended before it opened an incident');
}

/** As soon as the incident is open its own alarm comes twice more. */
async function sameAlarmTwice(): Promise<void> {
  const summary = await waitUntil(
    async () => {
      desk = await openDesk(nodeHost(), 'local');
      return (await records(desk.ledger).summaries(SERVICE))[0];
    },
    { what: 'the demo to open an incident', seconds: 1400, everyMs: 1000 },
  );
  const incident = await records(desk.ledger).incident(summary.id);
  const event = eventOf(incident?.trigger as AlarmTrigger);
  await Promise.all(
    ['once', 'twice'].map((more) => desk.machine.start(`again-${more}-${Date.now()}`, event)),
  );
}

/** As EventBridge delivers it. */
function eventOf(trigger: AlarmTrigger): object {
  const { alarmArn, alarmName, account, region, state, reason, at } = trigger;
  const event = {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account,
    region,
    resources: [alarmArn],
    detail: { alarmName, state: { value: state, timestamp: new Date(at).toISOString(), reason } },
  };
  expect(parseTrigger(event)).toMatchObject({ kind: 'alarm', at });
  return event;
}

const { rollout, history } = looker(() => cluster);

describe('npm run demo -- canary', () => {
  it('ends recovered inside its goal', () => {
    expect(report.ending).toBe('recovered');
    expect(report.timeToRecoverSeconds).toBeLessThan(report.goalSeconds);
  });

  it('aborts the canary first, and settles it by Helm, which owns the spec', () => {
    expect(report.receipts.map((r) => [r.phase, r.lever, r.outcome])).toEqual([
      ['apply', 'rollout', 'applied'],
      ['settle', 'helm', 'applied'],
    ]);
  });

  it('proves by measured requests that nothing bad is served: 0 / 100', () => {
    const [served] = report.verdicts.at(-1)?.served ?? [];
    const requests = served?.shares?.requests ?? {};
    const { [served?.expected ?? '']: good = 0, ...others } = requests;

    expect(served?.shares?.windowSeconds).toBe(30);
    expect(good).toBeGreaterThan(200);
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
  });

  it('leaves a Rollout that is Healthy, with the good template and no abort', async () => {
    const good = report.receipts[0]?.to;

    expect(await rollout(SERVICE, '{.status.phase}')).toBe('Healthy');
    expect(await rollout(SERVICE, '{.status.currentPodHash} {.status.stableRS}')).toBe(`${good} ${good}`);
    expect(await rollout(SERVICE, '{.status.abort}')).not.toBe('true');
    expect(await rollout(SERVICE, '{.status.canary.weights.canary.weight}')).toBe('0');
  });

  it('F01, F34: adds one revision, though its alarm came three times', async () => {
    const revisions = await history(SERVICE);

    expect(revisions.map(({ revision, status }) => [revision, status])).toEqual([
      [1, 'superseded'],
      [2, 'superseded'],
      [3, 'deployed'],
    ]);
    expect(revisions.at(-1)?.description).toBe('Rollback to 1');
    expect(await records(desk.ledger).summaries(SERVICE)).toHaveLength(1);
  });

  it('relaunches nothing when somebody edits the Rollout afterwards', async () => {
    const good = report.receipts[0]?.to;
    const edit = '{"metadata":{"labels":{"team":"ml"}},"spec":{"revisionHistoryLimit":9}}';
    await cluster.run('kubectl', ['patch', 'rollout', SERVICE, '-n', 'shop', '--type=merge', '-p', edit]);

    const seen = await observedFor(5);

    expect(new Set(seen)).toEqual(new Set([`${good} Healthy`]));
  });
});

async function observedFor(seconds: number): Promise<string[]> {
  const seen: string[] = [];
  for (const end = Date.now() + seconds * 1000; Date.now() < end; )
    seen.push(await rollout(SERVICE, '{.status.currentPodHash} {.status.phase}'));
  return seen;
}

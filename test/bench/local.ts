/**
 * `npm run bench:local`: event in -> both levers effective, warm, one rung `new-features off and champion back`, beside a
 * shell script of the same bare commands. Starts the local environment, and ends it where it was not up.
 *
 * Ours: from the alarm's change of state, through EventBridge, Step Functions, the door, lease, plan, hold and both
 * functions, until a reader sees the flag safe, the alias moved and the old version served. Settle and verify come after.
 * The script: from its start until the same reader sees the same. Somebody wrote it for this incident and it was waiting:
 * it knows what to put where, looks at nothing and keeps nothing; both of its commands run at one moment.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { median } from '../../lib/core/ranks.ts';
import { clientEnvironment } from '../../local/aws/ministack.ts';
import { readEndpoints } from '../../local/endpoints.ts';
import { bringUp, takeDown } from '../../local/environment.ts';
import { FLAG_PARAMETER } from '../../local/model-service/model-service.ts';
import { pythonFor } from '../../local/python.ts';
import { alarm, type LocalScene, localScene, shipBad, untilEffective } from './local-scene.ts';
import type { Row } from './table.ts';

const RUNS = Number(process.env['RUNS'] ?? 9);
const say = (line: string): void => console.error(line);

export async function localRows(): Promise<Row[]> {
  const wasUp = readEndpoints() !== undefined;
  const at = await bringUp(say);
  try {
    const aws = join(dirname(await pythonFor('awscli', say)), 'aws');
    return [await leversRow(await localScene(at), aws)];
  } finally {
    if (!wasUp) await takeDown(say);
  }
}

async function leversRow(scene: LocalScene, aws: string): Promise<Row> {
  const times: Record<'ours' | 'script', number[]> = { ours: [], script: [] };
  for (let n = 0; n <= RUNS; n += 1) {
    const ours = await timed(scene, () => alarm(scene));
    const script = await timed(scene, async () => started(scene, aws));
    say(
      `ours ${ours} ms, script ${script} ms, load ${loadavg()[0]?.toFixed(1)}${n === 0 ? ' (to warm up)' : ''}`,
    );
    if (n > 0) times.ours.push(ours);
    if (n > 0) times.script.push(script);
  }
  return {
    name: `event in to both levers effective, warm, local environment, median of ${RUNS}`,
    ours: shown(times.ours),
    opponent: `${shown(times.script)} by aws and curl, side by side`,
    value: median(times.ours) / median(times.script),
    atMost: 1.25,
  };
}

/** @param begin what has to be waited for. @returns ms from when it says that it began */
async function timed(scene: LocalScene, begin: () => Promise<number>): Promise<number> {
  await shipBad(scene);
  const [from, to] = await Promise.all([begin(), untilEffective(scene)]);
  return to - from;
}

function started({ at, good }: LocalScene, aws: string): number {
  const from = Date.now();
  const body = JSON.stringify({ name: 'recommender', alias: 'champion', version: good });
  const script = `
    "${aws}" ssm put-parameter --name ${FLAG_PARAMETER} --type String --value false --overwrite &
    curl -fsS -X POST ${at.mlflow}/api/2.0/mlflow/registered-models/alias -H 'Content-Type: application/json' -d '${body}' \\
      && curl -fsS -X POST ${at.model}/reload
    wait`;
  const child = spawn('bash', ['-c', script], {
    env: { ...process.env, ...clientEnvironment(at.aws) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  void once(child, 'exit');
  return from;
}

const shown = (times: readonly number[]): string =>
  `${(median(times) / 1000).toFixed(2)} s (${(Math.min(...times) / 1000).toFixed(2)}-${(Math.max(...times) / 1000).toFixed(2)})`;

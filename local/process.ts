/** Starts, finds and ends the background processes of the local environment by their recorded pid, never by name. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { localPath } from './paths.ts';
import { type RunningProcess, runningProcesses } from './process-table.ts';
import { answers, waitUntil } from './wait.ts';

export interface Part {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port: number;
  /** Answers 2xx once the part is ready. */
  readonly health: string;
  readonly seconds: number;
}

export interface Recorded {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
  readonly token: string;
  readonly port: number;
  readonly health: string;
}

/** Starts the part and returns once it is ready; a part that is already well is left alone. */
export async function startPart(part: Part): Promise<Recorded> {
  const known = findPart(part.name);
  if (known && (await isWell(known))) return known;
  await stopPart(part.name);
  const recorded = launch(part);
  await waitUntil(() => answers(part.health), {
    what: `${part.name} at ${part.health}`,
    seconds: part.seconds,
    gaveUp: () => (members(recorded).length > 0 ? undefined : 'its process ended'),
  }).catch(async (error: unknown) => {
    await stopPart(part.name);
    throw new Error(`cannot start ${part.name}: ${message(error)}\n${logTail(part.name)}`);
  });
  return recorded;
}

export function findPart(name: string): Recorded | undefined {
  const file = recordFile(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : undefined;
}

export function recordedParts(): string[] {
  const folder = localPath('pids', '.');
  return existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.json$/, '')) : [];
}

export async function isWell(recorded: Recorded): Promise<boolean> {
  return members(recorded).some((one) => one.pid === recorded.pid) && (await answers(recorded.health));
}

/** Asks the whole process group to end, then insists. A pid that now belongs to a stranger is left alone. */
export async function stopPart(name: string): Promise<boolean> {
  const recorded = findPart(name);
  if (!recorded) return false;
  const was = members(recorded).length > 0;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    signalAll(members(recorded), signal);
    const gone = waitUntil(async () => members(recorded).length === 0, {
      what: `${name} to end`,
      seconds: 8,
      everyMs: 100,
    });
    if (await gone.catch(() => false)) break;
  }
  rmSync(recordFile(name), { force: true });
  return was;
}

export function logTail(name: string): string {
  const file = logFile(name);
  if (!existsSync(file)) return `(no log at ${file})`;
  return `last lines of ${file}:\n${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n')}`;
}

export const logFile = (name: string): string => localPath('logs', `${name}.log`);

function launch(part: Part): Recorded {
  const log = openSync(logFile(part.name), 'a');
  const token = randomUUID();
  const child = spawn(part.command, [...part.args], {
    detached: true, // a process group of its own, so that its children end with it
    stdio: ['ignore', log, log],
    env: { ...process.env, ...part.env, REINSTATE_PART: token },
  });
  closeSync(log);
  child.on('error', () => undefined); // seen by the wait below as a process that ended
  child.unref();
  const pid = child.pid ?? 0;
  const started = runningProcesses().find((one) => one.pid === pid)?.started ?? '';
  const recorded = { name: part.name, pid, started, token, port: part.port, health: part.health };
  writeFileSync(recordFile(part.name), JSON.stringify(recorded));
  return recorded;
}

/** The processes that are surely ours: of our leader's group, or orphans of it that carry our token. */
function members(recorded: Recorded): RunningProcess[] {
  if (recorded.pid <= 1) return [];
  const group = runningProcesses().filter((one) => one.group === recorded.pid);
  const leader = group.find((one) => one.pid === recorded.pid);
  if (leader) return leader.started === recorded.started ? group : [];
  return group.filter((one) => carriesToken(one.pid, recorded.token));
}

function carriesToken(pid: number, token: string): boolean {
  if (process.platform !== 'linux') return true; // a group outlives its leader only with the leader's own children
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`REINSTATE_PART=${token}`);
  } catch {
    return false;
  }
}

function signalAll(processes: readonly RunningProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

const recordFile = (name: string): string => localPath('pids', `${name}.json`);

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

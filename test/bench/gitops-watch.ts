/** What an Application says of itself, each change at the moment when it comes: the same clock for whoever pushed. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bareEnvironment } from '../../local/cluster/command.ts';
import { waitUntil } from '../../local/wait.ts';

interface Seen {
  /** Epoch ms. */
  readonly at: number;
  /** What it was compared with, and what the last sync put. */
  readonly revision: string;
  readonly put: string;
  readonly sync: string;
  readonly phase: string;
  readonly health: string;
}

export interface Watch {
  /**
   * When the Application was Synced at this commit, by a sync that succeeded, and Healthy; epoch ms.
   * @throws where that is not so within these seconds
   */
  reached(commit: string, seconds: number): Promise<number>;
  stop(): void;
}

const FIELDS = [
  '.status.sync.revision',
  '.status.operationState.syncResult.revision',
  '.status.sync.status',
  '.status.operationState.phase',
  '.status.health.status',
];

/** @param get `kubectl` and what names the cluster and the Application */
export function watchOf([kubectl = '', ...get]: readonly string[]): Watch {
  const template = `${FIELDS.map((field) => `{${field}}`).join('|')}{"\\n"}`;
  const child = spawn(kubectl, [...get, '--watch', '-o', `jsonpath=${template}`], {
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const all: Seen[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => all.push(seenIn(line)));
  const gaveUp = () => (child.exitCode === null ? undefined : `kubectl ended with ${child.exitCode}`);
  return {
    reached: (commit, seconds) => {
      const what = `Synced and Healthy at ${commit}`;
      return waitUntil(async () => all.find((seen) => isAt(commit, seen))?.at, {
        what,
        seconds,
        everyMs: 50,
        gaveUp,
      });
    },
    stop: () => void child.kill(),
  };
}

function seenIn(line: string): Seen {
  const [revision = '', put = '', sync = '', phase = '', health = ''] = line.split('|');
  return { at: Date.now(), revision, put, sync, phase, health };
}

const isAt = (commit: string, { revision, put, sync, phase, health }: Seen): boolean =>
  revision === commit && put === commit && sync === 'Synced' && phase === 'Succeeded' && health === 'Healthy';

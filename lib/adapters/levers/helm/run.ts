import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FUNCTION_TIMEOUT_SECONDS } from '../../../core/function-env.ts';
import { redacted } from '../../../core/redact.ts';

/** The one cluster that a run may reach. `ca`: PEM in base64. */
export interface HelmAccess {
  readonly endpoint: string;
  readonly ca: string;
  readonly token: string;
}

/** How a run ended; `code` is absent where it was ended by a signal. What it said is redacted and bounded. */
export interface HelmEnd {
  readonly code?: number;
  readonly said: string;
}

/** Runs Helm with these arguments, without a shell. @throws Error where the binary cannot be started */
export type RunHelm = (args: readonly string[], access: HelmAccess) => Promise<HelmEnd>;

export interface RunnerProps {
  /** The binary: `/opt/helm/helm` in the layer. */
  readonly path: string;
  /** @default BUDGET_MS */
  readonly budgetMs?: number;
  /** From being asked to end until it is ended. @default GRACE_MS */
  readonly graceMs?: number;
}

/** A run takes a second; the rest of the function's time is for others' runs, that are waited for, and for looks. */
export const BUDGET_MS = FUNCTION_TIMEOUT_SECONDS['apply-helm'] * 1000 - 25_000;
export const GRACE_MS = 3000;

/** Each run has a folder of its own, which is gone afterwards, and ends within its budget. */
export function helmRunner({ path, budgetMs = BUDGET_MS, graceMs = GRACE_MS }: RunnerProps): RunHelm {
  return async (args, access) => {
    // At once: users wait for it, and a turn of the thread pool takes longer than these two small files.
    const folder = mkdtempSync(join(tmpdir(), 'helm-'));
    try {
      const env = environmentIn(folder, access);
      const child = spawn(path, args, {
        cwd: folder,
        env,
        shell: false,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      endInTime(child, budgetMs, graceMs);
      return await endOf(child);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Nothing of our own environment: Helm takes settings from there. The token stands in a file, for arguments are seen. */
function environmentIn(folder: string, access: HelmAccess): Record<string, string> {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(access), { mode: 0o600, flag: 'wx' });
  return {
    HOME: folder,
    PATH: '',
    KUBECONFIG: kubeconfig,
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    ...FAST,
  };
}

/**
 * What the cluster's kinds are is asked each time, with two requests, and kept in memory only: files of it would be
 * some thirty, written for one run, and where they were kept they could be stale or somebody else's. And no memory is
 * swept in so short a run, up to a limit: https://pkg.go.dev/runtime#hdr-Environment_Variables.
 */
const FAST = { KUBECACHEDIR: '/dev/null', GOGC: 'off', GOMEMLIMIT: '384MiB' };

/** A kubeconfig is YAML, and so is JSON. */
const kubeconfigFor = ({ endpoint, ca, token }: HelmAccess): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server: endpoint, 'certificate-authority-data': ca } }],
    users: [{ name: 'reinstate', user: { token } }],
    contexts: [{ name: 'only', context: { cluster: 'cluster', user: 'reinstate' } }],
    'current-context': 'only',
  });

/** Asked to end, Helm leaves its revision pending; stopped (SIGSTOP) it does not even do that. */
function endInTime(child: ChildProcess, budgetMs: number, graceMs: number): void {
  AbortSignal.timeout(budgetMs).addEventListener('abort', () => child.kill('SIGTERM'));
  AbortSignal.timeout(budgetMs + graceMs).addEventListener('abort', () => {
    child.kill('SIGKILL');
    child.stderr?.destroy();
  });
}

async function endOf(child: ChildProcess): Promise<HelmEnd> {
  const said = firstOf(child.stderr);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { ...(code !== null && { code }), said: redacted(said()) };
}

const MOST_CHARACTERS = 16_384;

/** What a stream begins with. */
function firstOf(stream: Readable | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(0, MOST_CHARACTERS);
  });
  return () => text;
}

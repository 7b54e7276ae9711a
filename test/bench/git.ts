/**
 * `npm run bench:git`: the Git lever's return and push against plain git (a shallow clone of one branch, `git revert`,
 * `git push`) on the same server. RUNS: how often each is measured, default 5; they take turns.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../../lib/core/ranks.ts';
import { gitServer } from '../../local/git/backend.ts';
import { git, requireGit } from '../../local/git/program.ts';
import {
  BENCH_USER,
  type BigRepository,
  bigRepository,
  reset,
  type Task,
  taskIn,
} from './git-repositories.ts';
import type { Row } from './table.ts';

export async function gitRows(): Promise<Row[]> {
  requireGit();
  const root = mkdtempSync(join(tmpdir(), 'bench-git-'));
  const server = gitServer({ root, users: { [BENCH_USER.username]: BENCH_USER.password } });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await rowsAt(root, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true, force: true });
  }
}

const SIZES = [1000, 5000, 20_000] as const;
const RUNS = Number(process.env['RUNS'] ?? 5);

async function rowsAt(root: string, origin: string): Promise<Row[]> {
  const bySize = new Map<number, BigRepository>();
  for (const commits of SIZES) bySize.set(commits, await bigRepository(root, commits));
  const whole = await bigRepository(root, 5000, false);
  const ours = new Map<number, Measured[]>();
  const theirs: number[] = [];
  const oursWhole: Measured[] = [];
  const theirsWhole: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    for (const [commits, repository] of bySize) {
      ours.set(commits, [...(ours.get(commits) ?? []), await returned(repository, origin)]);
      if (commits === 5000) theirs.push(await reverted(repository, { root, origin }));
    }
    oursWhole.push(await returned(whole, origin));
    theirsWhole.push(await reverted(whole, { root, origin }));
  }
  return [
    against('a server that leaves contents out', ours.get(5000) ?? [], theirs),
    against('a server that sends all', oursWhole, theirsWhole),
    memoryRow([...ours.values()].flat(), 'contents left out'),
    memoryRow(oursWhole, 'all sent'),
    growthRow(ours),
  ];
}

interface Measured {
  readonly ms: number;
  readonly peakMb: number;
}

async function returned(repository: BigRepository, origin: string): Promise<Measured> {
  const task = await taskIn(repository, origin);
  const child = join(import.meta.dirname, 'git-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    child,
    JSON.stringify(task),
  ]);
  await proven(repository, task);
  return JSON.parse(stdout) as Measured;
}

/** Whoever is quick must also be right: the tree is that before the bad commit. */
async function proven(repository: BigRepository, task: Task): Promise<void> {
  const [now, wanted] = (
    await git(repository.folder, ['rev-parse', 'main^{tree}', `${task.to}^{tree}`])
  ).split('\n');
  if (now !== wanted) throw new Error(`the return left tree ${now}, wanted ${wanted}`);
  await reset(repository, task);
}

interface Where {
  readonly root: string;
  readonly origin: string;
}

async function reverted(repository: BigRepository, { root, origin }: Where): Promise<number> {
  const task = await taskIn(repository, origin);
  const folder = mkdtempSync(join(root, 'work-'));
  const signed = task.url.replace('//', `//${BENCH_USER.username}:${BENCH_USER.password}@`);
  const began = performance.now();
  await git(folder, [
    'clone',
    '--quiet',
    '--depth',
    '32',
    '--single-branch',
    '--branch',
    'main',
    signed,
    '.',
  ]);
  await git(folder, ['revert', '--no-edit', task.seen]);
  await git(folder, ['push', '--quiet', 'origin', 'main']);
  const ms = performance.now() - began;
  await proven(repository, task);
  rmSync(folder, { recursive: true });
  return ms;
}

const timeOf = (runs: readonly Measured[]): number => median(runs.map(({ ms }) => ms));

const against = (at: string, ours: readonly Measured[], theirs: readonly number[]): Row => ({
  name: `Git lever: return and push, 10,000 files, 5,000 commits, ${at}`,
  ours: `${timeOf(ours).toFixed(0)} ms`,
  opponent: `${median(theirs).toFixed(0)} ms git clone --depth 32, revert, push`,
  value: timeOf(ours) / median(theirs),
  atMost: 2,
});

const memoryRow = (runs: readonly Measured[], how: string): Row => ({
  name: `Git lever: peak memory of its process, ${how}`,
  ours: `${Math.max(...runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
  opponent: '256 MB',
  value: Math.max(...runs.map(({ peakMb }) => peakMb)),
  atMost: 256,
});

function growthRow(ours: ReadonlyMap<number, readonly Measured[]>): Row {
  const times = SIZES.map((commits) => timeOf(ours.get(commits) ?? []));
  const [first = Number.NaN] = times;
  const last = times.at(-1) ?? Number.NaN;
  return {
    name: 'Git lever: 20,000 commits against 1,000',
    ours: times.map((ms) => `${ms.toFixed(0)} ms`).join(' / '),
    opponent: SIZES.join(' / '),
    value: last / first,
    atMost: 1.3,
  };
}

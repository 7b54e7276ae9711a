/**
 * The cgroup of one cluster: the kubelet keeps its pods under it, and removes those that it does not know. Making it is
 * also how a cluster takes its addresses: of two that start at once only one can.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../wait.ts';

const ROOT = '/sys/fs/cgroup';

/** False when it is there already: somebody has it. */
export function claimCgroup(name: string): boolean {
  const [first = ROOT, ...others] = hierarchies();
  if (isVersion2()) handDownControllers();
  if (!made(join(first, name))) return false;
  for (const root of others) mkdirSync(join(root, name), { recursive: true });
  for (const root of isVersion2() ? [] : hierarchies()) copyCpus(root, join(root, name));
  return true;
}

/** Waits until its last process is gone. */
export async function removeCgroup(name: string): Promise<void> {
  for (const root of hierarchies()) {
    const folder = join(root, name);
    const wait = { what: `${folder} to be empty`, seconds: 10, everyMs: 100 };
    await waitUntil(async () => removed(folder), wait);
  }
}

function made(folder: string): boolean {
  if (existsSync(folder)) return false;
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** In version 1 a new cpuset may use nothing, and nothing may run in it. */
function copyCpus(root: string, folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (existsSync(join(root, file))) writeFileSync(join(folder, file), readFileSync(join(root, file)));
  }
}

/** In version 2 a child has only the controllers that its parent hands down. */
function handDownControllers(): void {
  const all = readFileSync(join(ROOT, 'cgroup.controllers'), 'utf8').trim().split(/\s+/);
  writeFileSync(join(ROOT, 'cgroup.subtree_control'), all.map((name) => `+${name}`).join(' '));
}

/** A cgroup is a folder that only `rmdir` takes away, children first. */
function removed(folder: string): boolean {
  if (!existsSync(folder)) return true;
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const child of children) removed(join(folder, child.name));
  rmdirSync(folder);
  return true;
}

/** One for each controller in version 1, one in all in version 2. */
function hierarchies(): string[] {
  if (isVersion2()) return [ROOT];
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(ROOT, entry.name));
}

const isVersion2 = (): boolean => existsSync(join(ROOT, 'cgroup.controllers'));

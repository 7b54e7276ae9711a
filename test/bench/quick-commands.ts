/** How long people wait for commands that ask nobody: `--help`, and `validate` of a whole estate. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Row } from './table.ts';

const FILES = 200;
/** A person waits for it. */
const VALIDATE_MS = 1000;
const RUNS = 15;
/** `--help` may take this much more than half as long again as Node's own start. */
const HELP_MS = 60;

const root = path.join(import.meta.dirname, '../..');
const source = (file: string) => readFileSync(path.join(root, 'environments/local', file), 'utf8');
/** What `npx reinstate` runs in a checkout; the package's own, which is bundled, is quicker. */
const REINSTATE = path.join(root, 'bin/reinstate.mjs');

/** From the command being typed to its last line, the process's own start among it; the fastest: others use the machine. */
export function quickCommandRows(): Row[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'reinstate-bench-'));
  try {
    writeEstate(path.join(folder, 'environments/local'));
    // The first run keeps what Node makes of the sources.
    for (const words of [['--help'], ['validate']]) timeOf(folder, [REINSTATE, ...words]);
    return [helpRow(folder), validateRow(folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In turns, so that a busy moment hits both. */
function helpRow(folder: string): Row {
  const pairs = Array.from({ length: RUNS }, () => ({
    help: timeOf(folder, [REINSTATE, '--help']).ms,
    node: timeOf(folder, ['-e', '0']).ms,
  }));
  const [help, node] = [fastest(pairs.map((p) => p.help)), fastest(pairs.map((p) => p.node))];
  const allowed = 1.5 * node + HELP_MS;
  return {
    name: `--help, fastest of ${RUNS}`,
    ours: `${Math.round(help)} ms`,
    opponent: `${Math.round(allowed)} ms: 1.5x of node -e 0 (${Math.round(node)} ms) and ${HELP_MS} ms`,
    value: help / allowed,
    atMost: 1,
  };
}

function validateRow(folder: string): Row {
  const ms = fastest(Array.from({ length: RUNS }, () => validateOnce(folder)));
  return {
    name: `validate of ${FILES} service files, fastest of ${RUNS}`,
    ours: `${Math.round(ms)} ms`,
    opponent: `${VALIDATE_MS} ms`,
    value: ms / VALIDATE_MS,
    atMost: 1,
  };
}

const fastest = (times: readonly number[]): number => Math.min(...times);

/** The demo's service so often, each with targets of its own. */
function writeEstate(folder: string): void {
  mkdirSync(path.join(folder, 'services'), { recursive: true });
  writeFileSync(path.join(folder, 'environment.yaml'), source('environment.yaml'));
  const demo = source('services/recommender.yaml');
  for (let n = 0; n < FILES; n++) {
    const text = demo
      .replaceAll('/shop/recommender/', `/shop/recommender-${n}/`)
      .replace('model: recommender', `model: recommender-${n}`);
    writeFileSync(path.join(folder, 'services', `recommender-${n}.yaml`), text);
  }
}

function validateOnce(folder: string): number {
  const { ms, stdout } = timeOf(folder, [REINSTATE, 'validate']);
  const told = stdout.split('\n').filter((line) => /^ {2}recommender-\d+$/.test(line)).length;
  if (told !== FILES) throw new Error(`Cannot measure validate: it told of ${told} files`);
  return ms;
}

function timeOf(cwd: string, args: readonly string[]): { readonly ms: number; readonly stdout: string } {
  const env = { ...process.env, NODE_NO_WARNINGS: '1' };
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`Cannot measure ${args.join(' ')}: it ended with ${status}: ${stderr}`);
  return { ms, stdout };
}

/** `reinstate validate` of a whole estate: 200 service files in one environment. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Row } from './table.ts';

const FILES = 200;
/** A person waits for it. */
const AT_MOST_MS = 1000;
const RUNS = 5;

const root = path.join(import.meta.dirname, '../..');
const source = (file: string) => readFileSync(path.join(root, 'environments/local', file), 'utf8');

/** From the command being typed to its last line, the process's own start among it; the fastest of five: others use the machine. */
export function validateRows(): Row[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'reinstate-bench-'));
  try {
    writeEstate(path.join(folder, 'environments/local'));
    const ms = Math.min(...Array.from({ length: RUNS }, () => validateOnce(folder)));
    const name = `validate of ${FILES} service files`;
    return [
      { name, ours: `${Math.round(ms)} ms`, opponent: `${AT_MOST_MS} ms`, value: ms / AT_MOST_MS, atMost: 1 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

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

function validateOnce(cwd: string): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'bin/reinstate.ts'), 'validate'],
    { cwd, encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  );
  const ms = performance.now() - began;
  const told = stdout.split('\n').filter((line) => /^ {2}recommender-\d+$/.test(line)).length;
  if (status !== 0 || told !== FILES) throw new Error(`Cannot measure validate: ${told} files, ${stderr}`);
  return ms;
}

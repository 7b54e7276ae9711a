/** A file that a tool writes: `--check` only says whether it is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

export interface Generated {
  /** From the top of the repository. */
  readonly file: string;
  readonly text: string;
}

/** @param tool path of the tool that writes it */
export function writeOrCheck({ file, text }: Generated, tool: string): void {
  const path = join(root, file);
  if (standing(path) === text) return;
  if (process.argv.includes('--check')) {
    const from = relative(root, tool);
    console.error(`Cannot accept "${file}": it is stale; expected the output of ${from}: npm run generate`);
    process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function standing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

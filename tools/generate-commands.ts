/** Writes lib/cli/generated/commands.json; with --check only says whether it is fresh (exit code 1: it is not). */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { listCommands } from '../lib/cli/commands.ts';

const name = 'lib/cli/generated/commands.json';
const file = join(import.meta.dirname, '..', name);
const commands = await listCommands(new Command(), () => async () => undefined);
const fresh = `${JSON.stringify(commands, null, 2)}\n`;

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fresh);
  console.log(`${name}: written`);
} else if (readFileSync(file, 'utf8') === fresh) {
  console.log(`${name}: fresh`);
} else {
  console.error(`${name}: stale; run node tools/generate-commands.ts and commit it`);
  process.exitCode = 1;
}

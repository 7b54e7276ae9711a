/** Writes lib/infra/generated/incident.asl.json; with --check only says whether it is fresh (exit code 1: it is not). */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ASL_FILE, incidentAsl } from '../lib/infra/incident-asl.ts';

const file = fileURLToPath(ASL_FILE);
const name = relative(process.cwd(), file);
const fresh = incidentAsl();

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fresh);
  console.log(`${name}: written`);
} else if (existsSync(file) && readFileSync(file, 'utf8') === fresh) {
  console.log(`${name}: fresh`);
} else {
  console.error(`${name}: stale; run node tools/generate-asl.ts and commit it`);
  process.exitCode = 1;
}

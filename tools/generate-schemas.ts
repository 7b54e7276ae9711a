import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas } from '../lib/files/json-schemas.ts';

const FOLDER = join(import.meta.dirname, '../lib/files/generated');

const stale = Object.entries(jsonSchemas())
  .map(([name, schema]) => ({ file: join(FOLDER, name), text: `${JSON.stringify(schema, null, 2)}\n` }))
  .filter(({ file, text }) => standing(file) !== text);

if (process.argv.includes('--check')) {
  for (const { file } of stale)
    console.error(`Cannot accept "${file}": it is stale; expected the output of tools/generate-schemas.ts`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, text } of stale) writeFileSync(file, text);
}

function standing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

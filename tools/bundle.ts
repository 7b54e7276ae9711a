/** Bundles the functions into dist/lambdas and says how large each is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle } from '../lib/infra/bundles.ts';

const root = join(import.meta.dirname, '..');

for (const [file, { bytes }] of Object.entries(bundle({ root }).outputs)) {
  const zipped = gzipSync(readFileSync(join(root, file))).length;
  console.log(`${file.padEnd(42)} ${kilobytes(bytes)}  ${kilobytes(zipped)} gz`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0).padStart(5)} kB`;
}

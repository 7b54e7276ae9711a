/**
 * The tests of core as one suite, for Stryker: each mutant loads the modules once, not once a file (4x faster).
 * `*-fuzz` tests stay out: they are slow to load and to run, and what only chance kills is not proven.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const tests = readdirSync(import.meta.dirname).filter((name) => /(?<!-fuzz)\.test\.ts$/.test(name));
for (const name of [...tests, '../report/next-steps.test.ts']) await import(join(import.meta.dirname, name));

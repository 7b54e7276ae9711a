#!/usr/bin/env node
// The command line as the package has it; in a checkout the sources themselves, so that nothing stale is run.
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const sources = new URL('./reinstate.ts', import.meta.url);
if (existsSync(sources)) {
  // What Node makes of TypeScript is kept: half of the time of a short command. Not in the system's temporary folder,
  // where others could put code for us to run.
  module.enableCompileCache?.(fileURLToPath(new URL('../.reinstate/cache/compiled', import.meta.url)));
  await import(sources.href);
} else {
  await import('../dist/cli/reinstate.js');
}

#!/usr/bin/env node
// The command line as the package has it; in a checkout the sources themselves, so that nothing stale is run.
import { existsSync } from 'node:fs';

const sources = new URL('./reinstate.ts', import.meta.url);
await import(existsSync(sources) ? sources.href : '../dist/cli/reinstate.js');

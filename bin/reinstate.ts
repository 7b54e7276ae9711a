#!/usr/bin/env node
/** The command line of Reinstate. */
import { nodeHost } from '../lib/cli/host.ts';
import { run } from '../lib/cli/program.ts';

process.exitCode = await run(process.argv.slice(2), nodeHost());

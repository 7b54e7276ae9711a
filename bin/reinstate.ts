#!/usr/bin/env node
/** The command line of Reinstate. */
import { nodeHost } from '../lib/cli/host.ts';
import { run } from '../lib/cli/program.ts';

const exit = await run(process.argv.slice(2), nodeHost());
process.exitCode = exit;
// Who was told to stop does not wait for answers that are still on their way.
if (exit > 128) process.exit();

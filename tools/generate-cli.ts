/** Writes docs/cli.md from the commands of `lib/cli`; `--check` says whether it is stale. */

import { COMMAND_NAMES } from '../lib/cli/commands.ts';
import { nodeTerminal } from '../lib/cli/host.ts';
import { commandLine } from '../lib/cli/program.ts';
import { CLI_NOTES } from './cli-notes.ts';
import { cliReference } from './cli-reference.ts';
import { writeOrCheck } from './generated-file.ts';

const act = () => async () => undefined;
const program = await commandLine({ terminal: nodeTerminal() }, act, COMMAND_NAMES);
writeOrCheck({ file: 'docs/cli.md', text: cliReference(program, CLI_NOTES) }, import.meta.filename);

/** Which commands there are. Each is loaded where it is asked for: all of them together take longer than most of them work. */
import type { Command } from 'commander';
import listed from './generated/commands.json' with { type: 'json' };
import type { Act, Register } from './program.ts';

/** In the order of the help: first what somebody on call needs. A new one wants `npm run generate`. */
const LOAD: Readonly<Record<string, () => Promise<Register>>> = {
  rollback: async () => (await import('./rollback.ts')).rollbackCommand,
  watch: async () => (await import('./watch.ts')).watchCommand,
  cancel: async () => (await import('./cancel.ts')).cancelCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  incidents: async () => (await import('./incidents.ts')).incidentsCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  mode: async () => (await import('./mode.ts')).modeCommand,
  hold: async () => (await import('./hold.ts')).holdCommand,
  quarantine: async () => (await import('./quarantine.ts')).quarantineCommand,
  baseline: async () => (await import('./baseline.ts')).baselineCommand,
  validate: async () => (await import('./validate.ts')).validateCommand,
  init: async () => (await import('./init.ts')).initCommand,
  page: async () => (await import('./page.ts')).pageCommand,
  cluster: async () => (await import('./cluster.ts')).clusterCommand,
  simulate: async () => (await import('./simulate.ts')).simulateCommand,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(LOAD);

/** What the list of commands says of one. */
export interface Listed {
  readonly name: string;
  readonly description: string;
  /** As they are shown: `<service>`, `[mode]`. */
  readonly arguments: readonly string[];
  /** Whether it has options of its own. */
  readonly options: boolean;
}

/** Adds all commands; those whose name is not among the words are only listed. */
export async function addCommands(program: Command, act: Act, words: readonly string[]): Promise<void> {
  for (const [name, load] of Object.entries(LOAD)) {
    const entry = listed.find((command) => command.name === name);
    if (entry && !words.includes(name)) list(program, entry);
    else (await load())(program, act);
  }
}

function list(program: Command, entry: Listed): void {
  const command = program.command(entry.name).description(entry.description);
  for (const argument of entry.arguments) command.argument(argument);
  if (entry.options) command.option('--any', 'stands for its own');
}

/** What generated/commands.json has to say: every command is loaded. */
export async function listCommands(program: Command, act: Act): Promise<Listed[]> {
  for (const load of Object.values(LOAD)) (await load())(program, act);
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
    options: command.options.length > 0,
  }));
}

/** The command line: what becomes of the words, and of a command's answers and errors. */
import { Command, CommanderError, Option } from 'commander';
import ours from '../../package.json' with { type: 'json' };
import type { ExitCode } from './answer.ts';
import { addCommands } from './commands.ts';
import { failureOf } from './failure.ts';
import { answerIn, asHelp, HELP } from './help.ts';
import type { Host } from './host.ts';
import { namedService } from './named-service.ts';
import { print, type Session, text, type Work } from './session.ts';
import { clean } from './text.ts';

/** Adds one command to the program; `act` makes commander's action of a `Work`. */
export type Register = (program: Command, act: Act) => void;
export type Act = (work: Work) => Action;
type Action = (...params: unknown[]) => Promise<void>;

/** As it is typed, before anybody has read the options. */
const JSON_WANTED = /^(-o\n?|--output[\n=])json$/m;

/** Runs one command. Never throws, never ends the process. */
export async function run(words: readonly string[], host: Host): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const act: Act =
    (work) =>
    async (...params) => {
      exit = await perform(work, host, params);
    };
  try {
    const program = await commandLine(host, act, words);
    await program.parseAsync([...asHelp(program, words)], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return fail(host, error, JSON_WANTED.test(words.join('\n')));
  }
}

/** The program with the commands that are among the words; all others are only listed. */
export async function commandLine(
  { terminal }: Pick<Host, 'terminal'>,
  act: Act,
  words: readonly string[],
): Promise<Command> {
  const program = newProgram();
  await addCommands(program, act, words);
  answerIn(terminal, program);
  return program;
}

const newProgram = (): Command =>
  new Command('reinstate')
    .description('Returns an ML service to its last known good release')
    .addOption(
      new Option('--env <name>', 'environment; else REINSTATE_ENV, else local where it runs').argParser(
        String,
      ),
    )
    .addOption(new Option('-o, --output <format>', 'output for programs').choices(['json']))
    .version(ours.version, '-V, --version', 'print the version')
    .configureHelp(HELP)
    .exitOverride();

async function perform(work: Work, host: Host, params: readonly unknown[]): Promise<ExitCode> {
  const command = params.at(-1) as Command;
  const options = command.optsWithGlobals();
  const environment = text(options['env']);
  const given = { args: params.slice(0, -2).map(text), options };
  const session: Session = {
    host,
    environment,
    json: options['output'] === 'json',
    desk: () => host.open(host, environment, namedService(command, given)),
  };
  try {
    const answer = await work(session, given);
    print(session, answer);
    return answer.exit ?? 0;
  } catch (error) {
    return fail(host, error, session.json);
  }
}

function fail({ terminal, env }: Host, error: unknown, json: boolean): ExitCode {
  const { sentence, exit } = failureOf(error);
  terminal.err(
    json ? `${JSON.stringify({ type: 'error', error: sentence, exit })}\n` : `${clean(sentence)}\n`,
  );
  if (env['DEBUG'] === 'reinstate' && error instanceof Error) terminal.err(`${error.stack}\n`);
  return exit;
}

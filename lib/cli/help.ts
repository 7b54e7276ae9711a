/** What commander says, in our words: help that fits narrow windows, and what cannot be understood as bad input. */
import type { Command, Help } from 'commander';
import { didYouMean } from '../core/closest.ts';
import { BadInput } from '../core/errors.ts';
import type { Terminal } from './host.ts';

/** A text narrower than this is a column of single words. */
const NARROWEST = 24;

/** Where words and meanings do not fit side by side, the meaning stands below. */
export const HELP: Partial<Help> = {
  showGlobalOptions: true,
  // Commander leaves long lines alone in narrow windows otherwise.
  minWidthToWrap: 10,
  formatItem(...[term, termWidth, description, helper]: Parameters<Help['formatItem']>) {
    const width = helper.helpWidth ?? 80;
    const [indent, gap] = [2, 2];
    const beside = width - indent - termWidth - gap;
    const below = description === '' ? '' : `\n${wrapped(helper, { text: description, width, indent: 6 })}`;
    if (beside < NARROWEST) return `${wrapped(helper, { text: term, width, indent })}${below}`;
    const [first = '', ...rest] = helper.boxWrap(description, beside).split('\n');
    const margin = ' '.repeat(indent + termWidth + gap);
    return [
      `${' '.repeat(indent)}${term.padEnd(termWidth + gap)}${first}`.trimEnd(),
      ...rest.map((line) => `${margin}${line}`),
    ].join('\n');
  },
};

interface Wrap {
  readonly text: string;
  readonly width: number;
  readonly indent: number;
}

function wrapped(helper: Help, { text, width, indent }: Wrap): string {
  const margin = ' '.repeat(indent);
  return helper.boxWrap(text, width - indent).replace(/^/gm, margin);
}

/** Help goes to this terminal. What cannot be understood is thrown, by the command that it was said to. */
export function answerIn(terminal: Terminal, command: Command): void {
  command.configureOutput({
    writeOut: (text) => terminal.out(text),
    writeErr: (text) => terminal.err(text),
    outputError: (text) => {
      throw new BadInput(sentenceFrom(text, command));
    },
    getOutHasColors: () => terminal.color,
    getErrHasColors: () => terminal.color,
    getOutHelpWidth: () => terminal.columns,
    getErrHelpWidth: () => terminal.columns,
  });
  for (const one of command.commands) answerIn(terminal, one);
}

/** `error: missing required argument 'service'` as a sentence of ours, with the next step. */
function sentenceFrom(error: string, command: Command): string {
  const words = error
    .replace(/^error: unknown command '(.*?)'[\s\S]*$/, (_, word: string) => unknownCommand(command, word))
    .replace(/^error: /, '')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ is invalid\. Allowed choices are (.*?)\.?$/, ' is unknown; expected $1')
    .replace(/\. Expected (\d+ arguments?) but got (\d+).*$/, '; expected $1, not $2');
  return `Cannot run this: ${wordOfGroup(error, command) ?? words}; see: npx ${pathOf(command)} --help`;
}

/** A group that does something by itself takes the name of a command that it does not have for an argument. */
function wordOfGroup(error: string, command: Command): string | undefined {
  const [, word] = /too many arguments for .*: (\S+?)[,.]/.exec(error) ?? [];
  return command.commands.length > 0 && word !== undefined ? unknownCommand(command, word) : undefined;
}

const unknownCommand = (command: Command, word: string): string =>
  `unknown command "${word}"${didYouMean(
    word,
    command.commands.map((one) => one.name()),
  )}`;

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** Options of every command that take the next word with them. */
const WITH_VALUE = ['--env', '-o', '--output'];

/** What was typed beside options. */
const namesIn = (words: readonly string[]): string[] =>
  words.filter((word, n) => !word.startsWith('-') && !WITH_VALUE.includes(words[n - 1] ?? ''));

/**
 * `help hold lift` and `hold help lift` as `hold lift --help`: commander knows one word, and of others says all it knows.
 * @throws BadInput where there is no such command
 */
export function asHelp(program: Command, words: readonly string[]): readonly string[] {
  const [first = '', second, ...rest] = namesIn(words);
  const isGroup = (program.commands.find((one) => one.name() === first)?.commands.length ?? 0) > 0;
  const asked = first === 'help' ? [second ?? 'help', ...rest] : [first, ...rest];
  // Right after the group: an option may have such a value.
  const inGroup = isGroup && words[words.indexOf(first) + 1] === 'help';
  if (first !== 'help' && !inGroup) return words;
  return asked[0] === 'help' ? ['--help'] : [...pathTo(program, asked), '--help'];
}

function pathTo(command: Command, [name, ...rest]: readonly string[]): string[] {
  if (name === undefined || command.commands.length === 0) return [];
  const found = command.commands.find((one) => one.name() === name);
  if (found) return [name, ...pathTo(found, rest)];
  throw new BadInput(`Cannot run this: ${unknownCommand(command, name)}; see: npx ${pathOf(command)} --help`);
}

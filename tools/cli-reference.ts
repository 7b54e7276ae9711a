/** docs/cli.md from the program itself: every command, its arguments, its options with their defaults. */
import type { Argument, Command, Option } from 'commander';
import type { CliNote } from './cli-notes.ts';

const HEAD = `# Command line

Made from the program by \`npm run generate\`; change the commands in \`lib/cli\`, and examples in \`tools/cli-notes.ts\`.
\`npx reinstate <command> --help\` says the same. Examples name a service \`recommender\`; \`<...>\` is yours to fill in.
`;

const EXITS = `## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | failed: it was tried, and did not come out well |
| 2 | bad input: what was typed, or a file, has to be changed |
| 3 | not ready: something that is needed is not there, not allowed or not reachable; the sentence names the next step |

A command that was told to stop ends with 128 and the signal's number: 130 after Ctrl-C.

Errors are one sentence on standard error, with \`-o json\` \`{"type":"error","error","exit"}\`. \`DEBUG=reinstate\` adds where it was thrown.
A service or an environment that has no file is refused before anybody signs in, with the name that is nearest.
`;

/** @param notes by the words of a command, such as \`incidents ack\` */
export function cliReference(program: Command, notes: Readonly<Record<string, CliNote>>): string {
  const commands = leavesOf(program);
  return [
    HEAD,
    `## Options of every command\n\n${optionTable(program.options)}\n`,
    EXITS,
    `## Commands\n\n${commands.map(indexRow).join('\n')}\n`,
    ...commands.map((command) => section(command, notes[wordsOf(command)])),
  ].join('\n');
}

/** Commands that do something: by themselves, or because nothing is below them. */
export const leavesOf = (command: Command): Command[] =>
  command.commands.flatMap((one) => [...(does(one) ? [one] : []), ...leavesOf(one)]);

const does = (command: Command): boolean => command.commands.length === 0 || command.options.length > 0;

/** `incidents ack`, without the program's own name. */
export const wordsOf = (command: Command): string =>
  command.parent?.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();

const indexRow = (command: Command): string =>
  `- [${wordsOf(command)}](#reinstate-${wordsOf(command).replaceAll(' ', '-')}): ${command.description()}`;

function section(command: Command, note: CliNote | undefined): string {
  const words = wordsOf(command);
  const parts = [
    `## reinstate ${words}`,
    `${sentence(command.description())}`,
    `    ${usageOf(command)}`,
    ...(command.registeredArguments.some(({ description }) => description)
      ? [argumentTable(command.registeredArguments)]
      : []),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
    ...exampleParts(command, note),
    `Exit codes: ${note?.exits ?? '0 done, 2 bad input, 3 not ready'}.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A new command shows at least how it is called; the check of the docs then asks for an example that a test runs. */
function exampleParts(command: Command, note: CliNote | undefined): string[] {
  const examples = note?.examples ?? [{ line: `npx reinstate ${wordsOf(command)}${argumentWords(command)}` }];
  return examples.flatMap(({ line, runBy }) => [
    ...(runBy ? [`<!-- run by: ${runBy} -->`] : []),
    `    ${line}`,
  ]);
}

const usageOf = (command: Command): string =>
  [
    `reinstate ${wordsOf(command)}`,
    ...(command.options.length > 0 ? ['[options]'] : []),
    ...command.registeredArguments.map(argumentWord),
  ].join(' ');

const argumentWords = (command: Command): string =>
  command.registeredArguments
    .filter(({ required }) => required)
    .map((one) => ` ${one.name() === 'service' ? 'recommender' : argumentWord(one)}`)
    .join('');

const argumentWord = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const argumentTable = (all: readonly Argument[]): string =>
  table(
    ['argument', 'meaning'],
    all.map((one) => [`\`${argumentWord(one)}\``, one.description]),
  );

const optionTable = (all: readonly Option[]): string =>
  table(
    ['option', 'meaning', 'default'],
    all.map((one) => [`\`${one.flags}\``, meaningOf(one), defaultOf(one)]),
  );

const meaningOf = ({ description, argChoices, mandatory }: Option): string =>
  [
    description,
    ...(argChoices ? [`one of ${argChoices.join(', ')}`] : []),
    ...(mandatory ? ['required'] : []),
  ]
    .filter((words) => words !== '')
    .join('; ');

function defaultOf({ defaultValue, defaultValueDescription, negate }: Option): string {
  if (negate) return 'it does';
  if (defaultValueDescription) return defaultValueDescription;
  return defaultValue === undefined ? '' : `\`${String(defaultValue)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replace(/ {2,}\|/g, ' |');
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Whether a command of the docs is one: known to the command line, to package.json, or to a program that it names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../lib/cli/host.ts';
import { commandLine } from '../lib/cli/program.ts';
import { sentenceOf } from '../lib/core/errors.ts';

const SILENT: Terminal = {
  out: () => undefined,
  err: () => undefined,
  isTty: false,
  columns: 200,
  rows: 50,
  color: false,
};

/** Programs whose own options are not known here. */
const OTHERS = [
  '.',
  'git',
  'curl',
  'aws',
  'kubectl',
  'helm',
  'python',
  'python3',
  'cd',
  'export',
  'node',
  'open',
  'cat',
  'cp',
  'mkdir',
  'echo',
  'sleep',
];
const CDK = ['bootstrap', 'deploy', 'synth', 'diff', 'destroy'];

/** Simple commands of a block: comments gone, continued lines joined, split at `&&`, `|` and `;`. */
export const commandsOf = (block: string): string[][] =>
  block
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap(splitAtOperators)
    .map((command) => wordsOf(command.replace(/^(until|while|do|done|if|then|fi)\b\s*/, '')))
    .filter((words) => words.length > 0);

/** Commands of ours that stand in a sentence or a table: there they may be shorter than they can be typed. */
export const inlineCommands = (page: string): string[][] =>
  [
    ...page
      .replace(/^```[\s\S]*?^```$/gm, '')
      .matchAll(/`((?:npx )?(?:reinstate|cdk) [a-z][^`]*|npm run [^`]+)`/g),
  ]
    .map(([, text = '']) => commandsOf(text.replace(/\s*\.\.\.\s*$/, ''))[0] ?? [])
    .map((words) => (words[0] === 'reinstate' || words[0] === 'cdk' ? ['npx', ...words] : words));

/** What a sentence may leave out: arguments, and the command of a group. */
const SHORTER = /missing required argument|required option|^\(outputHelp\)$/;

/** Quotes are kept whole. */
const TOKENS = /"(?:[^"\\]|\\.)*"|'[^']*'|&&|\|\||[|;]|[^\s"'|;&]+/g;

function splitAtOperators(line: string): string[] {
  const parts: string[] = [''];
  let last = 0;
  for (const { 0: token, index } of line.matchAll(TOKENS)) {
    const gap = line.slice(last, index);
    last = index + token.length;
    if (/^(&&|\|\||[|;])$/.test(token)) parts.push('');
    else parts[parts.length - 1] += gap + token;
  }
  return parts.map((part) => part.trim());
}

/** As a shell does, for plain quotes; assignments in front and redirections behind are left out. */
function wordsOf(command: string): string[] {
  const words = [...command.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/["']/g, ''),
  );
  const end = words.findIndex((word) => /^\d?[<>]/.test(word) && !/^<[\w -]+>/.test(word));
  const cut = end < 0 ? words : words.slice(0, end);
  const first = cut.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return first < 0 ? [] : cut.slice(first);
}

/** As `problemOf`, for a command that stands in a sentence. */
export async function inlineProblemOf(root: string, words: readonly string[]): Promise<string | undefined> {
  const problem = await problemOf(root, words);
  return problem !== undefined && SHORTER.test(problem) ? undefined : problem;
}

/** @returns what is wrong with it, if anything. */
export async function problemOf(root: string, words: readonly string[]): Promise<string | undefined> {
  const [program = '', first = '', ...rest] = words;
  if (program === 'npx' && first === 'reinstate') return reinstateProblem(root, rest);
  if (program === 'npx' && first === 'cdk') return cdkProblem(root, rest);
  if (program === 'npm') return npmProblem(root, [first, ...rest]);
  if (OTHERS.includes(program) || /^(\.\/|\.reinstate\/|docs\/)/.test(program)) return undefined;
  return `nobody knows the program "${program}"`;
}

async function reinstateProblem(root: string, words: readonly string[]): Promise<string | undefined> {
  const at = words.indexOf('--env');
  const environment = at < 0 ? undefined : words[at + 1];
  try {
    const program = await commandLine({ terminal: SILENT }, () => async () => undefined, words);
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Error && 'exitCode' in error && error.exitCode === 0)) return sentenceOf(error);
  }
  return environment === undefined ? undefined : environmentProblem(root, environment);
}

const environmentProblem = (root: string, name: string): string | undefined =>
  name.startsWith('<') || folders(root).some((one) => existsSync(join(one, name, 'environment.yaml')))
    ? undefined
    : `there is no environment "${name}"`;

/** Tutorials have environments of their own. */
const folders = (root: string): string[] => [
  join(root, 'environments'),
  ...readdirSync(join(root, 'docs/tutorials')).map((name) =>
    join(root, 'docs/tutorials', name, 'environments'),
  ),
];

function cdkProblem(root: string, [verb = '', ...rest]: readonly string[]): string | undefined {
  if (!CDK.includes(verb)) return `cdk has no command "${verb}"`;
  const given = rest.find((word) => word.startsWith('env='));
  return given && environmentProblem(root, given.slice('env='.length));
}

function npmProblem(root: string, [verb = '', script = '', ...rest]: readonly string[]): string | undefined {
  if (['ci', 'test', 'install', 'pack'].includes(verb)) return undefined;
  if (verb !== 'run') return `npm has no command "${verb}" that the docs need`;
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  if (!(script in scripts)) return `package.json has no script "${script}"`;
  return wordsOfScript(root, scripts[script] ?? '', rest);
}

/** Scripts that say their usage: each word behind `--` has to stand there. */
function wordsOfScript(root: string, script: string, rest: readonly string[]): string | undefined {
  const [, file] = /^node (local\/\w+\.ts)$/.exec(script) ?? [];
  if (!file) return undefined;
  const usage = /usage: [\s\S]*?\n(?:\];|\s*\n)/.exec(readFileSync(join(root, file), 'utf8'))?.[0] ?? '';
  const unknown = rest.filter(
    (word) => word !== '--' && !new RegExp(`(^|[^\\w-])${word}([^\\w-]|$)`).test(usage),
  );
  return unknown.length > 0 ? `${file} has no "${unknown.join(' ')}"` : undefined;
}

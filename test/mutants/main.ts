/** Breaks each promise in a copy of the sources, and demands that tests and seeds notice. Words choose mutants. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Edit, MUTANTS, type Mutant } from './mutants.ts';

const root = join(import.meta.dirname, '../..');
const copy = join(root, '.reinstate/mutants');
const COPIED = [
  'lib',
  'lambdas',
  'local',
  'test',
  'environments',
  'tools',
  'package.json',
  'jest.config.mjs',
  'tsconfig.json',
];
/** Seeds until a mutant counts as not noticed, and how many at once. */
const MOST_SEEDS = 2000;
const SEEDS_AT_ONCE = 250;

interface Noticed {
  readonly tests?: string;
  readonly seeds?: string;
}

function main(wanted: readonly string[]): number {
  prepare();
  const chosen = MUTANTS.filter(
    ({ without }) => wanted.length === 0 || wanted.some((w) => without.includes(w)),
  );
  const survived = chosen.filter((mutant) => !told(mutant, tried(mutant)));
  say(`${chosen.length} mutants, ${survived.length} survived`);
  return survived.length > 0 ? 1 : 0;
}

function prepare(): void {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const part of COPIED) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** Breaks the copy, looks who notices, and mends it. */
function tried({ edits, without, tests: where, bySeeds = true }: Mutant): Noticed {
  const files = [...new Set(edits.map(({ file }) => join(copy, file)))];
  const whole = files.map((path) => readFileSync(path, 'utf8'));
  for (const edit of edits) broken(edit, without);
  try {
    const seeds = bySeeds ? failingSeed() : undefined;
    const tests = seedsOnly ? 'not run' : (failingTest(where) ?? failingTest(['test/simulation']));
    return { ...(tests !== undefined && { tests }), ...(seeds !== undefined && { seeds }) };
  } finally {
    for (const [n, path] of files.entries()) writeFileSync(path, whole[n] ?? '');
  }
}

function broken({ file, find, replace }: Edit, without: string): void {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2)
    throw new Error(`Cannot take away ${without}: expected its line once in ${file}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}

/** @returns whether everybody noticed who should. */
function told({ without, bySeeds = true }: Mutant, { tests, seeds }: Noticed): boolean {
  const noticed = tests !== undefined && (seeds !== undefined || !bySeeds);
  say(`${noticed ? 'killed  ' : 'SURVIVED'} without ${without}`);
  say(`           test: ${tests ?? 'none failed'}`);
  say(
    `           seed: ${seeds ?? (bySeeds ? `none of ${MOST_SEEDS}` : 'not asked: none is expected to notice')}`,
  );
  return noticed;
}

/** The name of the first test that fails. */
function failingTest(where: readonly string[]): string | undefined {
  const out = join(copy, 'results.json');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const args = [...jest, '--bail=1', '--silent', '--json', `--outputFile=${out}`, ...where];
  spawnSync(process.execPath, args, { cwd: copy, stdio: 'ignore' });
  const results = JSON.parse(readFileSync(out, 'utf8')) as JestResults;
  rmSync(out);
  const suites = results.testResults.filter(({ status }) => status === 'failed');
  const [failed] = suites.flatMap(({ assertionResults }) =>
    assertionResults.filter((a) => a.status === 'failed'),
  );
  return failed?.fullName ?? suites[0]?.message.split('\n')[0];
}

interface JestResults {
  readonly testResults: readonly {
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The first seed that fails, and by which invariant. */
function failingSeed(): string | undefined {
  for (let from = 1; from < MOST_SEEDS; from += SEEDS_AT_ONCE) {
    const args = [
      'test/simulation/main.ts',
      '--brief',
      '--seeds',
      String(SEEDS_AT_ONCE),
      '--from',
      String(from),
    ];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
    if (status === 0) continue;
    const [seed, why] = stdout.split('\n');
    return `${seed}:${why ?? ''}`;
  }
  return undefined;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values, positionals } = parseArgs({
  options: { 'seeds-only': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const seedsOnly = values['seeds-only'];
process.exitCode = main(positionals);

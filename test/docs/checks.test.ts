/** The checks of the docs, tried on pages that are wrong. */
import { describe, expect, it } from '@jest/globals';
import { Command, Option } from 'commander';
import { cliReference } from '../../tools/cli-reference.ts';
import { shellBlocks } from '../../tools/doc-blocks.ts';
import { commandsOf, inlineCommands, inlineProblemOf, problemOf } from '../../tools/doc-commands.ts';
import { shownIn } from '../real/docs/page-run.ts';

const problemIn = async (line: string): Promise<string | undefined> => {
  const problems = await Promise.all(commandsOf(line).map((words) => problemOf('.', words)));
  return problems.find((problem) => problem !== undefined);
};

describe('a command of the docs', () => {
  it.each([
    'npx reinstate plan recommender --env prod   # what would be done',
    'until npx reinstate baseline record recommender --env local; do sleep 5; done',
    'npx reinstate rollback recommender --reason "a | b && c" --env <env>',
    'cd docs/tutorials/mini-challenge && npx reinstate simulate recommender --env lab --seeds 5',
    'npx reinstate cluster rbac --env prod | kubectl apply -f -',
    'npm ci && npm run demo -- canary --keep',
    'npm run local -- up --with cluster',
    'npx cdk deploy -c env=staging',
  ])('may be: %s', async (line) => {
    expect(await problemIn(line)).toBeUndefined();
  });

  it.each([
    ['npx reinstate plna recommender', 'unknown command "plna" (did you mean "plan"?)'],
    ['npx reinstate plan recommender --reson x', "unknown option '--reson'"],
    ['npx reinstate plan', "missing required argument 'service'"],
    ['npx reinstate hold lift recommender', "required option '--reason <text>' not specified"],
    ['npx reinstate mode act --env production', 'there is no environment "production"'],
    ['npm ci && npm run demos', 'package.json has no script "demos"'],
    ['npm run demo -- kanary', 'local/demo.ts has no "kanary"'],
    ['npm run local -- restart', 'local/main.ts has no "restart"'],
    ['npx cdk deploy -c env=stagging', 'there is no environment "stagging"'],
    ['npx cdk deplyo', 'cdk has no command "deplyo"'],
    ['reinstate plan recommender', 'nobody knows the program "reinstate"'],
  ])('may not be: %s', async (line, problem) => {
    expect(await problemIn(line)).toContain(problem);
  });

  it('may be shorter in a sentence, but not wrong', async () => {
    const [short = [], wrong = []] = inlineCommands('with `reinstate hold lift`, or `reinstate hold lfit`');

    expect(await inlineProblemOf('.', short)).toBeUndefined();
    expect(await inlineProblemOf('.', wrong)).toContain('did you mean "lift"?');
  });
});

describe('a block of the docs', () => {
  const marksOf = (page: string) => shellBlocks('page.md', page).map(({ line, mark }) => [line, mark]);

  it('has the mark right above it, and no other', () => {
    const page = '<!-- run: local -->\n\n    npm ci\n\nwords\n\n    npm ci\n';

    expect(marksOf(page)).toEqual([
      [3, { kind: 'run', where: 'local' }],
      [7, undefined],
    ]);
  });

  it.each([
    [
      'run by: test/cli/plan.test.ts "plan"',
      { kind: 'run by', file: 'test/cli/plan.test.ts', words: 'plan' },
    ],
    ['not run: it rains', { kind: 'not run', why: 'it rains' }],
    ['run: nowhere', { kind: 'unknown', text: 'run: nowhere' }],
    ['run by: test/cli/plan.test.ts', { kind: 'unknown', text: 'run by: test/cli/plan.test.ts' }],
  ])('may be marked "%s"', (text, mark) => {
    expect(marksOf(`<!-- ${text} -->\n\n\`\`\`sh\ndocker ps\n\`\`\`\n`)).toEqual([[4, mark]]);
  });

  it('is none of commands where it is YAML, or what is printed', () => {
    expect(marksOf('    when: x\n\n```yaml\na: b\n```\n\n```text\nnpm ci\n```\n')).toEqual([]);
  });
});

describe('an output that a page shows', () => {
  it.each([
    ['a …', 'a b\n', true],
    ['a …', 'a b\nc\n', false],
    ['…\nb', 'a\na\nb\n', true],
    ['a\n…', 'a\n', true],
    ['a.c', 'abc\n', false],
  ])('%j is seen in %j: %s', (prints, printed, seen) => {
    expect(shownIn(prints).test(printed)).toBe(seen);
  });
});

describe('docs/cli.md', () => {
  const program = new Command('reinstate');
  program
    .command('try')
    .description('try it')
    .argument('<service>')
    .addOption(new Option('--how <way>', 'which way').choices(['a', 'b']).default('a'))
    .requiredOption('--reason <text>', 'why');
  const page = cliReference(program, {});

  it('says what a command does, takes, and takes when nothing is said', () => {
    expect(page).toContain('## reinstate try\n\nTry it.\n\n    reinstate try [options] <service>');
    expect(page).toContain('| `--how <way>` | which way; one of a, b | `a` |');
    expect(page).toContain('| `--reason <text>` | why; required | |');
  });

  it('leaves the example of a command without a note unmarked, so that the check asks for one', () => {
    expect(shellBlocks('docs/cli.md', page).map(({ text, mark }) => [text, mark])).toEqual([
      ['npx reinstate try recommender', undefined],
    ]);
  });
});

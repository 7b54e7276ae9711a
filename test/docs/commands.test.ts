/** Every command of the docs is one, and somebody runs it; every file that they quote is as they quote it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allBlocks, type Block, pagesUnder, readPage, shellBlocks } from '../../tools/doc-blocks.ts';
import { commandsOf, inlineCommands, inlineProblemOf, problemOf } from '../../tools/doc-commands.ts';

const PAGES = pagesUnder('.').map((page) => [page, readPage('.', page)] as const);
const BLOCKS = PAGES.flatMap(([page, text]) => shellBlocks(page, text));

/** What cannot run here, and why. Whoever marks another block so adds it here. */
const NOT_RUN: readonly (readonly [page: string, why: string])[] = [
  ['docs/clusters.md', 'needs an AWS account with a VPC; test/infra/clusters.test.ts synthesises it'],
  ['docs/dashboard.md', 'needs an AWS account; test/infra/dashboard.test.ts synthesises it'],
  [
    'docs/deploy.md',
    'needs an AWS account; test/infra synthesises what is deployed, and the local environment deploys it',
  ],
  ['docs/install.md', 'needs an AWS account; test/package/package.test.ts synthesises the app'],
  [
    'docs/levers/deployment.md',
    'the local chart has no Deployment; test/core/manual.test.ts keeps what plan and report print',
  ],
  [
    'docs/levers/flag.md',
    'needs the aws CLI and an account; test/contracts/flag-lever.ts makes the same call',
  ],
  [
    'docs/safety.md',
    'takes half an hour; test/mutants/mutants.test.ts keeps that each mutant still has its code',
  ],
  [
    'docs/tutorials/exercise-1-kubernetes.md',
    'there is no namespace "prod" here; the same commands run below, in the local cluster\'s own namespace',
  ],
  [
    'docs/tutorials/project-3-flag-and-job.md',
    'needs an AWS account; test/contracts/flag-lever.ts makes the same call, of a local AWS',
  ],
];

const at = ({ page, line }: Block): string => `${page}:${line}`;

describe.each(PAGES)('%s', (page, text) => {
  it('names only commands, options and arguments that there are', async () => {
    const typed = shellBlocks(page, text).flatMap((block) => commandsOf(block.text));
    const problems = await Promise.all([
      ...typed.map(async (words) => [words.join(' '), await problemOf('.', words)]),
      ...inlineCommands(text).map(async (words) => [words.join(' '), await inlineProblemOf('.', words)]),
    ]);

    expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
  });

  it('says of each block of commands who runs it, or why nobody does', () => {
    const bare = shellBlocks(page, text).filter(({ mark }) => mark === undefined || mark.kind === 'unknown');

    expect(bare.map(at)).toEqual([]);
  });

  it('quotes files as they are', () => {
    const quoting = allBlocks(page, text).filter(({ quotes }) => quotes !== undefined);
    const wrong = quoting.filter(({ quotes = '', text: quoted }) => {
      const standing = existsSync(quotes) ? readFileSync(quotes, 'utf8') : '';
      return quoted === '' || !standing.includes(quoted);
    });

    expect(wrong.map(at)).toEqual([]);
  });
});

describe('blocks that a test runs', () => {
  const named = BLOCKS.flatMap((block) =>
    block.mark?.kind === 'run by' ? [{ ...block, ...block.mark, where: at(block) }] : [],
  );

  it.each(named)('$where: "$words" stands in $file, and is what the block does', ({ file, words, text }) => {
    const standing = existsSync(file) ? readFileSync(file, 'utf8') : '';

    expect([file, standing.includes(words)]).toEqual([file, true]);
    const missing = (words.match(/[\w-]+/g) ?? []).filter((word) => !text.includes(word));
    expect(missing).toEqual([]);
  });

  it('that are run here, in the order of their page, stand on pages that a suite of real parts takes up', () => {
    const suites = ['local', 'kubernetes'].map((name) =>
      readFileSync(`test/real/docs/${name}.test.ts`, 'utf8'),
    );
    const pages = BLOCKS.filter(({ mark }) => mark?.kind === 'run' && mark.where !== 'offline').map(
      (b) => b.page,
    );
    const left = pages.filter((page) => {
      const name = page.replace(/^docs\/tutorials\/|\.md$/g, '');
      return !suites.some((suite) => suite.includes(`'${name}'`));
    });

    expect(left).toEqual([]);
  });
});

describe('blocks that nobody runs', () => {
  it('are these, each for its reason', () => {
    const found = BLOCKS.flatMap(({ page, mark }) =>
      mark?.kind === 'not run' ? [[page, mark.why] as const] : [],
    );

    expect(found).toEqual(NOT_RUN);
  });
});

/** What the lever makes of any history, beside `git revert` on the same one. */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sceneOn } from '../adapters/git/scene.ts';
import { useGitServer } from '../git-server.ts';

const server = useGitServer();

const PATHS = ['churn/a.yaml', 'churn/sub/b.yaml', 'docs/c.md', 'churn.yaml'] as const;

/** A file of few lines, told by what stands on each: two changes meet often, and often do not. */
const text = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 6, maxLength: 6 })
  .map((words) => words.map((word, n) => `${n} ${word}\n`).join(''));
const edit = fc.record({ path: fc.constantFrom(...PATHS), text: fc.option(text, { freq: 4 }) });
const commit = fc.uniqueArray(edit, { minLength: 1, maxLength: 3, selector: ({ path }) => path });

describe('the Git lever on any history', () => {
  it('pushes the tree that `git revert` makes, or the baseline of its own paths alone', async () => {
    let reverted = 0;
    await fc.assert(
      fc.asyncProperty(commit, fc.array(commit, { maxLength: 3 }), async (bad, later) => {
        const repository = await server.repository();
        const all = Object.fromEntries(PATHS.map((path) => [path, '0 a\n1 a\n2 a\n3 a\n4 a\n5 a\n']));
        const good = await repository.commit(all);
        const files = (edits: typeof bad) =>
          Object.fromEntries(edits.map(({ path, text: to }) => [path, to]));
        const badOid = await repository.commit({ ...files(bad), 'churn/marker': 'bad\n' });
        for (const edits of later) {
          await repository.commit(files(edits.filter(({ path }) => !path.startsWith('churn/'))), {
            message: 'Later',
          });
        }
        // Renames are its one difference: files of one text would be taken for them.
        const theirs = await repository
          .revertedTree([badOid], '--strategy-option=no-renames')
          .catch(() => undefined);

        await sceneOn(repository).act(good);

        if (theirs !== undefined) reverted += 1;
        const made = await repository.git('rev-parse', 'main^{tree}');
        const subject = await repository.git('log', '-1', '--format=%s', 'main');
        if (subject.startsWith('Revert ')) expect(made).toBe(theirs);
        else expect(theirs).toBeUndefined();
        expect(await repository.git('rev-parse', 'main:churn')).toBe(
          await repository.git('rev-parse', `${good}:churn`),
        );
        expect(await repository.git('fsck', '--strict')).toBe('');
      }),
      { numRuns: 40 },
    );
    expect(reverted).toBeGreaterThan(10);
  });
});

/** What the lever pushes is what `git revert` makes of the same commits. */
import { describe, expect, it } from '@jest/globals';
import { type Repository, useGitServer } from '../../git-server.ts';
import { sceneOn } from './scene.ts';

const server = useGitServer();
const lines = (...changed: string[]) =>
  Array.from(
    { length: 12 },
    (_, n) => `${changed.find((line) => line.startsWith(`${n}:`)) ?? `${n}: as it was`}\n`,
  ).join('');
const treeOf = (repository: Repository) => repository.git('rev-parse', 'main^{tree}');

describe('the Git lever makes the tree of `git revert`', () => {
  it('F40: of a merge commit, by its first parent', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'fraud/a.yaml': 'v1\n' });
    const side = await repository.commit({ 'churn/a.yaml': 'v2\n' }, { branch: 'side', from: good });
    await repository.commit({ 'fraud/a.yaml': 'v2\n' });
    const merge = await repository.commit({ 'churn/a.yaml': 'v2\n' }, { merge: side, message: 'Merge side' });
    const tree = await repository.revertedTree([merge], '-m', '1');

    const { revision } = await sceneOn(repository).act(good);

    expect(await treeOf(repository)).toBe(tree);
    expect(await repository.git('log', '-1', '--format=%s %P', revision ?? '')).toBe(
      `Revert "Merge side" ${merge}`,
    );
  });

  it('of a rename with a new mode, beside names that sort around folders', async () => {
    const repository = await server.repository();
    const script = (mode: '100755', content: string) => ({ mode, content });
    const good = await repository.commit({
      'churn/run.sh': script('100755', 'echo v1\n'),
      'churn/sub/x.yaml': 'x\n',
      'churn/sub.yaml': 'y\n',
      'churn/sub-1/z.yaml': 'z\n',
    });
    const bad = await repository.commit({
      'churn/run.sh': null,
      'churn/start.sh': 'echo v1\n',
      'churn/sub/x.yaml': null,
      'churn/ä ö.yaml': 'new\n',
    });
    const tree = await repository.revertedTree([bad]);

    await sceneOn(repository).act(good);

    expect(await treeOf(repository)).toBe(tree);
    expect(await treeOf(repository)).toBe(await repository.git('rev-parse', `${good}^{tree}`));
    expect(await repository.git('fsck', '--strict')).toBe('');
  });

  it('of names at the top that sort around the folder, in a tree that is made anew', async () => {
    const repository = await server.repository();
    const beside = { 'churn.yaml': 'y\n', 'churn-1/z.yaml': 'z\n', churn1: 'x\n' };
    const good = await repository.commit({ ...beside, 'churn/a.yaml': 'v1\n' });
    const bad = await repository.commit({ 'churn/a.yaml': 'v2\n' });
    await repository.commit({ 'README.md': 'more\n' });
    const tree = await repository.revertedTree([bad]);

    await sceneOn(repository).act(good);

    expect(await treeOf(repository)).toBe(tree);
  });

  it('of a mode, in a file whose lines somebody changed since', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'run.sh': lines() });
    const bad = await repository.commit({
      'churn/a.yaml': 'v2\n',
      'run.sh': { mode: '100755', content: lines() },
    });
    await repository.commit({ 'run.sh': { mode: '100755', content: lines('3: theirs') } });
    const tree = await repository.revertedTree([bad]);

    await sceneOn(repository).act(good);

    expect(await treeOf(repository)).toBe(tree);
    expect(await repository.git('ls-tree', 'main', 'run.sh')).toMatch(/^100644 /);
  });

  it('of several commits, whose lines stand among those of others', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'all.yaml': lines() });
    const first = await repository.commit({ 'churn/a.yaml': 'v2\n', 'all.yaml': lines('2: first') });
    await repository.commit({ 'all.yaml': lines('2: first', '6: theirs') });
    const second = await repository.commit({
      'churn/a.yaml': 'v3\n',
      'all.yaml': lines('2: first', '6: theirs', '10: second'),
    });
    await repository.commit({ 'all.yaml': lines('0: theirs', '2: first', '6: theirs', '10: second') });
    const tree = await repository.revertedTree([second, first]);

    await sceneOn(repository).act(good);

    expect(await treeOf(repository)).toBe(tree);
    expect(await repository.git('show', 'main:all.yaml')).toBe(lines('0: theirs', '6: theirs').trimEnd());
  });

  it('F40: of a change beside lines that somebody changed since: there both find a conflict', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'all.yaml': lines() });
    const bad = await repository.commit({ 'churn/a.yaml': 'v2\n', 'all.yaml': lines('5: bad') });
    await repository.commit({ 'all.yaml': lines('5: bad', '6: theirs') });
    await expect(repository.revertedTree([bad])).rejects.toThrow(/could not revert/);

    await sceneOn(repository).act(good);

    expect(await repository.git('show', 'main:all.yaml')).toBe(lines('5: bad', '6: theirs').trimEnd());
    expect(await repository.git('log', '-1', '--format=%s', 'main')).toBe(
      `Return churn to ${good.slice(0, 7)}`,
    );
  });

  it.each([true, false])(
    'where the wanted commit is far older than the bad one (contents left out: %s)',
    async (filter) => {
      const repository = await server.repository({ filter });
      const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'fraud/a.yaml': '0\n' });
      await repository.history(300, 'fraud/a.yaml');
      const bad = await repository.commit({ 'churn/a.yaml': 'v2\n' });
      const tree = await repository.revertedTree([bad]);
      const scene = sceneOn(repository);

      expect((await scene.act(good)).conflict).toBeUndefined();

      expect(await treeOf(repository)).toBe(tree);
      expect((await scene.port.observe(scene.lever, good)).value).toBe(good);
    },
  );

  it.each([true, false])('of a commit far back in a long history (contents left out: %s)', async (filter) => {
    const repository = await server.repository({ filter });
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'fraud/a.yaml': '0\n' });
    const bad = await repository.commit({ 'churn/a.yaml': 'v2\n' });
    await repository.history(300, 'fraud/a.yaml');
    const tree = await repository.revertedTree([bad]);

    const { conflict } = await sceneOn(repository).act(good);

    expect(conflict).toBeUndefined();
    expect(await treeOf(repository)).toBe(tree);
  });
});

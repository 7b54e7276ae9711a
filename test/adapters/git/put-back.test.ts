import { describe, expect, it } from '@jest/globals';
import { useGitServer } from '../../git-server.ts';
import { sceneOn } from './scene.ts';

const server = useGitServer();
const values = (tag: string) =>
  ['replicas: 3', 'image:', `  tag: ${tag}`, 'resources:', '  cpu: 1', ''].join('\n');

describe('the Git lever returns the content of a path', () => {
  it('by one inverse commit, as `git revert` would make it', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/values.yaml': values('v1'), 'README.md': 'one\n' });
    const bad = await repository.commit({ 'churn/values.yaml': values('v2') }, { message: 'Ship v2' });
    await repository.commit({ 'README.md': 'two\n' }, { message: 'Say more' });
    const tree = await repository.revertedTree([bad]);
    const { port, lever, act } = sceneOn(repository);
    expect(await port.observe(lever, good)).toMatchObject({
      value: bad,
      candidate: { value: good, fit: 'ready' },
    });

    const { revision, conflict } = await act(good);

    expect(conflict).toBeUndefined();
    expect(await repository.git('rev-parse', 'main')).toBe(revision);
    expect(await repository.git('rev-parse', 'main^{tree}')).toBe(tree);
    expect(await repository.git('log', '-1', '--format=%an %ae%n%B', 'main')).toBe(
      [
        'Reinstate reinstate@local.invalid',
        'Revert "Ship v2"',
        '',
        `This reverts commit ${bad}.`,
        '',
        'Reinstate-Incident: churn-20261121T090000-0123abcd',
        'Reinstate-Fence: 7',
        `Reinstate-Returns-To: ${good}`,
        '',
      ].join('\n'),
    );
    expect(await repository.git('fsck', '--strict')).toBe('');
    expect(await port.observe(lever, good)).toMatchObject({ value: good, revision });
    expect((await port.observe(lever)).value).toBe(good);
  });
});

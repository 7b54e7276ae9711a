import { describe, expect, it } from '@jest/globals';
import { useGitServer } from '../../git-server.ts';
import { sceneOn } from './scene.ts';

const server = useGitServer();

describe('F39: two incidents of two services in one repository', () => {
  it('both land, though both push at the same time', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n', 'fraud/a.yaml': 'v1\n' });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });
    await repository.commit({ 'fraud/a.yaml': 'v2\n' });
    const churn = sceneOn(repository, { others: ['fraud'] });
    const fraud = sceneOn(repository, { paths: ['fraud'], others: ['churn'] });

    const ends = await Promise.all([
      churn.act(good),
      fraud.act(good, { incident: 'fraud-20261121T090000-0123abcd' }),
    ]);

    expect(ends.map(({ conflict }) => conflict)).toEqual([undefined, undefined]);
    expect(await repository.git('show', 'main:churn/a.yaml')).toBe('v1');
    expect(await repository.git('show', 'main:fraud/a.yaml')).toBe('v1');
    expect(await repository.git('fsck', '--strict', '--no-dangling')).toBe('');
  });
});

describe('a function that stays warm', () => {
  it('sees a branch that went on by more than it fetches, and one that was pushed by force', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n' });
    const { port, lever, act } = sceneOn(repository);
    expect((await port.observe(lever, good)).value).toBe(good);
    const bad = await repository.commit({ 'churn/a.yaml': 'v2\n' });
    await repository.history(300, 'other.txt');
    expect(await port.observe(lever, good)).toMatchObject({ value: bad, candidate: { fit: 'ready' } });
    await repository.history(100, 'other.txt');
    const head = await repository.git('rev-parse', 'main');

    expect((await act(good)).conflict).toBeUndefined();
    expect(await repository.git('rev-parse', 'main~1')).toBe(head);
    expect((await port.observe(lever)).value).toBe(good);

    await repository.git('update-ref', 'refs/heads/main', bad);
    expect((await port.observe(lever, good)).value).toBe(bad);
    expect((await act(good)).conflict).toBeUndefined();
    expect(await repository.git('rev-parse', 'main~1')).toBe(bad);
    expect(await repository.git('fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('a baseline whose commit was pushed away is found by its content', async () => {
    const repository = await server.repository();
    await repository.commit({ 'churn/a.yaml': 'v0\n' });
    const gone = await repository.commit({ 'churn/a.yaml': 'v1\n' });
    await repository.git('update-ref', 'refs/heads/main', `${gone}~1`);
    await repository.commit({ 'churn/a.yaml': 'v1\n' }, { message: 'Rebased v1' });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });
    const { act, port, lever } = sceneOn(repository);

    expect((await act(gone)).conflict).toBeUndefined();
    expect((await port.observe(lever, gone)).value).toBe(gone);
    expect((await port.observe(lever)).value).toBe(gone);

    await repository.git('gc', '--prune=now');
    expect((await sceneOn(repository).port.observe(lever, gone)).candidate?.fit).toBe('missing');
  });
});

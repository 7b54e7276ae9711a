import { describe, expect, it } from '@jest/globals';
import { describeReturns } from './git-returns.ts';
import { type GitScene, pullTo } from './git-scene.ts';
import { describeOthers } from './git-trouble.ts';

export type { GitScene } from './git-scene.ts';

/** What a Git lever keeps, on a real server and in memory. */
export function describeGitLever(name: string, make: () => Promise<GitScene>): void {
  describeReturns(name, make);
  describeOthers(name, make);
  describe(`${name} is a Git lever that sees`, () => {
    it('the newest commit that changed its paths, and the head as revision', async () => {
      const { port, lever, commit } = await make();
      const good = await commit({ 'churn/values.yaml': 'v1\n' });
      const bad = await commit({ 'churn/values.yaml': 'v2\n' });
      const head = await commit({ 'fraud/values.yaml': 'v9\n' });

      const seen = await port.observe(lever, good);

      expect(seen).toEqual({
        value: bad,
        revision: head,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        candidate: { value: good, fit: 'ready', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
      expect(seen.candidate?.digest).not.toBe(seen.digest);
      expect(await port.served(lever)).toBeUndefined();
    });

    it('content that is that of the asked commit as that commit, however it came there', async () => {
      const { port, lever, commit } = await make();
      const good = await commit({ 'churn/values.yaml': 'v1\n' });
      await commit({ 'churn/values.yaml': 'v2\n' });
      const byHand = await commit({ 'churn/values.yaml': 'v1\n' }, { message: 'Fix it' });

      expect((await port.observe(lever, good)).value).toBe(good);
      expect((await port.observe(lever)).value).toBe(byHand);
    });

    it('the digest of the same content as the same', async () => {
      const { port, lever, commit } = await make();
      await commit({ 'churn/values.yaml': 'v1\n' });
      const { digest } = await port.observe(lever);
      await commit({ 'churn/values.yaml': 'v2\n' });
      await commit({ 'churn/values.yaml': 'v1\n' });

      expect((await port.observe(lever)).digest).toBe(digest);
    });

    it('its own return as what it returned to, until somebody changes that', async () => {
      const scene = await make();
      const { port, lever, commit } = scene;
      const good = await commit({ 'churn/values.yaml': 'v1\n' });
      await commit({ 'churn/values.yaml': 'v2\n' });
      await pullTo(scene, good);
      await commit({ 'fraud/values.yaml': 'v9\n' });
      expect((await port.observe(lever)).value).toBe(good);

      const newer = await commit({ 'churn/values.yaml': 'v3\n' });

      expect((await port.observe(lever)).value).toBe(newer);
    });

    it.each(['0'.repeat(40), 'main', '-1', 'v1.0', 'F'.repeat(40)])(
      'bad input: %s as no commit of the branch',
      async (to) => {
        const scene = await make();
        const { port, lever, commit, head } = scene;
        const bad = await commit({ 'churn/values.yaml': 'v2\n' });

        expect((await port.observe(lever, to)).candidate).toEqual({ value: to, fit: 'missing' });
        await expect(pullTo(scene, to)).rejects.toMatchObject({ name: 'OutsideRefusal' });
        expect(await head()).toBe(bad);
      },
    );

    it('a commit of another branch by its content alone', async () => {
      const scene = await make();
      const { port, lever, commit } = scene;
      const first = await commit({ 'churn/values.yaml': 'v1\n' });
      await commit({ 'churn/values.yaml': 'v2\n' });
      const never = await commit({ 'churn/values.yaml': 'v8\n' }, { branch: 'next' });
      const again = await commit({ 'churn/values.yaml': 'v1\n' }, { branch: 'next' });

      expect((await port.observe(lever, never)).candidate).toEqual({ value: never, fit: 'missing' });
      expect((await port.observe(lever, again)).candidate).toMatchObject({ value: again, fit: 'ready' });
      await expect(pullTo(scene, never)).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(
          /: none of its last \d+ commits has the content of commit [0-9a-f]{40}$/,
        ),
      });

      expect((await pullTo(scene, again)).conflict).toBeUndefined();

      expect((await port.observe(lever, again)).value).toBe(again);
      expect((await port.observe(lever, first)).value).toBe(first);
    });

    it('bad input: that there is no such branch', async () => {
      const scene = await make();
      await scene.commit({ 'churn/values.yaml': 'v1\n' });
      const lever = { ...scene.lever, branch: 'nobody' };

      await expect(scene.port.observe(lever)).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/it has no branch "nobody"$/),
      });
    });

    it('a service that never was in the branch, and one that the bad commit took away', async () => {
      const { port, lever, commit } = await make();
      const first = await commit({ 'churn/values.yaml': 'v1\n', 'README.md': 'r\n' });
      const gone = await commit({ 'churn/values.yaml': null });

      expect((await port.observe(lever, first)).value).toBe(gone);
      expect((await port.observe({ ...lever, paths: ['nobody'] })).value).toBe(first);
    });
  });
}

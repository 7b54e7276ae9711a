import { describe, expect, it } from '@jest/globals';
import { type GitScene, INCIDENT, pullTo } from './git-scene.ts';

const values = (tag: string, replicas = 3): string =>
  `image:\n  repository: shop/churn\n  tag: ${tag}\n\n\n\nreplicas: ${replicas}\n`;

/** What a Git lever pushes. */
export function describeReturns(name: string, make: () => Promise<GitScene>): void {
  describe(`${name} is a Git lever that returns its paths`, () => {
    it('by the inverse of the one bad commit, under its incident and fence', async () => {
      const scene = await make();
      const { port, lever, commit, head, files, message } = scene;
      const good = await commit({ 'churn/values.yaml': values('v1'), 'README.md': 'one\n' });
      const bad = await commit({ 'churn/values.yaml': values('v2') }, { message: 'Ship v2\n\nWith care.' });
      await commit({ 'README.md': 'two\n' });

      expect(await pullTo(scene, good)).toEqual({ revision: await head() });

      expect(await files()).toEqual({ 'churn/values.yaml': values('v1'), 'README.md': 'two\n' });
      expect((await message((await head()) ?? '')).trimEnd()).toBe(
        [
          'Revert "Ship v2"',
          `This reverts commit ${bad}.`,
          `Reinstate-Incident: ${INCIDENT}\nReinstate-Fence: 7\nReinstate-Returns-To: ${good}`,
        ].join('\n\n'),
      );
      expect(await port.observe(lever, good)).toMatchObject({ value: good });
    });

    it('several bad commits newest first, one inverse each', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/values.yaml': values('v1') });
      await scene.commit({ 'churn/values.yaml': values('v2') }, { message: 'Ship v2' });
      await scene.commit({ 'fraud/values.yaml': 'v9\n' }, { message: 'Ship fraud' });
      await scene.commit(
        { 'churn/values.yaml': values('v2', 5), 'churn/new.yaml': 'n\n' },
        { message: 'Scale' },
      );

      await pullTo(scene, good);

      expect(await scene.files()).toEqual({ 'churn/values.yaml': values('v1'), 'fraud/values.yaml': 'v9\n' });
      expect((await scene.log()).slice(0, 2)).toEqual(['Revert "Ship v2"', 'Revert "Scale"']);
    });

    it('also what a bad commit did beside them, but for what has changed since', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/values.yaml': 'v1\n', 'docs/a.md': 'a\nb\nc\nd\ne\nf\n' });
      await scene.commit({ 'churn/values.yaml': 'v2\n', 'docs/a.md': 'A\nb\nc\nd\ne\nf\n' });
      await scene.commit({ 'docs/a.md': 'A\nb\nc\nd\ne\nF\n' });

      await pullTo(scene, good);

      expect(await scene.files()).toEqual({ 'churn/values.yaml': 'v1\n', 'docs/a.md': 'a\nb\nc\nd\ne\nF\n' });
    });

    it('a folder that the bad commit made, or took away', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/a.yaml': 'a\n', 'churn/sub/b.yaml': 'b\n' });
      await scene.commit({ 'churn/sub/b.yaml': null, 'churn/made/c.yaml': 'c\n' });

      await pullTo(scene, good);

      expect(await scene.files()).toEqual({ 'churn/a.yaml': 'a\n', 'churn/sub/b.yaml': 'b\n' });
    });

    it('what was undone already is not undone again', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/values.yaml': values('v1') });
      await scene.commit({ 'churn/values.yaml': values('v2') }, { message: 'Ship v2' });
      await scene.commit({ 'churn/values.yaml': values('v1') }, { message: 'Take v2 back' });
      await scene.commit({ 'churn/values.yaml': values('v3') }, { message: 'Ship v3' });

      await pullTo(scene, good);

      expect((await scene.log())[0]).toBe('Revert "Ship v3"');
      expect((await scene.log())[1]).toBe('Ship v3');
    });

    it('F40: nothing where somebody has undone all of it', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/values.yaml': values('v1') });
      await scene.commit({ 'churn/values.yaml': values('v2') });
      const before = await scene.port.observe(scene.lever, good);
      const byHand = await scene.commit({ 'churn/values.yaml': values('v1') });

      expect(await pullTo(scene, good, { before })).toEqual({ revision: byHand });
      expect(await scene.head()).toBe(byHand);
    });

    it('idempotent: acting twice pushes once', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/values.yaml': values('v1') });
      await scene.commit({ 'churn/values.yaml': values('v2') });
      const before = await scene.port.observe(scene.lever, good);

      const first = await pullTo(scene, good, { before });

      expect(await pullTo(scene, good, { before })).toEqual(first);
    });

    it('F40: in one commit of its own, where the bad commit does not undo cleanly', async () => {
      const scene = await make();
      const good = await scene.commit({ 'churn/values.yaml': 'tag: v1\n', 'docs/a.md': 'a\n' });
      const bad = await scene.commit({ 'churn/values.yaml': 'tag: v2\n', 'docs/a.md': 'b\n' });
      await scene.commit({ 'docs/a.md': 'c\n' });

      const { conflict } = await pullTo(scene, good);

      expect(conflict).toBeUndefined();
      expect(await scene.files()).toEqual({ 'churn/values.yaml': 'tag: v1\n', 'docs/a.md': 'c\n' });
      expect(await scene.message((await scene.head()) ?? '')).toContain(
        `Return churn to ${good.slice(0, 7)}\n\nThis reverts commit ${bad} in churn.\n`,
      );
    });

    it('alone, where the bad commit changed what belongs to another service', async () => {
      const scene = await make();
      const lever = { ...scene.lever, others: ['fraud'] };
      const good = await scene.commit({ 'churn/values.yaml': 'v1\n', 'fraud/values.yaml': 'v1\n' });
      await scene.commit({ 'churn/values.yaml': 'v2\n', 'fraud/values.yaml': 'v2\n' });

      await pullTo({ ...scene, lever }, good);

      expect(await scene.files()).toEqual({ 'churn/values.yaml': 'v1\n', 'fraud/values.yaml': 'v2\n' });
      expect((await scene.log())[0]).toBe(`Return churn to ${good.slice(0, 7)}`);
    });

    it('the whole repository, where that is the service', async () => {
      const scene = await make();
      const lever = { ...scene.lever, paths: ['.'] };
      const good = await scene.commit({ 'a.yaml': '1\n', 'b/c.yaml': '1\n' });
      await scene.commit({ 'a.yaml': '2\n', 'b/c.yaml': null });

      await pullTo({ ...scene, lever }, good);

      expect(await scene.files()).toEqual({ 'a.yaml': '1\n', 'b/c.yaml': '1\n' });
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { type GitScene, INCIDENT, pullTo } from './git-scene.ts';

/** What a Git lever does where others push, or its push is not taken. */
export function describeOthers(name: string, make: () => Promise<GitScene>): void {
  const started = async () => {
    const scene = await make();
    const good = await scene.commit({ 'churn/values.yaml': 'v1\n' });
    const bad = await scene.commit({ 'churn/values.yaml': 'v2\n' }, { message: 'Ship v2' });
    return { ...scene, good, bad };
  };

  describe(`${name} is a Git lever among others who push`, () => {
    it('F39: makes its commit anew upon a push of somebody who was quicker', async () => {
      const scene = await started();
      let theirs = '';
      scene.beforePush(async () => {
        theirs = await scene.commit({ 'fraud/values.yaml': 'v9\n' }, { message: 'Ship fraud' });
      });

      const { conflict } = await pullTo(scene, scene.good);

      expect(conflict).toBeUndefined();
      expect(await scene.files()).toEqual({ 'churn/values.yaml': 'v1\n', 'fraud/values.yaml': 'v9\n' });
      expect((await scene.log()).slice(0, 2)).toEqual(['Revert "Ship v2"', 'Ship fraud']);
      expect(theirs).not.toBe('');
    });

    it('F39: gives up after three such pushes, and has changed nothing', async () => {
      const scene = await started();
      for (const n of [1, 2, 3]) scene.beforePush(() => scene.commit({ 'fraud/values.yaml': `v${n}\n` }));

      await expect(pullTo(scene, scene.good)).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: expect.stringMatching(/^Cannot push to .+: "main" moved 3 times meanwhile$/),
      });
      expect(await scene.files()).toEqual({ 'churn/values.yaml': 'v2\n', 'fraud/values.yaml': 'v3\n' });
    });

    it('leaves a change of its paths as it is that came since it looked, and says whose', async () => {
      const scene = await started();
      const before = await scene.port.observe(scene.lever, scene.good);
      const change = { message: 'Try v3', author: 'ada' };
      const theirs = await scene.commit({ 'churn/values.yaml': 'v3\n' }, change);
      const revision = await scene.commit({ 'fraud/values.yaml': 'v9\n' });

      const short = theirs.slice(0, 7);
      expect(await pullTo(scene, scene.good, { before })).toEqual({
        revision,
        conflict: `"main" came to ${short} "Try v3" by ada in between; it was left as it is`,
      });
      expect(await scene.head()).toBe(revision);
    });

    it('F39: also one that came while it was pushing', async () => {
      const scene = await started();
      scene.beforePush(() => scene.commit({ 'churn/values.yaml': 'v3\n' }, { message: 'Try v3' }));

      const { conflict } = await pullTo(scene, scene.good);

      expect(conflict).toMatch(/ "Try v3" by dev in between; it was left as it is$/);
      expect(await scene.files()).toEqual({ 'churn/values.yaml': 'v3\n' });
    });

    it('an answer that was lost: sees that its push has arrived, and pushes nothing more', async () => {
      const scene = await started();
      scene.losePush();

      const { conflict, revision } = await pullTo(scene, scene.good);

      expect(conflict).toBeUndefined();
      expect(await scene.head()).toBe(revision);
      expect(await scene.log()).toEqual(['Revert "Ship v2"', 'Ship v2', 'Change']);
    });

    it('F42: a host that nobody answers at is trouble, and nothing is pushed', async () => {
      const scene = await started();
      const before = await scene.port.observe(scene.lever, scene.good);
      await scene.host('down');

      await expect(pullTo(scene, scene.good, { before })).rejects.toMatchObject({ name: 'OutsideTrouble' });
      await expect(scene.port.observe(scene.lever)).rejects.toMatchObject({ name: 'OutsideTrouble' });

      await scene.host('up');
      expect(await scene.head()).toBe(scene.bad);
    });
  });

  describe(`${name} is a Git lever that asks people`, () => {
    it('where the branch is protected: by a request that has the patch; nothing is tried again', async () => {
      const scene = await started();
      const lever = { ...scene.lever, host: 'gitea' } as const;
      await scene.decline('main', 'main is protected');

      const { conflict, revision } = await pullTo({ ...scene, lever }, scene.good);

      expect(revision).toBe(scene.bad);
      expect(conflict).toMatch(
        / declined the push \(.*main is protected.*\); pull request \S+ is open: merge it$/,
      );
      const [request] = await scene.requests();
      expect(request).toMatchObject({ from: `reinstate/${INCIDENT}`, into: 'main' });
      expect(request?.body).toContain(`- ${scene.bad} \`Ship v2\``);
      expect(request?.body).toContain(
        '--- a/churn/values.yaml\n+++ b/churn/values.yaml\n@@ -1,1 +1,1 @@\n-v2\n+v1\n',
      );
      expect(await scene.files(`reinstate/${INCIDENT}`)).toEqual({ 'churn/values.yaml': 'v1\n' });
      expect(await scene.head()).toBe(scene.bad);
    });

    it('once: a second try finds the branch and the request', async () => {
      const scene = await started();
      const lever = { ...scene.lever, host: 'gitea' } as const;
      await scene.decline('main', 'main is protected');
      const first = await pullTo({ ...scene, lever }, scene.good);
      const branch = await scene.head(`reinstate/${INCIDENT}`);

      expect(await pullTo({ ...scene, lever }, scene.good)).toEqual(first);
      expect(await scene.requests()).toHaveLength(1);
      expect(await scene.head(`reinstate/${INCIDENT}`)).toBe(branch);
    });

    it('of each lever, where two of one incident have the same repository', async () => {
      const scene = await make();
      const lever = { ...scene.lever, host: 'gitea' } as const;
      const other = { ...lever, name: 'config', paths: ['config'] };
      const good = await scene.commit({ 'churn/values.yaml': 'v1\n', 'config/churn.yaml': 'v1\n' });
      await scene.commit({ 'churn/values.yaml': 'v2\n' });
      await scene.commit({ 'config/churn.yaml': 'v2\n' });
      await scene.decline('main', 'main is protected');
      await pullTo({ ...scene, lever }, good);

      const { conflict } = await pullTo({ ...scene, lever: other }, good);

      const [, second] = await scene.requests();
      expect(second).toMatchObject({ from: `reinstate/${INCIDENT}-config`, into: 'main' });
      expect(await scene.files(`reinstate/${INCIDENT}-config`)).toEqual({
        'churn/values.yaml': 'v2\n',
        'config/churn.yaml': 'v1\n',
      });
      expect(await pullTo({ ...scene, lever: other }, good)).toMatchObject({ conflict });
      expect(await scene.requests()).toHaveLength(2);
    });

    it('with a text that calls nobody and is no longer than hosts take', async () => {
      const scene = await make();
      const lever = { ...scene.lever, host: 'gitea' } as const;
      const good = await scene.commit({ 'churn/values.yaml': 'v1\n' });
      const message = '@everyone fixes #12 ` ![x](https://evil.example.com/x.png)';
      for (let n = 0; n < 40; n += 1) await scene.commit({ 'churn/values.yaml': `n${n}\n` }, { message });
      await scene.decline('main', '@admins say no');

      await pullTo({ ...scene, lever }, good);

      const [request] = await scene.requests();
      const body = request?.body ?? '';
      expect(body).toContain(" `@everyone fixes #12 ' ![x](https://evil.example.com/x.png)`\n");
      expect(body).toMatch(/because `[^`]*@admins say no[^`]*`\.\n/);
      expect(body.match(/^- [0-9a-f]{40} /gm)).toHaveLength(10);
      expect(body).toContain('\n- and 30 more\n');
    });

    it('at a host without requests: by the branch alone', async () => {
      const scene = await started();
      await scene.decline('main', 'no');

      const { conflict } = await pullTo(scene, scene.good);

      expect(conflict).toMatch(new RegExp(`; branch reinstate/${INCIDENT} has the return: merge it$`));
    });

    it('F40: where a conflict is not to be gone over', async () => {
      const scene = await make();
      const lever = { ...scene.lever, host: 'gitea', conflict: 'pull-request' } as const;
      const good = await scene.commit({ 'churn/values.yaml': 'v1\n', 'docs/a.md': 'a\n' });
      const bad = await scene.commit({ 'churn/values.yaml': 'v2\n', 'docs/a.md': 'b\n' });
      const head = await scene.commit({ 'docs/a.md': 'c\n' });

      const { conflict } = await pullTo({ ...scene, lever }, good);

      expect(conflict).toMatch(
        new RegExp(`^${bad.slice(0, 7)} does not undo cleanly: docs/a.md; pull request`),
      );
      expect(await scene.head()).toBe(head);
      expect(await scene.files(`reinstate/${INCIDENT}`)).toEqual({
        'churn/values.yaml': 'v1\n',
        'docs/a.md': 'c\n',
      });
    });

    it('not where its own branch is declined as well: that is a refusal', async () => {
      const scene = await started();
      await scene.decline('main', 'no');
      await scene.decline(`reinstate/${INCIDENT}`, 'no branches');

      await expect(pullTo(scene, scene.good)).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(
          /^Cannot push branch reinstate\/.+ to .+: declined \(.*no branches.*\)$/,
        ),
      });
    });
  });
}

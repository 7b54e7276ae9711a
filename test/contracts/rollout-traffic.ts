import { describe, expect, it } from '@jest/globals';
import { orderOf, type RolloutScene } from './rollout-scene.ts';

/** How a Rollout's lever takes requests away from a bad version, by the state that it finds. */
export function describeTraffic(name: string, make: () => Promise<RolloutScene>): void {
  describe(`${name} takes requests away from a bad version`, () => {
    it('in flight: aborts, and everything is served by the stable one', async () => {
      const { port, lever, good, push, shares } = await make();
      const bad = await push('v2');
      expect(await shares()).toEqual({ [good]: 90, [bad]: 10 });

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await shares()).toEqual({ [good]: 100 });
      expect(await port.observe(lever, good)).toMatchObject({ value: good, progress: 'aborted' });
    });

    it('and acts twice as it acts once, also when the first answer was lost (F22)', async () => {
      const { port, lever, good, push, losePatch, settled, templates } = await make();
      const bad = await push('v2');

      losePatch();
      await port.act(lever, orderOf(good, bad)).catch(() => undefined);
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual({ spec: bad, stable: good, aborted: true });
      expect(await templates()).toBe(2);
    });

    it('in flight and paused by hand', async () => {
      const { port, lever, good, push, pause, shares } = await make();
      const bad = await push('v2');
      await pause();

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await shares()).toEqual({ [good]: 100 });
    });

    it('F30: fully promoted: puts the good template back and promotes that, without its 10 %', async () => {
      const { port, lever, good, push, promote, shares, settled, templates } = await make();
      const bad = await push('v2');
      await promote();
      expect(await port.observe(lever, good)).toMatchObject({ value: bad, progress: 'complete' });

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect((await port.observe(lever, good)).value).toBe(good);
      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
      expect(await shares()).toEqual({ [good]: 100 });
      expect(await templates()).toBe(2);
    });

    it('with another update on its way over a bad stable one', async () => {
      const { port, lever, good, push, promote, settled } = await make();
      await push('v2');
      await promote();
      const worse = await push('v3');

      expect(await port.act(lever, orderOf(good, worse))).toEqual({});

      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
    });

    it('promotes the good template where somebody put it back and it stands at 10 %', async () => {
      const { port, lever, good, push, promote, settled } = await make();
      const bad = await push('v2');
      await promote();
      expect(await push('v1')).toBe(good);

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
    });

    it('and promotes it also where that was aborted', async () => {
      const { port, lever, good, push, promote, abort, settled } = await make();
      const bad = await push('v2');
      await promote();
      await push('v1');
      await abort();
      expect((await port.observe(lever, good)).value).toBe(bad);

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
    });

    it.each([
      {
        owner: { kind: 'helm', release: 'shop', namespace: 'web' },
        why: /is owned by Helm release "shop" in "web"/,
      },
      { owner: { kind: 'argocd', application: 'shop' }, why: /is owned by Argo CD application "shop"/ },
    ] as const)(
      'fully promoted and owned by $owner.kind: leaves the template to its owner',
      async ({ owner, why }) => {
        const { port, lever, push, promote, give, good, settled } = await make();
        const bad = await push('v2');
        await promote();
        await give(owner);

        expect((await port.act(lever, orderOf(good, bad))).conflict).toMatch(why);

        expect(await settled()).toEqual({ spec: bad, stable: bad, aborted: false });
      },
    );

    it('in flight and owned by Helm: aborts, which is no change of the spec', async () => {
      const { port, lever, good, push, give, managers } = await make();
      const bad = await push('v2');
      await give({ kind: 'helm', release: 'shop', namespace: lever.namespace });

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect((await port.observe(lever, good)).value).toBe(good);
      expect(await managers()).not.toContain('reinstate');
    });

    it('leaves a Rollout alone that somebody moved since it was observed', async () => {
      const { port, lever, good, push, settled } = await make();
      const bad = await push('v2');
      const other = await push('v3');

      const { conflict } = await port.act(lever, orderOf(good, bad));

      expect(conflict).toMatch(new RegExp(`was moved to "${other}" in between; it was left as it is$`));
      expect(await settled()).toEqual({ spec: other, stable: good, aborted: false });
    });

    it('F29: sees a newer template that came just before its patch, which would have wiped the abort', async () => {
      const { port, lever, good, push, pushUnseen, beforePatch, settled } = await make();
      const bad = await push('v2');

      beforePatch(() => pushUnseen('v3'));
      const { conflict } = await port.act(lever, orderOf(good, bad));

      expect(conflict).toMatch(/was moved to ".+" in between/);
      expect(await settled()).toMatchObject({ stable: good, aborted: false });
    });

    it('F29: decides anew when somebody promoted the bad one just before its abort', async () => {
      const { port, lever, good, push, promote, beforePatch, settled } = await make();
      const bad = await push('v2');

      beforePatch(promote);
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
    });

    it('refuses to put back a template that is gone, and changes nothing', async () => {
      const { port, lever, push, promote, settled } = await make();
      const bad = await push('v2');
      await promote();

      await expect(port.act(lever, orderOf('abcdef1234', bad))).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/its ReplicaSet is gone \(spec\.revisionHistoryLimit\)$/),
      });
      expect(await settled()).toEqual({ spec: bad, stable: bad, aborted: false });
    });

    it('refuses to hold nothing', async () => {
      const { port, lever, good } = await make();

      const nothing = { ...orderOf(good, good), to: null };
      await expect(port.act(lever, nothing)).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/^Cannot empty Rollout /),
      });
    });
  });
}

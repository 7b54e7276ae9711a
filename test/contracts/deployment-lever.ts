import { describe, expect, it } from '@jest/globals';
import type { DeploymentScene } from './deployment-scene.ts';
import { orderOf } from './rollout-scene.ts';
import { describeWorkload } from './workload-lever.ts';

export type { DeploymentScene } from './deployment-scene.ts';

/** What a Deployment's lever keeps, on a cluster and in memory. */
export function describeDeploymentLever(name: string, make: () => Promise<DeploymentScene>): void {
  describeWorkload(name, make);

  describe(`${name} observes a Deployment`, () => {
    it('whose template has all pods as served', async () => {
      const { port, lever, good } = await make();

      expect(await port.served(lever)).toEqual([good]);
    });

    it('as the new hash while that comes, with the old one as candidate, and both as served', async () => {
      const { port, lever, good, pushBroken } = await make();
      const { digest } = await port.observe(lever);
      const bad = await pushBroken('v2');

      const seen = await port.observe(lever, good);

      expect(seen).toMatchObject({ value: bad, progress: 'under-way', revision: '2' });
      expect(seen.candidate).toEqual({ value: good, fit: 'ready', digest });
      expect(seen.digest).not.toBe(digest);
      expect(new Set(await port.served(lever))).toEqual(new Set([good, bad]));
    });

    it('F32: and refuses one that is not there', async () => {
      const { port, lever } = await make();

      await expect(port.observe({ ...lever, deployment: 'nobody' })).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/^Cannot find Deployment "nobody" in ".+" of cluster ".+": .+/),
      });
    });

    it('with its ReplicaSets and their pods, for people: no router is told anything', async () => {
      const { port, lever, good, pushBroken } = await make();
      const bad = await pushBroken('v2');

      const { workload } = await port.observe(lever);

      expect(workload).toEqual({
        sets: [
          { hash: bad, revision: '2', role: 'current', ready: 0, pods: 1, image: 'v2' },
          { hash: good, revision: '1', ready: expect.any(Number), pods: expect.any(Number), image: 'v1' },
        ],
      });
      expect(workload?.sets[1]?.ready).toBeGreaterThan(0);
    });
  });

  describe(`${name} puts an earlier template back`, () => {
    it('where the bad one has all pods: its own ReplicaSet comes back, under the next revision', async () => {
      const { port, lever, good, push, settled, templates } = await make();
      const bad = await push('v2');

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual([good]);
      expect(await port.observe(lever, good)).toMatchObject({ value: good, revision: '3' });
      expect(await port.served(lever)).toEqual([good]);
      expect(await templates()).toBe(2);
    });

    it('where the bad one is on its way, and does not get there', async () => {
      const { port, lever, good, pushBroken, settled } = await make();
      const bad = await pushBroken('v2');

      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual([good]);
      expect(await port.observe(lever, good)).toMatchObject({ value: good, progress: 'complete' });
    });

    it('the named one, and not the second newest, which may be bad too', async () => {
      const { port, lever, good, push, settled } = await make();
      await push('v2');
      const worse = await push('v3');

      expect(await port.act(lever, orderOf(good, worse))).toEqual({});

      expect(await settled()).toEqual([good]);
    });

    it('once, however often it is asked, also when the first answer was lost (F22)', async () => {
      const { port, lever, good, push, losePatch, templates } = await make();
      const bad = await push('v2');

      losePatch();
      await port.act(lever, orderOf(good, bad)).catch(() => undefined);
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect(await port.observe(lever)).toMatchObject({ value: good, revision: '3' });
      expect(await templates()).toBe(2);
    });

    it('and owns nothing of it afterwards, so that the next apply meets no conflict', async () => {
      const { port, lever, good, push, managers } = await make();
      const bad = await push('v2');

      await port.act(lever, orderOf(good, bad));

      expect(await managers()).not.toContain('reinstate');
      expect(await managers()).not.toEqual([]);
    });

    it('F29: though an autoscaler writes at the same moment', async () => {
      const { port, lever, good, push, beforePatch, touch } = await make();
      const bad = await push('v2');

      beforePatch(touch);
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});

      expect((await port.observe(lever)).value).toBe(good);
    });
  });

  describe(`${name} leaves a Deployment as it is`, () => {
    it('that somebody moved since it was observed, or is just moving', async () => {
      const { port, lever, good, push, beforePatch, settled } = await make();
      const bad = await push('v2');
      const other = await push('v3');
      expect((await port.act(lever, orderOf(good, bad))).conflict).toMatch(/was moved to/);

      let newest = '';
      beforePatch(async () => {
        newest = await push('v4');
      });
      expect((await port.act(lever, orderOf(good, other))).conflict).toMatch(/was moved to/);

      expect(await settled()).toEqual([newest]);
    });

    it.each([
      [{ kind: 'helm', release: 'shop', namespace: 'web' }, /is owned by Helm release "shop" in "web"/],
      [{ kind: 'argocd', application: 'shop' }, /is owned by Argo CD application "shop"/],
    ] as const)('whose owner is %p', async (owner, why) => {
      const { port, lever, good, push, give, settled } = await make();
      const bad = await push('v2');
      await give(owner);

      expect((await port.act(lever, orderOf(good, bad))).conflict).toMatch(why);

      expect(await settled()).toEqual([bad]);
    });

    it('that a person paused: to resume it is theirs', async () => {
      const { port, lever, good, push, pause } = await make();
      const bad = await push('v2');
      await pause();

      await expect(port.act(lever, orderOf(good, bad))).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/somebody paused it \(spec\.paused\)/),
      });
      expect((await port.observe(lever)).value).toBe(bad);
    });

    it('whose good ReplicaSet is gone, and one that is to hold nothing', async () => {
      const { port, lever, good, push, settled } = await make();
      const bad = await push('v2');

      await expect(port.act(lever, orderOf('abcdef1234', bad))).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/its ReplicaSet is gone \(spec\.revisionHistoryLimit\)$/),
      });
      await expect(port.act(lever, { ...orderOf(good, bad), to: null })).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/^Cannot empty Deployment /),
      });
      expect(await settled()).toEqual([bad]);
    });
  });

  describe(`F31: ${name}, while the controller is down`, () => {
    it('does not take an accepted patch for pods that moved, and has asked for what comes later', async () => {
      const { port, lever, good, push, controller, settled } = await make();
      const bad = await push('v2');
      await controller('down');

      await expect(port.act(lever, orderOf(good, bad))).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: expect.stringMatching(/has not seen generation \d+ of it \(is it running\?\)$/),
      });
      await expect(port.served(lever)).rejects.toMatchObject({ name: 'OutsideTrouble' });
      await controller('up');

      expect(await settled()).toEqual([good]);
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});
    });

    it('cannot tell what a template is that nobody has seen', async () => {
      const { port, lever, good, controller, pushUnseen } = await make();
      await controller('down');
      await pushUnseen('v2');

      const trouble = { name: 'OutsideTrouble', message: expect.stringMatching(/has not seen generation/) };
      await expect(port.observe(lever, good)).rejects.toMatchObject(trouble);
      await expect(port.act(lever, orderOf(good, 'any'))).rejects.toMatchObject(trouble);
      await controller('up');
    });
  });
}

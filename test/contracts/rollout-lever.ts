import { describe, expect, it } from '@jest/globals';
import type { RolloutLever } from '../../lib/core/service.ts';
import { orderOf, type RolloutScene } from './rollout-scene.ts';
import { describeTraffic } from './rollout-traffic.ts';
import { describeWorkload } from './workload-lever.ts';

export type { RolloutScene } from './rollout-scene.ts';

/** What a Rollout's lever keeps, on a cluster and in memory: a canary with traffic routing that stands at 10 %. */
export function describeRolloutLever(name: string, make: () => Promise<RolloutScene>): void {
  describeWorkload(name, make);
  describeTraffic(name, make);

  const specOf = (lever: RolloutLever): RolloutLever => ({ ...lever, part: 'spec' });

  describe(`${name} observes a Rollout`, () => {
    it('as the new hash while an update is under way, with the old one as candidate', async () => {
      const { port, lever, good, push } = await make();
      const { digest } = await port.observe(lever);
      const bad = await push('v2');

      const seen = await port.observe(lever, good);

      expect(seen).toMatchObject({ value: bad, progress: 'under-way', revision: '2' });
      expect(seen.candidate).toEqual({ value: good, fit: 'ready', digest });
      expect(seen.digest).not.toBe(digest);
    });

    it('as the stable hash while the update under way is to the wanted one: the other has the requests', async () => {
      const { port, lever, good, push } = await make();
      const wanted = await push('v2');

      expect(await port.observe(lever, wanted)).toMatchObject({ value: good, progress: 'under-way' });
    });

    it('as the stable hash once an update was aborted, with the template that any edit would start again', async () => {
      const { port, lever, good, push, abort, settled } = await make();
      const bad = await push('v2');
      await abort();
      await settled();

      expect(await port.observe(lever, good)).toMatchObject({ value: good, progress: 'aborted', spec: bad });
    });

    it('F23: and calls what is no hash missing', async () => {
      const { port, lever } = await make();

      expect((await port.observe(lever, 'a),app in (b')).candidate?.fit).toBe('missing');
    });

    it('F32: and refuses one that is not there', async () => {
      const { port, lever } = await make();

      await expect(port.observe({ ...lever, rollout: 'nobody' })).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/^Cannot find Rollout "nobody" in ".+" of cluster ".+": .+/),
      });
    });

    it('with its ReplicaSets and the weights of its router, for people', async () => {
      const { port, lever, good, push, abort, settled } = await make();
      const bad = await push('v2');
      const stable = { hash: good, revision: '1', role: 'stable', ready: 1, pods: 1, image: 'v1' };

      expect((await port.observe(lever)).workload).toEqual({
        sets: [{ hash: bad, revision: '2', role: 'canary', ready: 1, pods: 1, image: 'v2' }, stable],
        weights: { [good]: 90, [bad]: 10 },
      });
      await abort();
      await settled();
      const { workload } = await port.observe(lever);
      expect(workload?.weights).toEqual({ [good]: 100, [bad]: 0 });
      expect(workload?.sets.map(({ hash, role }) => [hash, role])).toEqual([
        [bad, 'canary'],
        [good, 'stable'],
      ]);
      expect(await port.observe(specOf(lever))).not.toHaveProperty('workload');
    });
  });

  describe(`F31: ${name}, while the controller is down`, () => {
    it('does not take an accepted abort for one that was carried out', async () => {
      const { port, lever, good, push, controller, shares } = await make();
      const bad = await push('v2');
      await controller('down');

      await expect(port.act(lever, orderOf(good, bad))).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: expect.stringMatching(/has not carried out the abort in time \(is it running\?\)/),
      });
      expect(await port.observe(lever, good)).toMatchObject({ value: bad, progress: 'under-way' });
      expect(await shares()).toEqual({ [good]: 90, [bad]: 10 });
    });

    it('has asked for what is carried out once it is back', async () => {
      const { port, lever, good, push, controller, settled } = await make();
      const bad = await push('v2');
      await controller('down');
      await port.act(lever, orderOf(good, bad)).catch(() => undefined);

      await controller('up');

      expect(await settled()).toEqual({ spec: bad, stable: good, aborted: true });
      expect(await port.act(lever, orderOf(good, bad))).toEqual({});
    });

    it('cannot tell what a spec holds that nobody has seen', async () => {
      const { port, lever, good, controller, pushUnseen } = await make();
      await controller('down');
      await pushUnseen('v2');

      const trouble = {
        name: 'OutsideTrouble',
        message: expect.stringMatching(/has not seen generation \d+ of the template \(is it running\?\)$/),
      };
      await expect(port.observe(lever, good)).rejects.toMatchObject(trouble);
      await expect(port.act(lever, orderOf(good, 'any'))).rejects.toMatchObject(trouble);
    });
  });

  describe(`${name} settles the template`, () => {
    it('after an abort: at once whole, and nothing is left that would start the bad one again', async () => {
      const { port, lever, good, push, settled, templates } = await make();
      const bad = await push('v2');
      await port.act(lever, orderOf(good, bad));
      const spec = specOf(lever);
      expect((await port.observe(spec, good)).value).toBe(bad);

      expect(await port.act(spec, orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
      expect(await port.observe(spec, good)).toMatchObject({ value: good, progress: 'complete' });
      expect(await templates()).toBe(2);
    });

    it('and owns nothing of the spec afterwards, so that the next apply meets no conflict', async () => {
      const { port, lever, good, push, managers } = await make();
      const bad = await push('v2');
      await port.act(lever, orderOf(good, bad));

      await port.act(specOf(lever), orderOf(good, bad));

      expect(await managers()).not.toContain('reinstate');
      expect(await managers()).not.toEqual([]);
    });

    it('once, however often it is asked', async () => {
      const { port, lever, good, push, losePatch, settled } = await make();
      const bad = await push('v2');
      await port.act(lever, orderOf(good, bad));

      losePatch();
      await port.act(specOf(lever), orderOf(good, bad)).catch(() => undefined);
      expect(await port.act(specOf(lever), orderOf(good, bad))).toEqual({});

      expect(await settled()).toEqual({ spec: good, stable: good, aborted: false });
    });

    it('never over a newer template of somebody else, nor over an owner', async () => {
      const { port, lever, good, push, give, settled } = await make();
      const bad = await push('v2');
      await port.act(lever, orderOf(good, bad));
      const other = await push('v3');

      expect((await port.act(specOf(lever), orderOf(good, bad))).conflict).toMatch(/was moved to/);
      await give({ kind: 'argocd', application: 'shop' });
      expect((await port.act(specOf(lever), orderOf(good, other))).conflict).toMatch(/is owned by Argo CD/);

      expect(await settled()).toMatchObject({ spec: other, stable: good });
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { type HelmPlace, type Images, orderOf } from './helm-place.ts';
import { describeRuns } from './helm-runs.ts';

export type { HelmPlace } from './helm-place.ts';

/** What a Helm lever keeps, on a cluster and in memory. Revision 1 runs `good`, revision 2 runs `bad` and is deployed. */
export function describeHelmLever(name: string, make: () => Promise<HelmPlace>, images: Images): void {
  describeRuns(name, make, images);
  const { good, bad, other } = images;
  describe(`${name} is a Helm lever that sees`, () => {
    it('the revision that serves with its digest, and those of a candidate', async () => {
      const { port, lever } = await make();

      const seen = await port.observe(lever, '1');

      expect(seen).toMatchObject({ value: '2', revision: '2', candidate: { value: '1', fit: 'ready' } });
      expect(seen.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(seen.candidate?.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(seen.candidate?.digest).not.toBe(seen.digest);
    });

    it('no candidate where none is asked for', async () => {
      const { port, lever } = await make();

      expect(await port.observe(lever)).toEqual({ value: '2', revision: '2', digest: expect.any(String) });
    });

    it('a revision that was rolled back to under the number it was made under, with its digest', async () => {
      const { port, lever, rollBack } = await make();
      const { candidate } = await port.observe(lever, '1');
      await rollBack(1);
      await rollBack(3);

      expect(await port.observe(lever)).toEqual({ value: '1', digest: candidate?.digest, revision: '4' });
    });

    it('what a rollback went back to: a candidate that is one is meant as that', async () => {
      const { port, lever, rollBack } = await make();
      await rollBack(1);
      await rollBack(2);

      const { candidate } = await port.observe(lever, '3');

      expect(candidate).toEqual({ value: '3', fit: 'ready', digest: expect.any(String), meant: '1' });
      expect((await port.observe(lever, '1')).candidate).not.toHaveProperty('meant');
    });

    it('that there is no such release', async () => {
      const { port, lever } = await make();
      const nobody = { ...lever, release: 'nobody' };

      await expect(port.observe(nobody)).rejects.toMatchObject({ name: 'OutsideRefusal' });
      await expect(port.act(nobody, orderOf())).rejects.toMatchObject({ name: 'OutsideRefusal' });
    });

    it.each(['99', '0', 'main', '-1', '1.5'])('F35: that %s is no revision', async (to) => {
      const { port, lever, history } = await make();

      expect((await port.observe(lever, to)).candidate).toEqual({ value: to, fit: 'missing' });
      await expect(port.act(lever, orderOf({ to }))).rejects.toMatchObject({ name: 'OutsideRefusal' });
      expect(await history()).toEqual(['1 superseded', '2 deployed']);
    });

    it('F37: pods that never become ready, though Helm says that all is well', async () => {
      const { port, lever, workload, upgrade } = await make();
      await upgrade('never/ready:1', 'unready');

      expect(await port.served(lever)).toEqual(['3 (failed)', `${workload} is not ready`]);
    });

    it('that an upgrade which failed stands there, though Helm goes on calling the one before deployed', async () => {
      const { port, lever, upgrade, history } = await make();
      await upgrade('never/ready:1', 'unready');

      expect(await history()).toEqual(['1 superseded', '2 deployed', '3 failed']);
      expect(await port.observe(lever, '2')).toMatchObject({ value: '3', candidate: { fit: 'ready' } });
      expect(await port.observe(lever, '3')).toMatchObject({
        value: '3 (failed)',
        candidate: { fit: 'not-ready' },
      });
      expect((await port.observe(lever)).value).toBe('3 (failed)');
    });

    it('an image that was set past the release', async () => {
      const { port, lever, workload, setImage } = await make();
      await setImage(other);

      expect(await port.served(lever)).toEqual(['2', `${workload} runs another image`]);
    });
  });

  describe(`${name} is a Helm lever that rolls back`, () => {
    it('to the revision it was told, with one revision more', async () => {
      const { port, lever, liveImage, history } = await make();
      expect(await liveImage()).toBe(bad);

      expect(await port.act(lever, orderOf())).toEqual({ revision: '3' });

      expect(await liveImage()).toBe(good);
      expect((await port.observe(lever, '1')).value).toBe('1');
      expect((await port.served(lever))?.[0]).toBe('1');
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 deployed']);
    });

    it('F34, proven 1: once, however often it is told, while a person without a revision flips back', async () => {
      const { port, lever, rollBack, history } = await make();

      await port.act(lever, orderOf());
      expect(await port.act(lever, orderOf())).toEqual({ revision: '3' });
      expect(await port.act(lever, orderOf({ before: { value: '1' } }))).toEqual({ revision: '3' });

      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 deployed']);
      await rollBack();
      expect((await port.observe(lever)).value).toBe('2');
    });

    it('proven 2: without pruning what it goes back to, or anything', async () => {
      const { port, lever, upgrade, history } = await make();
      for (let n = 3; n <= 10; n++) await upgrade(n % 2 === 0 ? bad : other);

      expect(await port.act(lever, orderOf({ before: { value: '10' } }))).toEqual({ revision: '11' });

      expect((await history()).map((line) => Number(line.split(' ')[0]))).toEqual(
        Array.from({ length: 11 }, (_, n) => n + 1),
      );
    });

    it('F35: not where the revision was pruned', async () => {
      const { port, lever, prune, history } = await make();
      await prune(1);

      expect((await port.observe(lever, '1')).candidate).toEqual({ value: '1', fit: 'missing' });
      await expect(port.act(lever, orderOf())).rejects.toMatchObject({ name: 'OutsideRefusal' });
      expect(await history()).toEqual(['2 deployed']);
    });

    it('F35: to a return to it, where the revision itself was pruned', async () => {
      const { port, lever, rollBack, upgrade, prune, liveImage } = await make();
      const { candidate } = await port.observe(lever, '1');
      await rollBack(1);
      await upgrade(bad);
      await prune(1);

      expect((await port.observe(lever, '1')).candidate).toEqual({ ...candidate, fit: 'ready' });
      expect(await port.act(lever, orderOf({ before: { value: '4' } }))).toEqual({ revision: '5' });

      expect(await liveImage()).toBe(good);
      expect((await port.observe(lever, '1')).value).toBe('1');
    });

    it('from an upgrade that failed', async () => {
      const { port, lever, upgrade, liveImage } = await make();
      await upgrade('never/ready:1', 'unready');

      expect(await port.act(lever, orderOf({ before: { value: '3' } }))).toEqual({ revision: '4' });

      expect(await liveImage()).toBe(good);
      expect((await port.observe(lever, '1')).value).toBe('1');
    });

    it('also an image that was set past the release, where the release stands right already', async () => {
      const { port, lever, rollBack, setImage, liveImage, history } = await make();
      await rollBack(1);
      await setImage(other);

      expect(await port.act(lever, orderOf({ before: { value: '1' } }))).toEqual({ revision: '4' });

      expect(await liveImage()).toBe(good);
      expect((await history()).length).toBe(4);
    });

    it('not what somebody else released since it was observed', async () => {
      const { port, lever, upgrade, history } = await make();
      await upgrade(other);

      const acted = await port.act(lever, orderOf());

      expect(acted.conflict).toMatch(/came to "3" in between; it was left as it is$/);
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 deployed']);
    });

    it('not to a revision that failed', async () => {
      const { port, lever, upgrade, history } = await make();
      await upgrade('never/ready:1', 'unready');
      await upgrade(bad);

      expect((await port.observe(lever, '3')).candidate?.fit).toBe('not-ready');
      await expect(port.act(lever, orderOf({ to: '3', before: { value: '4' } }))).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/: its revision 3 is failed$/),
      });
      expect((await history()).at(-1)).toBe('4 deployed');
    });

    it('not to nothing', async () => {
      const { port, lever } = await make();

      await expect(port.act(lever, orderOf({ to: null }))).rejects.toMatchObject({ name: 'OutsideRefusal' });
    });
  });
}

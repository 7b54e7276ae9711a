import { describe, expect, it } from '@jest/globals';
import { type HelmPlace, type Images, orderOf } from './helm-place.ts';

/** What a Helm lever keeps where a run of Helm, its own or another's, has not come to its end. */
export function describeRuns(
  name: string,
  make: () => Promise<HelmPlace>,
  { good, bad, other }: Images,
): void {
  describe(`${name} is a Helm lever that meets a run which has not ended`, () => {
    it('F33, proven 3: its own, that died: it goes to the same revision again', async () => {
      const { port, lever, dieNext, liveImage, history } = await make();
      dieNext();
      await expect(port.act(lever, orderOf())).rejects.toMatchObject({ name: 'OutsideTrouble' });
      expect(await history()).toEqual(['1 superseded', '2 deployed', '3 pending-rollback']);
      expect((await port.observe(lever, '1')).value).toBe('2');
      expect(await liveImage()).toBe(bad);

      expect(await port.act(lever, orderOf())).toEqual({ revision: '4' });

      expect(await liveImage()).toBe(good);
      expect((await port.observe(lever, '1')).value).toBe('1');
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 pending-rollback', '4 deployed']);
    });

    it('an upgrade just begun: it waits, and changes nothing', async () => {
      const { port, lever, leavePending, history } = await make();
      await leavePending({ upgrade: other });

      expect((await port.observe(lever, '1')).value).toBe('3');
      await expect(port.act(lever, orderOf({ before: { value: '3' } }))).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: expect.stringMatching(/a run of Helm is under way since 2\d{3}-\d\d-\d\dT/),
      });
      expect(await history()).toEqual(['1 superseded', '2 deployed', '3 pending-upgrade']);
    });

    it('an upgrade begun two minutes ago: nobody is at work on it', async () => {
      const { port, lever, leavePending, pass, history } = await make();
      await leavePending({ upgrade: other });
      pass(121_000);

      expect(await port.act(lever, orderOf({ before: { value: '3' } }))).toEqual({ revision: '4' });

      expect((await port.observe(lever, '1')).value).toBe('1');
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 pending-upgrade', '4 deployed']);
    });

    it('a rollback of somebody else to another revision: as an upgrade', async () => {
      const { port, lever, upgrade, leavePending, pass } = await make();
      await upgrade(other);
      await leavePending({ rollback: 2 });

      expect((await port.observe(lever, '1')).value).toBe('3');
      await expect(port.act(lever, orderOf({ before: { value: '3' } }))).rejects.toMatchObject({
        name: 'OutsideTrouble',
      });
      pass(121_000);
      expect(await port.act(lever, orderOf({ before: { value: '3' } }))).toEqual({ revision: '5' });
    });

    it('one that the API refused: no revision is deployed, and another order goes on', async () => {
      const { port, lever, refuseNext, liveImage, history } = await make();
      await refuseNext();
      await expect(port.act(lever, orderOf())).rejects.toMatchObject({ name: 'OutsideRefusal' });
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 failed']);
      expect((await port.observe(lever, '1')).value).toBe('2');

      expect(await port.act(lever, orderOf())).toEqual({ revision: '4' });

      expect(await liveImage()).toBe(good);
      expect((await port.observe(lever, '1')).value).toBe('1');
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import type { ServedByPods, Workload } from '../../lib/core/alias-pods.ts';
import type { AliasLever } from '../../lib/core/service.ts';
import type { LeverPort, Order } from '../../lib/ports/lever.ts';

/**
 * A workload of two pods that load the alias when they start, as everybody but the lever sees it. The model has versions
 * 1 and 2; `champion` names 2, and both pods serve 2.
 */
export interface PodsScene {
  readonly port: LeverPort<AliasLever>;
  /** Its reload restarts the workload, and its pods are read. */
  readonly lever: Omit<AliasLever, 'reload' | 'served'> & {
    readonly reload: Workload;
    readonly served: ServedByPods;
  };
  /** The registry, past the lever. */
  move(version: string): Promise<void>;
  controller(state: 'up' | 'down'): Promise<void>;
  /** `spec.paused` */
  pause(): Promise<void>;
  scale(replicas: number): Promise<void>;
  /** One more pod that the selector names, which runs and refuses connections. @returns its name */
  addDeaf(): Promise<string>;
  /** Somebody applies a spec without the restart. */
  putBack(): Promise<void>;
  /** Names of the pods, once nothing moves any more. */
  settled(): Promise<string[]>;
  /** How many templates it has had: one more begins a canary of a Rollout. */
  templates(): Promise<number>;
  /** The restart that the spec holds. */
  restart(): Promise<string | undefined>;
  /** Who owns fields, status left out. */
  managers(): Promise<string[]>;
  /** The next patch takes effect, its answer is lost. */
  losePatch(): void;
}

const incident = 'recommender-20261121T090000-0123abcd';
const order = (over: Partial<Order> = {}): Order => ({
  to: '1',
  incident,
  fence: 7,
  before: { value: '2' },
  ...over,
});

/** What an alias keeps whose pods are restarted, on a cluster and in memory. */
export function describeAliasPods(name: string, make: () => Promise<PodsScene>): void {
  describe(`${name} reads what is served`, () => {
    it('of every pod', async () => {
      const { port, lever } = await make();

      expect(await port.served(lever)).toEqual(['2', '2']);
    });

    it('and takes a pod that cannot be read for none that is good', async () => {
      const { port, lever, addDeaf } = await make();
      const deaf = await addDeaf();

      const served = await port.served(lever);

      expect(served).toHaveLength(3);
      expect(served?.filter((value) => value === '2')).toHaveLength(2);
      expect(served?.find((value) => value !== '2')).toMatch(new RegExp(`^pod ${deaf} cannot be read: .+`));
    });

    it('and no pod at all neither', async () => {
      const { port, lever, scale } = await make();
      await scale(0);

      expect(await port.served(lever)).toEqual(['no pod is running']);
    });

    it('F32: and refuses a workload that is not there', async () => {
      const { port, lever } = await make();
      const pods = { ...lever.reload, name: 'nobody' };

      await expect(port.served({ ...lever, served: { ...lever.served, pods } })).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/^Cannot find (Deployment|Rollout) "nobody" in ".+" of cluster ".+"/),
      });
    });
  });

  describe(`${name} restarts the pods`, () => {
    it('after the alias has moved: each of them serves the version', async () => {
      const { port, lever, settled } = await make();
      const before = await settled();

      expect(await port.act(lever, order())).toEqual({});

      const after = await settled();
      expect(after.filter((pod) => before.includes(pod))).toEqual([]);
      expect(await port.served(lever)).toEqual(['1', '1']);
    });

    it('never of a Rollout by its template: that would begin a canary', async () => {
      const { port, lever, settled, templates } = await make();

      await port.act(lever, order());
      await settled();

      expect(await templates()).toBe(lever.reload.kind === 'rollout' ? 1 : 2);
    });

    it('F24: also where the alias stood right before, and pods have not followed it', async () => {
      const { port, lever, move, settled } = await make();
      await move('1');
      expect(await port.served(lever)).toEqual(['2', '2']);

      expect(await port.act(lever, order({ before: { value: '1' } }))).toEqual({});

      await settled();
      expect(await port.served(lever)).toEqual(['1', '1']);
    });

    it('F22: once for an incident, however often it is asked, also when the first answer was lost', async () => {
      const { port, lever, losePatch, settled, restart } = await make();

      losePatch();
      await expect(port.act(lever, order())).rejects.toMatchObject({ name: 'OutsideTrouble' });
      const first = await restart();
      const pods = await settled();
      expect(await port.act(lever, order())).toEqual({});
      expect(await port.act(lever, order({ fence: 8 }))).toEqual({});

      expect([first, await restart()]).toEqual([expect.any(String), first]);
      expect(await settled()).toEqual(pods);
    });

    it('again for another incident, and where somebody has put the spec back', async () => {
      const { port, lever, settled, restart, putBack } = await make();
      await port.act(lever, order());
      const first = await restart();
      await settled();

      await putBack();
      await settled();
      await port.act(lever, order());
      const second = await restart();
      await settled();
      await port.act(lever, order({ incident: 'recommender-20261121T100000-4567cdef' }));

      const all = [first, second, await restart()];
      expect(all).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
      expect(new Set(all).size).toBe(3);
      await settled();
    });

    it('and owns nothing of it afterwards, so that the next apply meets no conflict', async () => {
      const { port, lever, managers } = await make();

      await port.act(lever, order());

      expect(await managers()).not.toContain('reinstate');
      expect(await managers()).not.toEqual([]);
    });

    it('not where the alias was moved by somebody else', async () => {
      const { port, lever, restart } = await make();

      expect((await port.act(lever, order({ before: { value: '3' } }))).conflict).toMatch(/in between/);

      expect(await restart()).toBeUndefined();
    });

    it('F31: and does not take an accepted patch for pods that were restarted', async () => {
      const { port, lever, controller, settled, restart } = await make();
      await controller('down');

      await expect(port.act(lever, order())).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: expect.stringMatching(/has not seen generation \d+ of it \(is it running\?\)$/),
      });
      const first = await restart();
      expect(await port.served(lever)).toEqual(['2', '2']);
      await controller('up');

      expect(await port.act(lever, order())).toEqual({});
      expect(await restart()).toBe(first);
      await settled();
      expect(await port.served(lever)).toEqual(['1', '1']);
    });
  });
}

/** What only a Deployment has: a Rollout restarts its pods also while somebody has paused it. */
export function describePausedPods(name: string, make: () => Promise<PodsScene>): void {
  it(`${name} that a person paused is not restarted: to resume it is theirs`, async () => {
    const { port, lever, pause, restart } = await make();
    await pause();

    await expect(port.act(lever, order())).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/somebody paused it \(spec\.paused\)/),
    });
    expect(await restart()).toBeUndefined();
  });
}

import { describe, expect, it } from '@jest/globals';
import type { FlagLever } from '../../lib/core/service.ts';
import type { LeverPort, Order } from '../../lib/ports/lever.ts';

/** A flag somewhere, with what a test needs to stand beside it. */
export interface FlagPlace {
  readonly port: LeverPort<FlagLever>;
  readonly lever: FlagLever;
  /** Writes it as an operator would. */
  put(value: string): Promise<void>;
  /** All its values, oldest first. */
  history(): Promise<string[]>;
  /** Runs just before the lever's next write. */
  beforeWrite(what: () => Promise<void>): void;
  /** The next write takes effect, its answer is lost. */
  loseWrite(): void;
  /** A parameter that is no plain text. */
  other(type: 'SecureString' | 'StringList' | 'missing'): Promise<FlagLever>;
}

/** What a flag lever keeps, on SSM and in memory. The flag starts as "true", version 1. */
export function describeFlagLever(name: string, make: () => Promise<FlagPlace>): void {
  describe(`${name} is a flag lever`, () => {
    const order = (over: Partial<Order> = {}): Order => ({
      to: 'false',
      incident: 'recommender-20261121T090000-0123abcd',
      fence: 1,
      before: { value: 'true', revision: '1' },
      ...over,
    });

    it('observes value and revision', async () => {
      const { port, lever } = await make();

      expect(await port.observe(lever, 'false')).toEqual({ value: 'true', revision: '1' });
    });

    it('sets the flag, one version more', async () => {
      const { port, lever, history } = await make();

      expect(await port.act(lever, order())).toEqual({ revision: '2' });

      expect(await port.observe(lever)).toEqual({ value: 'false', revision: '2' });
      expect(await history()).toEqual(['true', 'false']);
    });

    it('acts twice as it acts once', async () => {
      const { port, lever, history } = await make();

      await port.act(lever, order());
      expect(await port.act(lever, order())).toEqual({ revision: '2' });

      expect(await history()).toEqual(['true', 'false']);
    });

    it('F17: makes no second version when the answer to the first was lost', async () => {
      const { port, lever, history, loseWrite } = await make();

      loseWrite();
      await port.act(lever, order()).catch(() => undefined);
      expect(await port.act(lever, order())).toEqual({ revision: '2' });

      expect(await history()).toEqual(['true', 'false']);
    });

    it('F19: leaves a value alone that somebody else set since it was observed', async () => {
      const { port, lever, history, put } = await make();
      const before = await port.observe(lever);
      await put('maybe');

      const acted = await port.act(lever, order({ before }));

      expect(acted.conflict).toMatch(/set flag ".+" in between; it was left as it is$/);
      expect(await history()).toEqual(['true', 'maybe']);
    });

    it('F19: tells by the gap in versions when somebody wrote between its look and its write', async () => {
      const { port, lever, history, put, beforeWrite } = await make();

      beforeWrite(() => put('maybe'));
      const acted = await port.act(lever, order());

      expect(acted).toEqual({
        revision: '3',
        conflict: expect.stringMatching(/set flag ".+" in between; it was overwritten$/),
      });
      expect(await history()).toEqual(['true', 'maybe', 'false']);
    });

    it.each(['missing', 'SecureString', 'StringList'] as const)(
      'F20: refuses a parameter that is %s',
      async (type) => {
        const { port, other } = await make();
        const lever = await other(type);

        await expect(port.observe(lever)).rejects.toMatchObject({
          name: 'OutsideRefusal',
          message: expect.stringMatching(
            type === 'missing' ? /no such parameter$/ : `it is ${type}; expected String$`,
          ),
        });
        await expect(port.act(lever, order())).rejects.toMatchObject({ name: 'OutsideRefusal' });
      },
    );

    it('refuses to take a flag away', async () => {
      const { port, lever } = await make();

      await expect(port.act(lever, order({ to: null }))).rejects.toMatchObject({ name: 'OutsideRefusal' });
    });

    it('knows nothing of readers where the lever does not say where they are', async () => {
      const { port, lever } = await make();
      const { served: _, ...unread } = lever;

      expect(await port.served(unread)).toBeUndefined();
    });
  });
}

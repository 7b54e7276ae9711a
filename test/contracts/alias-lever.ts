import { describe, expect, it } from '@jest/globals';
import type { AliasLever, ArmedService } from '../../lib/core/service.ts';
import type { LeverPort, Marker, Order } from '../../lib/ports/lever.ts';

/** An alias somewhere, with what a test needs to stand beside it. */
export interface AliasPlace {
  readonly port: LeverPort<AliasLever>;
  readonly marker: Marker;
  readonly armed: ArmedService;
  readonly lever: AliasLever;
  /** The registry, past the lever. */
  move(alias: string, version: string): Promise<void>;
  deleteVersion(version: string): Promise<void>;
  tagsOf(version: string): Promise<Record<string, string>>;
  /** Runs right after the lever's next write of the alias. */
  afterWrite(what: () => Promise<void>): void;
  /** The next write of the alias takes effect, its answer is lost. */
  loseWrite(): void;
  /** Tags cannot be written any more. */
  breakTags(): void;
  reloads(): number;
}

/**
 * What an alias lever keeps, on MLflow and in memory. The model has versions 1 and 2; `champion` names 2, and one
 * instance serves 2.
 */
export function describeAliasLever(name: string, make: () => Promise<AliasPlace>): void {
  describe(`${name} is an alias lever`, () => {
    const incident = 'recommender-20261121T090000-0123abcd';
    const order = (over: Partial<Order> = {}): Order => ({
      to: '1',
      incident,
      fence: 7,
      before: { value: '2' },
      ...over,
    });

    it('observes version, run and digest of what the alias names, and the same of a candidate', async () => {
      const { port, lever } = await make();

      const seen = await port.observe(lever, '1');

      expect(seen).toMatchObject({ value: '2', candidate: { value: '1', fit: 'ready' } });
      expect(seen.runId).toMatch(/.+/);
      expect(seen.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(seen.candidate?.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(seen.candidate?.digest).not.toBe(seen.digest);
    });

    it('gives a version the same digest wherever it is seen', async () => {
      const { port, lever, move } = await make();
      const { candidate } = await port.observe(lever, '1');

      await move('champion', '1');

      expect((await port.observe(lever)).digest).toBe(candidate?.digest);
    });

    it('observes an alias that is not set as nothing', async () => {
      const { port, lever } = await make();

      expect(await port.observe({ ...lever, alias: 'rolled_back' })).toEqual({ value: null });
    });

    it('refuses a model that is not there', async () => {
      const { port, lever } = await make();

      await expect(port.observe({ ...lever, model: 'nobody' })).rejects.toMatchObject({
        name: 'OutsideRefusal',
      });
    });

    it('F23: calls a version that is not there, or is no version, missing', async () => {
      const { port, lever } = await make();

      expect((await port.observe(lever, '99')).candidate).toEqual({ value: '99', fit: 'missing' });
      expect((await port.observe(lever, 'main')).candidate).toEqual({ value: 'main', fit: 'missing' });
    });

    it('F23: sees that the alias vanished with its version', async () => {
      const { port, lever, deleteVersion } = await make();

      await deleteVersion('2');

      expect((await port.observe(lever)).value).toBeNull();
    });

    it('I10: calls a version quarantined that was marked so, until it is lifted', async () => {
      const { port, lever, marker, armed } = await make();
      const mark = { lever, value: '1', incident, fence: 7 };

      await marker.mark(armed, { ...mark, state: 'suspected' });
      expect((await port.observe(lever, '1')).candidate?.fit).toBe('ready');
      await marker.mark(armed, { ...mark, state: 'quarantined' });
      expect((await port.observe(lever, '1')).candidate?.fit).toBe('quarantined');
      await marker.mark(armed, { ...mark, state: 'lifted' });
      expect((await port.observe(lever, '1')).candidate?.fit).toBe('ready');
    });

    it('moves the alias, makes serving reload, and signs the version with fence and incident', async () => {
      const { port, lever, tagsOf, reloads } = await make();
      expect(await port.served(lever)).toEqual(['2']);

      expect(await port.act(lever, order())).toEqual({});

      expect((await port.observe(lever)).value).toBe('1');
      expect(await port.served(lever)).toEqual(['1']);
      expect(reloads()).toBe(1);
      expect(await tagsOf('1')).toMatchObject({ 'reinstate.fence': '7', 'reinstate.incident': incident });
    });

    it('leaves serving as it is where the lever has no reload', async () => {
      const { port, lever, reloads } = await make();
      const { reload: _, ...quiet } = lever;

      await port.act(quiet, order());

      expect(await port.served(lever)).toEqual(['2']);
      expect(reloads()).toBe(0);
    });

    it('F24: reloads once more when the alias stands right already', async () => {
      const { port, lever, move } = await make();
      await move('champion', '1');
      expect(await port.served(lever)).toEqual(['2']);

      expect(await port.act(lever, order({ before: { value: '1' } }))).toEqual({});

      expect(await port.served(lever)).toEqual(['1']);
    });

    it('F22: does not flip-flop when the answer was lost', async () => {
      const { port, lever, loseWrite } = await make();

      loseWrite();
      await port.act(lever, order()).catch(() => undefined);
      expect(await port.act(lever, order())).toEqual({});

      expect((await port.observe(lever)).value).toBe('1');
    });

    it('leaves an alias alone that somebody else moved since it was observed', async () => {
      const { port, lever, reloads } = await make();

      const acted = await port.act(lever, order({ before: { value: '3' } }));

      expect(acted.conflict).toMatch(/was set to "2" in between; it was left as it is$/);
      expect((await port.observe(lever)).value).toBe('2');
      expect(reloads()).toBe(0);
    });

    it('F25: tells by reading back when somebody moved the alias right after', async () => {
      const { port, lever, move, afterWrite, reloads } = await make();

      afterWrite(() => move('champion', '2'));
      const acted = await port.act(lever, order());

      expect(acted.conflict).toMatch(/was set to "2" right after us$/);
      expect(reloads()).toBe(0);
    });

    it('moves although the version cannot be signed', async () => {
      const { port, lever, breakTags } = await make();

      breakTags();

      expect(await port.act(lever, order())).toEqual({});
      expect((await port.observe(lever)).value).toBe('1');
    });

    it('takes an alias away, also one that is not there', async () => {
      const { port, lever, move } = await make();
      const { reload: _, ...settle } = { ...lever, alias: 'previous_champion' };
      await move('previous_champion', '1');

      const away = order({ to: null, before: { value: '1' } });
      expect(await port.act(settle, away)).toEqual({});
      expect((await port.observe(settle)).value).toBeNull();
      expect(await port.act(settle, { ...away, before: { value: null } })).toEqual({});
    });

    it('sets an alias that was not set', async () => {
      const { port, lever } = await make();
      const { reload: _, ...settle } = { ...lever, alias: 'rolled_back' };

      expect(await port.act(settle, order({ to: '2', before: { value: null } }))).toEqual({});

      expect((await port.observe(settle)).value).toBe('2');
    });

    it('F23: refuses to move to a version that is gone', async () => {
      const { port, lever, deleteVersion } = await make();
      await deleteVersion('1');

      await expect(port.act(lever, order())).rejects.toMatchObject({ name: 'OutsideRefusal' });
      expect((await port.observe(lever)).value).toBe('2');
    });

    it('marks nothing for a flag', async () => {
      const { marker, armed } = await make();
      const lever = {
        kind: 'flag',
        name: 'f',
        parameter: 'p',
        safe: 'x',
        alwaysSafe: false,
        cacheSeconds: 0,
      } as const;
      const mark = { lever, value: 'x', state: 'suspected', incident, fence: 1 } as const;

      await expect(marker.mark(armed, mark)).resolves.toBeUndefined();
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { ITEM_FORMAT } from '../../lib/core/format.ts';
import type { Key } from '../../lib/core/write.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';

let partitions = 0;

/** What every ledger keeps. Partitions are new for each test, so that a real table can be shared. */
export function describeLedger(name: string, make: () => Ledger | Promise<Ledger>): void {
  describe(`${name} is a ledger`, () => {
    const aKey = (sk = 'item'): Key => {
      partitions += 1;
      return { pk: `contract#${process.pid}#${partitions}`, sk };
    };

    it('gives back what was put, without the key', async () => {
      const ledger = await make();
      const key = aKey();
      const item = {
        text: 'ä',
        size: 1.5,
        none: null,
        yes: true,
        list: [1, { a: 'b' }],
        status: 'reserved word',
      };

      expect(await ledger.write([{ kind: 'put', key, item }])).toEqual({ outcome: 'written' });

      expect(await ledger.get(key)).toEqual(item);
    });

    it('refuses an item that a newer Reinstate wrote, and names it', async () => {
      const ledger = await make();
      const key = aKey();
      await ledger.write([{ kind: 'put', key, item: { a: 1 } }]);

      await ledger.write([{ kind: 'update', key, set: { format: ITEM_FORMAT + 1 }, when: {} }]);

      const refused = { name: 'NotReady', message: expect.stringContaining(`"${key.pk} ${key.sk}"`) };
      await expect(ledger.get(key)).rejects.toMatchObject(refused);
      await expect(ledger.list(key.pk, '')).rejects.toMatchObject(refused);
    });

    it('reads an item of the format before', async () => {
      const ledger = await make();
      const key = aKey();
      await ledger.write([{ kind: 'put', key, item: { a: 1 } }]);

      await ledger.write([{ kind: 'update', key, set: { format: ITEM_FORMAT - 1 }, when: {} }]);

      expect(await ledger.get(key)).toEqual({ a: 1 });
      expect(await ledger.list(key.pk, '')).toEqual([{ a: 1, ...key }]);
    });

    it('knows nothing of an item that was not put', async () => {
      const ledger = await make();

      expect(await ledger.get(aKey())).toBeUndefined();
    });

    it('leaves out what is undefined', async () => {
      const ledger = await make();
      const key = aKey();

      await ledger.write([
        { kind: 'put', key, item: { a: undefined, b: { c: undefined }, d: [1, undefined] } },
      ]);
      await ledger.write([{ kind: 'update', key, set: { a: 1, e: undefined }, when: {} }]);

      expect(await ledger.get(key)).toEqual({ a: 1, b: {}, d: [1] });
    });

    it.each([
      ['NaN', Number.NaN],
      ['infinity', Number.POSITIVE_INFINITY],
      ['an integer that is not exact', 2 ** 60],
      ['a function', () => 1],
      ['a date', new Date(0)],
    ])('refuses %s', async (_, value) => {
      const ledger = await make();

      await expect(ledger.write([{ kind: 'put', key: aKey(), item: { deep: [value] } }])).rejects.toThrow(
        /^Cannot store "deep\[0\]": expected plain data/,
      );
    });

    it('refuses one item twice in a transaction, and more than 100 writes', async () => {
      const ledger = await make();
      const key = aKey();
      const twice = [key, key].map((k) => ({ kind: 'delete', key: k }) as const);
      const many = Array.from({ length: 101 }, () => ({ kind: 'delete', key: aKey() }) as const);

      await expect(ledger.write(twice)).rejects.toThrow(/twice in one transaction/);
      await expect(ledger.write(many)).rejects.toThrow(/expected 1 to 100/);
    });

    it('writes nothing when one condition does not hold, and says which', async () => {
      const ledger = await make();
      const [one, two, three] = [aKey(), aKey(), aKey()];
      await ledger.write([{ kind: 'put', key: two, item: { state: 'ended', fence: 3 } }]);

      const result = await ledger.write([
        { kind: 'put', key: one, item: { a: 1 }, when: 'absent' },
        { kind: 'update', key: two, set: { state: 'closed' }, when: { state: ['running', 'closing'] } },
        { kind: 'put', key: three, item: { a: 1 } },
        { kind: 'check', key: aKey(), when: { fence: [1] } },
      ]);

      expect(result).toEqual({ outcome: 'conflict', failed: [1, 3] });
      expect(await ledger.get(one)).toBeUndefined();
      expect(await ledger.get(three)).toBeUndefined();
      expect(await ledger.get(two)).toEqual({ state: 'ended', fence: 3 });
    });

    it('compares each named attribute with any of its values', async () => {
      const ledger = await make();
      const key = aKey();
      await ledger.write([{ kind: 'put', key, item: { state: 'ended', fence: 3, none: null } }]);
      const check = (when: Record<string, unknown[]>) => ledger.write([{ kind: 'check', key, when }]);

      expect((await check({ state: ['running', 'ended'], fence: [3], none: [null] })).outcome).toBe(
        'written',
      );
      expect((await check({ state: ['running', 'ended'], fence: [4] })).outcome).toBe('conflict');
      expect((await check({ fence: ['3'] })).outcome).toBe('conflict');
      expect((await check({ missing: ['x', null] })).outcome).toBe('conflict');
    });

    it('puts where nothing is only once', async () => {
      const ledger = await make();
      const key = aKey();
      const put = () => ledger.write([{ kind: 'put', key, item: {}, when: 'absent' }]);

      expect(await put()).toEqual({ outcome: 'written' });
      expect(await put()).toEqual({ outcome: 'conflict', failed: [0] });
    });

    it('updates: sets, adds, keeps the rest, and makes no item that was not there', async () => {
      const ledger = await make();
      const key = aKey();
      const update = {
        kind: 'update',
        key,
        set: { state: 'b' },
        add: { alarms: 1, fence: 2 },
        when: {},
      } as const;

      expect(await ledger.write([update])).toEqual({ outcome: 'conflict', failed: [0] });
      const impossible = { ...update, when: 'absent' } as const;
      expect(await ledger.write([impossible])).toEqual({ outcome: 'conflict', failed: [0] });
      expect(await ledger.get(key)).toBeUndefined();

      await ledger.write([{ kind: 'put', key, item: { state: 'a', alarms: 1, other: 'x' } }]);
      expect(await ledger.write([update])).toEqual({ outcome: 'written' });
      expect(await ledger.get(key)).toEqual({ state: 'b', alarms: 2, fence: 2, other: 'x' });
    });

    it('deletes under a condition, and what is not there without one', async () => {
      const ledger = await make();
      const key = aKey();
      await ledger.write([{ kind: 'put', key, item: { by: 'a' } }]);

      expect((await ledger.write([{ kind: 'delete', key, when: { by: ['b'] } }])).outcome).toBe('conflict');
      expect((await ledger.write([{ kind: 'delete', key, when: { by: ['a'] } }])).outcome).toBe('written');
      expect((await ledger.write([{ kind: 'delete', key }])).outcome).toBe('written');
      expect(await ledger.get(key)).toBeUndefined();
    });

    it('lists a partition by prefix, in order of the sort key', async () => {
      const ledger = await make();
      const { pk } = aKey();
      const sks = ['b#2', 'a#10', 'a#9', 'a#', 'a', 'A#1', 'a#ä'];
      await ledger.write(sks.map((sk, n) => ({ kind: 'put', key: { pk, sk }, item: { n } })));

      expect((await ledger.list(pk, 'a#')).map((item) => item.sk)).toEqual(['a#', 'a#10', 'a#9', 'a#ä']);
      expect(await ledger.list(pk, 'b')).toEqual([{ pk, sk: 'b#2', n: 0 }]);
      expect(await ledger.list(pk, '')).toHaveLength(7);
      expect(await ledger.list(aKey().pk, '')).toEqual([]);
    });

    it('lists all pages', async () => {
      const ledger = await make();
      const { pk } = aKey();
      const text = 'x'.repeat(100_000);
      for (let n = 0; n < 15; n += 1) {
        await ledger.write([{ kind: 'put', key: { pk, sk: `${n}` }, item: { text } }]);
      }

      expect(await ledger.list(pk, '')).toHaveLength(15);
    });

    it('gives copies: what a caller does to an item stays with the caller', async () => {
      const ledger = await make();
      const key = aKey();
      const item = { list: ['a'] };
      await ledger.write([{ kind: 'put', key, item }]);

      item.list.push('b');
      const got = (await ledger.get(key)) as { list: string[] };
      got.list.push('c');

      expect(await ledger.get(key)).toEqual({ list: ['a'] });
    });

    it('lets only one of many take a lease, and loses no neighbour that shares it', async () => {
      const ledger = await make();
      const lease = aKey();
      const takes = Array.from({ length: 5 }, (_, n) =>
        ledger.write([{ kind: 'put', key: lease, item: { owner: n, fence: 1 }, when: 'absent' }]),
      );
      expect((await Promise.all(takes)).filter((r) => r.outcome === 'written')).toHaveLength(1);

      const receipts = Array.from({ length: 5 }, (_, n) =>
        ledger.write([
          { kind: 'check', key: lease, when: { fence: [1] } },
          { kind: 'put', key: { ...lease, sk: `receipt#${n}` }, item: { n } },
        ]),
      );
      expect(new Set((await Promise.all(receipts)).map((r) => r.outcome))).toEqual(new Set(['written']));
      expect(await ledger.list(lease.pk, 'receipt#')).toHaveLength(5);
    });
  });
}

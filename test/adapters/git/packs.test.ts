import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { patched } from '../../../lib/adapters/git/deltas.ts';
import { type GitObject, newStore, oidOf } from '../../../lib/adapters/git/objects.ts';
import { packOf, readPack } from '../../../lib/adapters/git/packs.ts';
import { cpuMs } from '../../cpu-time.ts';

const blob = (text: string): GitObject => ({ kind: 'blob', data: Buffer.from(text) });

/** A pack of these entries, already encoded. */
function packWith(...entries: readonly Buffer[]): Buffer {
  const head = Buffer.from([0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2, 0, 0, 0, 0]);
  head.writeUInt32BE(entries.length, 8);
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** One entry of a type, of less than 16 bytes as announced. */
const entry = (type: number, size: number, ...rest: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([(type << 4) | size]), ...rest]);

describe('a pack', () => {
  it('comes back as it was written, whatever the sizes', async () => {
    await fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (texts) => {
        const objects = texts.map((data): GitObject => ({ kind: 'blob', data: Buffer.from(data) }));
        const store = newStore();
        readPack(store, packOf(objects));
        expect(new Set(store.objects.keys())).toEqual(new Set(objects.map(oidOf)));
      }),
    );
  });

  it('names an object as Git does', () => {
    expect(oidOf(blob('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  });

  it('has deltas upon what came before, by distance or by name, and upon what comes later', () => {
    const base = entry(3, 5, deflateSync(Buffer.from('12345')));
    const delta = Buffer.from([5, 4, 0b10010000, 3, 1, 0x78]);
    const named = entry(7, 6, Buffer.from(oidOf(blob('12345')), 'hex'), deflateSync(delta));
    const byDistance = entry(6, 6, Buffer.from([base.length]), deflateSync(delta));
    const wanted = oidOf(blob('123x'));

    for (const pack of [packWith(base, named), packWith(named, base), packWith(base, byDistance)]) {
      const store = newStore();
      readPack(store, pack);
      expect(store.objects.has(wanted)).toBe(true);
    }
  });

  it.each([
    ['is cut off', () => packOf([blob('x')]).subarray(0, -3)],
    ['has another checksum', () => Buffer.concat([packOf([blob('x')]).subarray(0, -1), Buffer.from([0])])],
    ['inflates to more than it announced', () => packWith(entry(3, 3, deflateSync(Buffer.from('12345'))))],
    ['inflates to less than it announced', () => packWith(entry(3, 9, deflateSync(Buffer.from('12345'))))],
    [
      'has a delta upon nothing',
      () => packWith(entry(7, 6, Buffer.alloc(20, 1), deflateSync(Buffer.alloc(6)))),
    ],
    ['has a type that there is not', () => packWith(entry(5, 1, deflateSync(Buffer.from('1'))))],
    ['is no pack', () => Buffer.alloc(64)],
  ])('that %s is trouble', (_, pack) => {
    const store = newStore();

    expect(() => readPack(store, pack())).toThrow(/^Cannot read what the Git server sent: /);
    expect(store.objects.size).toBe(0);
  });

  it('F41: a small text that inflates to gigabytes is refused by what it announces', () => {
    const huge = Buffer.concat([
      Buffer.from([0xbf, 0xff, 0xff, 0xff, 0x7f]),
      deflateSync(Buffer.alloc(100_000)),
    ]);

    expect(() => readPack(newStore(), packWith(huge))).toThrow(
      /^Cannot read the repository: it has an object of \d+ bytes/,
    );
  });

  it('F41: objects that are sent again and again count each time', () => {
    const size = 8 * 1024 * 1024;
    const head = Buffer.from([0xb0, 0x80, 0x80, 0x20]);
    const whole = Buffer.concat([head, deflateSync(Buffer.alloc(size))]);

    expect(() => readPack(newStore(), packWith(...Array<Buffer>(40).fill(whole)))).toThrow(
      /^Cannot read the repository: it has more than 201326592 bytes$/,
    );
  });

  it('F41: so do deltas whose base has not come yet', () => {
    const head = Buffer.from([0xf0, 0x80, 0x80, 0x20]);
    const delta = Buffer.concat([head, Buffer.alloc(20, 1), deflateSync(Buffer.alloc(8 * 1024 * 1024))]);

    expect(() => readPack(newStore(), packWith(...Array<Buffer>(40).fill(delta)))).toThrow(
      /^Cannot read the repository: it has more than 201326592 bytes$/,
    );
  });

  it('F41: a long chain of deltas in the wrong order takes time by its length', () => {
    let text = 'x';
    const entries = [entry(3, 1, deflateSync(Buffer.from(text)))];
    for (let n = 0; n < 20_000; n += 1) {
      const next = String(n);
      const delta = Buffer.concat([Buffer.from([text.length, next.length, next.length]), Buffer.from(next)]);
      const base = Buffer.from(oidOf(blob(text)), 'hex');
      entries.unshift(entry(7, delta.length, base, deflateSync(delta, { level: 0 })));
      text = next;
    }
    const store = newStore();
    const before = cpuMs();

    readPack(store, packWith(...entries));

    expect(store.objects.size).toBe(20_001);
    expect(cpuMs() - before).toBeLessThan(10_000);
  });

  it('F41: with any byte changed it is read or refused, and never hangs', async () => {
    const whole = packOf([
      blob('one\n'),
      blob('two '.repeat(90)),
      { kind: 'tree', data: Buffer.from('100644 a\0'.padEnd(29, 'x')) },
    ]);
    await fc.assert(
      fc.property(fc.nat(whole.length - 21), fc.nat(255), (at, byte) => {
        const body = Buffer.from(whole.subarray(0, -20));
        body[at] = byte;
        const spoiled = Buffer.concat([body, createHash('sha1').update(body).digest()]);
        try {
          readPack(newStore(), spoiled);
        } catch (error) {
          expect(error).toMatchObject({ name: expect.stringMatching(/^Outside(Trouble|Refusal)$/) });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a delta', () => {
  it('F41: of a size without end is trouble', () => {
    const endless = Buffer.concat([Buffer.alloc(200, 0x80), Buffer.from([0])]);

    for (const delta of [endless, Buffer.concat([Buffer.from([1]), endless])])
      expect(() => patched(Buffer.from('x'), delta)).toThrow(/^Cannot read what the Git server sent: /);
  });

  it('F41: of any bytes ends, within its announced size', async () => {
    await fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(patched(Buffer.from('a base of some length'), Buffer.from(bytes)).length).toBeLessThan(
            2 ** 24 + 1,
          );
        } catch (error) {
          expect(error).toMatchObject({ name: expect.stringMatching(/^Outside(Trouble|Refusal)$/) });
        }
      }),
      { numRuns: 500 },
    );
  });
});

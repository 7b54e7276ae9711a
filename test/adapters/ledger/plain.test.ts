import { describe, expect, it } from '@jest/globals';
import { plainItem } from '../../../lib/adapters/ledger/plain.ts';

describe('plainItem', () => {
  it('copies all the way down, and leaves out what is undefined', () => {
    const item = { a: undefined, list: [1, undefined, { b: [null, 'c'], d: undefined }], yes: true };

    const copy = plainItem(item);

    expect(copy).toStrictEqual({ list: [1, { b: [null, 'c'] }], yes: true });
    (item.list[2] as { b: unknown[] }).b.push('later');
    expect(copy).toStrictEqual({ list: [1, { b: [null, 'c'] }], yes: true });
  });

  it('copies an attribute called __proto__ as one like any other', () => {
    const copy = plainItem(JSON.parse('{"deep": {"__proto__": {"state": "running"}}}'));

    expect(JSON.stringify(copy)).toBe('{"deep":{"__proto__":{"state":"running"}}}');
    expect((copy['deep'] as { state?: string }).state).toBeUndefined();
  });

  it('says where it found what cannot be stored', () => {
    const refused = () => plainItem({ a: { b: [1, undefined, { c: Number.NaN }] } });

    expect(refused).toThrow('Cannot store "a.b[1].c": expected plain data, found number NaN');
  });
});

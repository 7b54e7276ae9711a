import { describe, expect, it } from '@jest/globals';
import { keys, prefixes } from '../../lib/core/keys.ts';

/** FNV-1a, 64 bits, of 401 times "y", as another program computes it. */
const FNV_OF_401_Y = '0c6f5f23bd5c08c4';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

describe('keys', () => {
  it('stay within what DynamoDB takes, whatever a flag holds and however its parameter is called', () => {
    const { sk } = keys.quarantine('recommender', `flag:/${'p'.repeat(1010)}`, '{"ü":1}'.repeat(600));

    expect(bytes(sk)).toBeLessThanOrEqual(1024);
  });

  it('tell long values apart that begin alike', () => {
    const [one, other] = ['a', 'b'].map((end) =>
      keys.quarantine('recommender', 'flag:/x', `${'x'.repeat(2000)}${end}`),
    );

    expect(one).not.toEqual(other);
  });

  it('keep 400 bytes as they are, and shorten what is longer; letters of two bytes count as two', () => {
    const part = (value: string) => keys.quarantine('s', 't', value).sk.split('#').at(-1);

    expect(part('ü'.repeat(200))).toBe('ü'.repeat(200));
    expect(part('ü'.repeat(201))).toMatch(/^ü{50}~[0-9a-f]{16}$/);
    expect(part('y'.repeat(401))).toBe(`${'y'.repeat(50)}~${FNV_OF_401_Y}`);
  });

  it('keep a short value as it is', () => {
    expect(keys.quarantine('recommender', 'flag:/x', 'true').sk).toBe('quarantine#flag:/x#true');
  });
});

describe('keys outlive a deploy: a newer version finds what an older one wrote', () => {
  const arn = 'arn:aws:cloudwatch:x:y:alarm:z';

  it.each([
    ['lease', () => keys.lease('shop'), ['service#shop', 'lease']],
    ['hold', () => keys.hold('shop'), ['service#shop', 'hold']],
    ['baseline', () => keys.baseline('shop', 'b1'), ['service#shop', 'baseline#b1']],
    ['summary', () => keys.summary('shop', 'i1'), ['service#shop', 'incident#i1']],
    ['open', () => keys.open('i1'), ['open', 'i1']],
    ['transition', () => keys.transition(arn, 7), [`alarm#${arn}`, 'at#7']],
    ['execution', () => keys.execution('arn:e'), ['execution#arn:e', 'incident']],
    ['paged', () => keys.paged(arn), [`paged#${arn}`, 'last']],
    ['refusal', () => keys.refusal(7, 'e'), ['refused', '7#e']],
    ['incident', () => keys.incident('i1'), ['incident#i1', 'incident']],
    ['armed', () => keys.armed('i1'), ['incident#i1', 'armed']],
    ['plan', () => keys.plan('i1'), ['incident#i1', 'plan']],
    ['alarm', () => keys.alarm('i1', arn), ['incident#i1', `alarm#${arn}`]],
    ['attempt', () => keys.attempt('i1', '1.1'), ['incident#i1', 'attempt#1.1']],
    ['receipt', () => keys.receipt('i1', '1.1'), ['incident#i1', 'receipt#1.1']],
    ['verdict', () => keys.verdict('i1', 2, 7), ['incident#i1', 'verdict#002#7']],
    ['note', () => keys.note('i1', 'ack'), ['incident#i1', 'note#ack']],
  ])('%s', (_, key, [pk, sk]) => {
    expect(key()).toEqual({ pk, sk });
  });

  it.each([
    ['baseline', () => keys.baseline('s', 'b')],
    ['quarantine', () => keys.quarantine('s', 't', 'v')],
    ['summary', () => keys.summary('s', 'i')],
    ['alarm', () => keys.alarm('i', 'a')],
    ['attempt', () => keys.attempt('i', '1')],
    ['receipt', () => keys.receipt('i', '1')],
    ['verdict', () => keys.verdict('i', 1, 1)],
    ['note', () => keys.note('i', 'n')],
  ] as const)('a list by the prefix of %s holds those and no others', (kind, key) => {
    const found = Object.entries(prefixes).filter(([, prefix]) => key().sk.startsWith(prefix));

    expect(found.map(([name]) => name)).toEqual([kind]);
  });

  it('verdicts sort by rung, then by time', () => {
    const [early, late, next] = [keys.verdict('i', 2, 5), keys.verdict('i', 2, 6), keys.verdict('i', 10, 1)];

    expect([early.sk < late.sk, late.sk < next.sk]).toEqual([true, true]);
  });
});

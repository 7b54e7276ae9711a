import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';

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

  it('keep a short value as it is', () => {
    expect(keys.quarantine('recommender', 'flag:/x', 'true').sk).toBe('quarantine#flag:/x#true');
  });
});

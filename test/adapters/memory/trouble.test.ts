import { describe, expect, it } from '@jest/globals';
import { noTrouble } from '../../../lib/adapters/memory/trouble.ts';

describe('trouble', () => {
  const lost = new Error('lost');

  it('fails as many calls as it was told, before they take effect or after', async () => {
    const trouble = noTrouble();
    let effects = 0;
    const call = () => trouble.during('s3.PutObject', () => (effects += 1));

    trouble.failNext('s3.PutObject', lost, { times: 2 });
    await expect(call()).rejects.toBe(lost);
    await expect(call()).rejects.toBe(lost);
    expect(effects).toBe(0);

    trouble.failNext('s3.PutObject', lost, { when: 'lost' });
    await expect(call()).rejects.toBe(lost);
    expect(effects).toBe(1);
    expect(await call()).toBe(2);
  });

  it('lets somebody else be quicker, once', async () => {
    const trouble = noTrouble();
    const seen: string[] = [];
    trouble.interleave('s3.PutObject', () => void seen.push('other'));

    await trouble.during('s3.PutObject', () => seen.push('own'));
    await trouble.during('s3.PutObject', () => seen.push('own'));

    expect(seen).toEqual(['other', 'own', 'own']);
    expect(trouble.calls.get('s3.PutObject')).toBe(2);
  });

  it('asks a simulation before every call', async () => {
    const trouble = noTrouble();
    trouble.onCall = (operation) => {
      throw new Error(`crash at ${operation}`);
    };

    await expect(trouble.during('sns.Publish', () => 1)).rejects.toThrow('crash at sns.Publish');
  });
});

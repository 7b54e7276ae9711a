import { describe, expect, it } from '@jest/globals';
import { aimedAt } from '../../lib/core/aim.ts';
import { commitIn, sameCommit, sameRepository } from '../../lib/core/git-lever.ts';
import { targetOf } from '../../lib/core/service.ts';
import { aBranch, anArmedService, aQuarantine } from '../builders.ts';

const BRANCH = targetOf(aBranch());
const [GOOD, BAD] = ['a'.repeat(40), 'b'.repeat(40)] as const;

describe('a commit', () => {
  it('is named in full by a value, whatever is said of how it is synced', () => {
    expect(commitIn(GOOD)).toBe(GOOD);
    expect(commitIn(`${GOOD} (sync unknown: no such host)`)).toBe(GOOD);
  });

  it.each([GOOD.slice(1), `${GOOD}a`, `${GOOD.slice(0, 7)} (OutOfSync)`, `${GOOD}(x)`, 'frozen', ''])(
    'is not named by %p',
    (value) => {
      expect(commitIn(value)).toBeUndefined();
    },
  );

  it('is the same by its first digits', () => {
    expect(sameCommit(GOOD, `${GOOD.slice(0, 7)} (Failed)`)).toBe(true);
    expect(sameCommit(GOOD, BAD)).toBe(false);
    expect(sameCommit(GOOD, GOOD.slice(0, 6))).toBe(false);
    expect(sameCommit(null, null)).toBe(false);
  });

  it('to go to is named in full by a person', () => {
    const known = {
      armed: anArmedService({ service: { levers: [aBranch()] } }),
      baselines: [],
      quarantine: [],
    };
    const aimed = (deploy: string, quarantine = [aQuarantine({ target: BRANCH, value: BAD })]) =>
      aimedAt({ values: { deploy } }, { ...known, quarantine });

    expect(aimed(GOOD)).toMatchObject([{ release: { [BRANCH]: { value: GOOD } } }]);
    expect(aimed(BAD)).toMatch(/is quarantined since/);
    for (const typed of ['main', 'HEAD', '7', GOOD.slice(0, 12), GOOD.toUpperCase()]) {
      expect(aimed(typed)).toBe(`"${typed}" is no commit for lever "deploy": expected 40 hex digits`);
    }
  });
});

describe('a repository', () => {
  it.each([
    'https://GIT.example.com/shop/deploy',
    'https://git.example.com:443/shop/deploy.git/',
    'https://git.example.com/shop/deploy.git',
  ])('%s is the same', (url) => {
    expect(sameRepository(url)).toBe('https://git.example.com/shop/deploy');
  });

  it('of another name or host is another', () => {
    const all = [
      'https://git.example.com/shop/Deploy',
      'https://git.example.com/deploy',
      'https://b.example.com/shop/deploy',
    ];

    expect(new Set([...all, 'https://git.example.com/shop/deploy'].map(sameRepository)).size).toBe(4);
  });
});

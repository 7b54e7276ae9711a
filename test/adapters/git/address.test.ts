import { describe, expect, it } from '@jest/globals';
import { addressOf, branchChecked, pathsChecked } from '../../../lib/adapters/git/address.ts';

describe('bad input: the address of a repository', () => {
  it.each([
    ['http://git.example.com/shop/deploy.git', /the scheme is "http"; expected https$/],
    ['file:///srv/git/deploy.git', /the scheme is "file"; expected https$/],
    ['ssh://git@git.example.com/shop/deploy.git', /a user or password stands in it/],
    ['git@git.example.com:shop/deploy.git', /expected an https URL$/],
    ['ext::sh -c touch% /tmp/x', /the scheme is "ext"; expected https$/],
    ['https://bot@git.example.com/shop/deploy.git', /a user or password stands in it; expected a secret$/],
    [
      'https://bot:hunter2@git.example.com/shop/deploy.git',
      /a user or password stands in it; expected a secret$/,
    ],
    ['https://git.example.com/shop/deploy.git?token=hunter2', /expected neither a query nor a fragment$/],
    ['https://git.example.com/', /expected the path of a repository$/],
    ['--upload-pack=touch', /expected an https URL$/],
  ])('%s is refused', (url, why) => {
    expect(() => addressOf(url, false)).toThrow(why);
    expect(() => addressOf(url, false)).not.toThrow(/hunter2@/);
  });

  it('gives host and path; plain http where that is allowed', () => {
    expect(addressOf('https://git.example.com/shop/deploy.git/', false)).toEqual({
      base: 'https://git.example.com/shop/deploy.git',
      host: 'git.example.com',
      path: 'shop/deploy',
    });
    expect(addressOf('http://127.0.0.1:3000/a/b/c', true)).toMatchObject({
      host: '127.0.0.1:3000',
      path: 'a/b/c',
    });
  });
});

describe('bad input: the name of a branch', () => {
  it.each(['main', 'release/1.2', 'a-b_c', 'ä'])('%s is one', (branch) => {
    expect(branchChecked(branch)).toBe(branch);
  });

  it.each([
    '-main',
    '--upload-pack=x',
    'a..b',
    'a b',
    'a:b',
    'a~1',
    'a^',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a@{1}',
    '@',
    '',
    'a\nb',
    'a*',
    'x'.repeat(201),
  ])('%j is none', (branch) => {
    expect(() => branchChecked(branch)).toThrow(/^Cannot use branch ".*": expected the name of a branch$/);
  });
});

describe('bad input: a path', () => {
  it.each([['churn'], ['.'], ['a/b.yaml', 'c'], ['.github/x'], ['a..b']])('%j is one', (...paths) => {
    expect(pathsChecked(paths)).toEqual(paths);
  });

  it.each(['/etc', '..', 'a/../b', 'a/./b', './a', 'a//b', 'a/', '', 'a*', 'a\\b', '[a]', 'a\0'])(
    '%j is none',
    (path) => {
      expect(() => pathsChecked([path])).toThrow(/^Cannot use path ".*": expected a folder or file/);
    },
  );
});

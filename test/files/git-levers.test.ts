import { describe, expect, it } from '@jest/globals';
import { gitOf, LEVER, PLACE, problemsWith, SECRET, service, text } from './git-texts.ts';
import { anEnvironment } from './texts.ts';

describe('a git lever', () => {
  it('is read with its defaults', () => {
    expect(gitOf(anEnvironment({ shop: service() }, { text }))).toEqual([
      {
        kind: 'git',
        name: 'deploy',
        repository: 'https://git.example.com/shop/deploy.git',
        branch: 'main',
        paths: ['churn', 'libs/churn.yaml'],
        others: [],
        secret: SECRET,
        host: 'plain',
        conflict: 'paths',
        application: { cluster: 'shop', namespace: 'argocd', name: 'churn' },
        cacheSeconds: 0,
      },
    ]);
  });

  it('is read in full', () => {
    const lever = LEVER.replace(
      '    application: { cluster: shop, name: churn }\n',
      `    host: gitea
    conflict: pull-request
    application: { cluster: shop, namespace: team, name: churn.prod }
    cache: 20 s
    served: "https://churn.example.com/version commit"
`,
    ).replace('[churn, libs/churn.yaml]', '[churn/]');

    expect(gitOf(anEnvironment({ shop: service('', '', lever) }, { text }))).toMatchObject([
      {
        paths: ['churn'],
        host: 'gitea',
        conflict: 'pull-request',
        application: { namespace: 'team', name: 'churn.prod' },
        cacheSeconds: 20,
        served: { url: 'https://churn.example.com/version', path: 'commit' },
      },
    ]);
  });

  const REPOSITORY = 'https://git.example.com/shop/deploy.git';
  const A_URL = `a URL such as ${REPOSITORY}`;

  it.each([
    [
      'a user',
      'https://me@git.example.com/deploy.git',
      ['a user or password stands in the URL', 'a URL without them'],
    ],
    [
      'a password',
      'https://me:hunter2@git.example.com/d.git',
      ['a user or password stands', 'a URL without'],
    ],
    [
      'a token',
      'https://git.example.com/d.git?private_token=hunter2',
      ['a query or a fragment stands', A_URL],
    ],
    ['a fragment', 'https://git.example.com/d.git#main', ['a query or a fragment stands in the URL', A_URL]],
    ['a local folder', 'file:///srv/git/deploy.git', ['a folder of one machine is no repository', A_URL]],
    ['a local path', '/srv/git/deploy.git', ['a folder of one machine is no repository', A_URL]],
    ['a path beside', '../deploy.git', ['a folder of one machine is no repository', A_URL]],
    ['a program', 'ext::sh-c-id', ['transport "ext::" runs a program', A_URL]],
    [
      'SSH',
      'ssh://git@git.example.com:2222/shop/d.git',
      ['SSH is not supported', 'https://git.example.com/shop/d.git, with a token in "secret"'],
    ],
    [
      'SSH as scp',
      'git@git.example.com:shop/d.git',
      ['SSH is not supported', 'https://git.example.com/shop/d.git, with a token'],
    ],
    ['no encryption', 'http://git.example.com/shop/d.git', ['URL is not encrypted', 'https://']],
    ["Git's own protocol", 'git://git.example.com/shop/d.git', ['not a URL', 'a URL such as https://']],
    [
      'the metadata service',
      'https://169.254.169.254/d.git',
      ['host "169.254.169.254" is loopback or link-local', 'a host'],
    ],
    ['no repository', 'https://git.example.com/', ['URL names no repository', A_URL]],
    ['a path that climbs', 'https://git.example.com/shop/../../d.git', ['URL names no repository', A_URL]],
    ['an option', '--upload-pack=id', ['not a URL', 'a URL']],
    ['blanks', '"https://git.example.com/d.git x"', ['not a URL of a repository', A_URL]],
  ])('F38: its repository is never %s: %s', (_, url, [words, expected]) => {
    const [problem, ...others] = problemsWith(service(REPOSITORY, url));

    expect(problem).toMatch(new RegExp(`^${PLACE}:9:17: Cannot read "`));
    expect(problem).toContain(`: ${words}`);
    expect(problem).toContain(`; expected ${expected}`);
    expect(problem).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  it.each([
    ['-b', '"--upload-pack=id"'],
    ['a blank', '"a b"'],
    ['two dots', 'a..b'],
    ['a lock', 'main.lock'],
    ['a lock inside', 'a.lock/b'],
    ['a slash at its end', 'main/'],
    ['a slash before', '/main'],
    ['two slashes', 'a//b'],
    ['a hidden part', 'a/.b'],
    ['a wildcard', 'release-*'],
    ['a reflog', '"main@{1}"'],
    ['a range', '"main^"'],
    ['a refspec', '"main:other"'],
    ['a shell', '"main;id"'],
    ['a backslash', "'a\\b'"],
    ['300 characters', 'a'.repeat(300)],
    ['nothing', '""'],
    ['a number', '7'],
  ])('F38: its branch never has %s: %s', (_, branch) => {
    const [problem, ...others] = problemsWith(service('branch: main', `branch: ${branch}`));

    expect(problem).toMatch(
      new RegExp(`^${PLACE}:10:\\d+: Cannot read .*: not a branch; expected the name of a branch`),
    );
    expect(others).toEqual([]);
  });

  it.each([
    ['a'.repeat(40), 'a commit stands for a branch'],
    ['HEAD', 'branch is reserved'],
    ['refs/heads/main', 'branch is reserved'],
    ['reinstate/shop-1', 'branch is reserved'],
  ])('its branch is not %s', (branch, words) => {
    expect(problemsWith(service('branch: main', `branch: ${branch}`))).toEqual([
      expect.stringContaining(`Cannot read "${branch}": ${words}; expected the name of a branch`),
    ]);
  });

  it.each(['release/1.2', 'team_a/main', 'main+1', '1.x', 'a@b'])('its branch may be %s', (branch) => {
    expect(problemsWith(service('branch: main', `branch: "${branch}"`))).toEqual([]);
  });

  it.each([
    '/etc/passwd',
    '../other',
    'a/../b',
    './a',
    'a/./b',
    'a//b',
    '"*"',
    'a/*.yaml',
    '"a?"',
    '"[ab]"',
    '"{a,b}"',
    '":(glob)a"',
    '"!a"',
    '--all',
    'a/-b',
    '.git/config',
    'a/.GIT/hooks',
    "'a\\b'",
    '"a b"',
    '"a,b"',
    '""',
    'a'.repeat(201),
  ])('F38: none of its paths is %s', (path) => {
    const [problem, ...others] = problemsWith(service('[churn, libs', `[${path}, libs`));

    expect(problem).toMatch(
      new RegExp(`^${PLACE}:11:(13|5): Cannot read .*: (not a path of the repository|path is too long); `),
    );
    expect(others).toEqual([]);
  });

  it.each(['.', '.github/deploy.yaml', 'a/.gitkeep', 'a.b/c_d/e-f', 'charts/churn~1'])(
    'a path may be %s',
    (path) => {
      expect(problemsWith(service('[churn, libs/churn.yaml]', `[${path}]`))).toEqual([]);
    },
  );

  it.each([
    [
      '[churn, libs/churn.yaml]',
      '[]',
      'list is empty; expected at least one path; [.] is the whole repository',
    ],
    ['[churn, libs/churn.yaml]', 'churn', 'not a list; expected paths such as [services/churn]'],
    ['[churn, libs/churn.yaml]', `[${[...Array(21).keys()].map((n) => `p${n}`)}]`, 'list is too long'],
    [SECRET, 'hunter2', 'not the ARN of a secret'],
    ['name: churn', 'name: "a;id"', 'not a name of an Application'],
    ['name: churn', 'name: churn, namespace: "../x"', 'not a namespace'],
    ['cluster: shop', 'cluster: edge', 'environment "prod" has no such cluster; expected one of shop'],
    [
      'branch: main',
      'branch: main\n    host: bitbucket',
      'word is unknown; expected one of gitea, github, gitlab, plain',
    ],
    [
      'branch: main',
      'branch: main\n    conflict: force',
      'word is unknown; expected one of paths, pull-request',
    ],
    ['branch: main', 'branch: main\n    force: true', 'key is unknown'],
  ])('with %p as %p is refused', (from, to, words) => {
    const [problem, ...others] = problemsWith(service(from, to));

    expect(problem).toMatch(new RegExp(`^${PLACE}:\\d+:\\d+: `));
    expect(problem).toContain(words);
    expect(problem).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  it('is pulled back, never off', () => {
    const off = service().replace('do: flag off', 'do: deploy off').replace('[flag, champion]', '[champion]');

    expect(problemsWith(off)).toEqual([
      expect.stringContaining('"off" is for flags, and "deploy" is a branch of Git'),
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import { readRepository } from '../../lib/files/urls.ts';
import { anEnvironment, ENVIRONMENT, problems, SERVICE } from './texts.ts';

const CLUSTERS = 'clusters: { shop: { eks: prod-eu } }\n';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:git-AbCdEf';
const LEVER = `  deploy:
    kind: git
    repository: https://git.example.com/shop/deploy.git
    branch: main
    paths: [churn, libs/churn.yaml]
    secret: "${SECRET}"
    application: { cluster: shop, name: churn }
`;
const service = (from = '', to = '', lever = LEVER) => {
  if (!lever.includes(from)) throw new Error(`Cannot spoil "${from}": the lever has no such text`);
  return SERVICE.replace(/^runbook/m, `${lever.replace(from, () => to)}runbook`);
};
const PLACE = 'environments/prod/services/shop.yaml';
const text = ENVIRONMENT + CLUSTERS;
const problemsWith = (shop: string) => problems(anEnvironment({ shop }, { text }));

const leversOf = (...sources: Parameters<typeof checkEnvironments>[0]) => {
  const read = checkEnvironments(sources);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.value.flatMap(({ services }) => services.flatMap(({ levers }) => levers));
};
const gitOf = (...sources: Parameters<typeof checkEnvironments>[0]) =>
  leversOf(...sources).flatMap((lever) => (lever.kind === 'git' ? [lever] : []));

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

describe('F56: paths that two services have', () => {
  const desk = (paths: string, from = '', to = '') => {
    const lever = LEVER.replace('[churn, libs/churn.yaml]', paths).replace('name: churn', 'name: desk');
    return service(from, to, lever)
      .replaceAll('/shop/flag', '/desk/flag')
      .replace('model: shop', 'model: desk');
  };
  const both = (second: string, first = service()) => anEnvironment({ a: first, b: second }, { text });
  const OWN = 'expected paths that no other lever of any environment has, on that branch';

  it('are refused, with both places', () => {
    expect(problems(both(desk('[desk, churn]')))).toEqual([
      `environments/prod/services/b.yaml:11:19: Cannot read "churn": path "churn" of branch "main" is also that of "churn" at environments/prod/services/a.yaml:11:13; ${OWN}`,
    ]);
  });

  it.each([
    ['below', '[churn/values.yaml]', 'path "churn/values.yaml" of branch "main" overlaps that of "churn"'],
    ['above', '[libs]', 'path "libs" of branch "main" overlaps that of "libs/churn.yaml"'],
    ['around all', '[.]', 'path "." of branch "main" overlaps that of "churn"'],
  ])('are refused when one is %s the other', (_, paths, words) => {
    expect(problems(both(desk(paths)))).toEqual([expect.stringContaining(words)]);
  });

  it('are refused however the URL is written', () => {
    const url = desk('[churn]', 'git.example.com/shop/deploy.git', 'GIT.example.com:443/shop/deploy/');

    expect(problems(both(url))).toEqual([expect.stringContaining('is also that of "churn"')]);
  });

  it('are refused in one lever, and across environments', () => {
    const twice = service('[churn, libs/churn.yaml]', '[churn, churn/values.yaml]');
    const staging = anEnvironment(
      { a: service() },
      { name: 'staging', text: text.replace('111122223333', '444455556666').replace('mlflow.', 'mlflow2.') },
    );

    expect(problemsWith(twice)).toEqual([expect.stringContaining('overlaps that of "churn"')]);
    expect(problems(both(desk('[desk]')), staging).join('\n')).toMatch(
      /staging.services.a\.yaml:11:13: .* is also that of "churn" at environments\/prod/,
    );
  });

  it.each([
    ['paths', desk('[churned, libs/churn.yaml.bak]')],
    ['branches', desk('[churn]', 'branch: main', 'branch: next')],
    ['repositories', desk('[churn]', 'shop/deploy.git', 'desk/deploy.git')],
  ])('may stand side by side with other %s', (_, second) => {
    expect(problems(both(second))).toEqual([]);
  });

  it('are told to the others on that branch, for a commit that touches both', () => {
    const [first, second] = gitOf(both(desk('[desk, tools]')));

    expect([first?.others, second?.others]).toEqual([
      ['desk', 'tools'],
      ['churn', 'libs/churn.yaml'],
    ]);
  });

  it('are told across environments, and not across branches', () => {
    const elsewhere = text.replace('111122223333', '444455556666').replace('mlflow.', 'mlflow2.');
    const staging = anEnvironment({ a: desk('[desk]') }, { name: 'staging', text: elsewhere });
    const next = anEnvironment({ a: desk('[churn]', 'main', 'next') }, { name: 'staging', text: elsewhere });

    expect(gitOf(anEnvironment({ a: service() }, { text }), staging)[0]?.others).toEqual(['desk']);
    expect(gitOf(anEnvironment({ a: service() }, { text }), next)[0]?.others).toEqual([]);
  });
});

describe('the URL of a repository in the environment "local"', () => {
  const local = { insecureLocal: true };

  it.each([
    'http://127.0.0.1:3000/d.git',
    'http://localhost/d',
    'http://10.0.0.7/d.git',
    'https://git.example.com/d',
  ])('may be %s', (url) => {
    expect(readRepository(url, local)).toBe(url);
  });

  it.each([
    'http://git.example.com/d.git',
    'http://8.8.8.8/d.git',
    'http://172.32.0.1/d.git',
    'http://localhost.example.com/d',
  ])('is not %s: credentials would travel in the open', (url) => {
    expect(readRepository(url, local)).toMatchObject({ wrong: 'URL is not encrypted' });
  });

  it('may have a placeholder', () => {
    expect(readRepository(`${'$'}{git}/shop/deploy.git`, local)).toBe(`${'$'}{git}/shop/deploy.git`);
    expect(
      readRepository(`${'$'}{git}/shop/deploy.git`, {
        ...local,
        replacements: { git: 'http://127.0.0.1:3000' },
      }),
    ).toBe('http://127.0.0.1:3000/shop/deploy.git');
  });
});

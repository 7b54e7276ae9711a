import { describe, expect, it } from '@jest/globals';
import { readRepository } from '../../lib/files/urls.ts';
import { gitOf, LEVER, problemsWith, service, text } from './git-texts.ts';
import { anEnvironment, problems } from './texts.ts';

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

import { describe, expect, it } from '@jest/globals';
import { anEnvironment, ENVIRONMENT, problems, problemsOf, SERVICE, service } from './texts.ts';

describe('a lever', () => {
  it.each([
    [
      '/shop/flag',
      'shop/flag',
      '5:34: Cannot read "shop/flag": not a parameter name; expected a name such as /shop/recommender/new-features',
    ],
    [
      '/shop/flag',
      '/shop//flag',
      '5:34: Cannot read "/shop//flag": not a parameter name; expected a name such as /shop/recommender/new-features',
    ],
    [
      '/shop/flag',
      '/aws/flag',
      '5:34: Cannot read "/aws/flag": parameter name is reserved; expected a name that does not begin with /aws, /ssm or /reinstate',
    ],
    [
      '/shop/flag',
      '/reinstate/prod/mode',
      '5:34: Cannot read "/reinstate/prod/mode": parameter name is reserved; expected a name that does not begin with /aws, /ssm or /reinstate',
    ],
    [
      'safe: "false"',
      'safe: false',
      '5:52: Cannot read "false": not a text; expected the value in quotes, such as "false"',
    ],
    [
      'cache: 5 s',
      'cache: soon',
      '5:68: Cannot read "soon": not a duration; expected a number with ms, s, min or h, such as 10 s or 5 min',
    ],
    [
      ', cache: 5 s',
      '',
      '5:3: Cannot read "flag": key "cache" is missing; expected a number with ms, s, min or h, such as 10 s or 5 min',
    ],
    [
      'kind: flag, ',
      '',
      '5:3: Cannot read "flag": key "kind" is missing; expected one of flag, alias, rollout, deployment, helm, git',
    ],
    [
      'alias: champion',
      'alias: latest',
      '6:48: Cannot read "latest": alias is reserved; expected an alias other than latest, v<number>, rolled_back and previous_<alias>',
    ],
    [
      'alias: champion',
      'alias: V12',
      '6:48: Cannot read "V12": alias is reserved; expected an alias other than latest, v<number>, rolled_back and previous_<alias>',
    ],
    [
      'alias: champion',
      'alias: previous_champion',
      '6:48: Cannot read "previous_champion": alias is reserved; expected an alias other than latest, v<number>, rolled_back and previous_<alias>',
    ],
    [
      'alias: champion',
      'alias: the best',
      '6:48: Cannot read "the best": not an alias; expected letters, digits, _ and -, at most 246',
    ],
    [
      'model: shop',
      'model: a/b',
      '6:35: Cannot read "a/b": not a model name; expected the name of a registered model, without / and :',
    ],
    [
      ' version"',
      '"',
      '6:66: Cannot read "https://shop.example.com/version": not a URL and a path into JSON; expected a URL and a path, such as https://recommender.example.com/version flags.new-features',
    ],
  ])('with %p as %p is refused', (from, to, words) => {
    expect(problemsOf(service([from, to]))).toEqual([`shop.yaml:${words}`]);
  });

  it('on an alias needs an environment with MLflow', () => {
    const text = ENVIRONMENT.replace(/mlflow.*\n/, '');

    expect(problems(anEnvironment({ shop: SERVICE }, { text }))).toEqual([
      'environments/prod/services/shop.yaml:6:21: Cannot read "alias": environment "prod" names no MLflow server; expected "mlflow: { url: ... }" in environment.yaml for an alias',
    ]);
  });
});

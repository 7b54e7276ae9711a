import { describe, expect, it } from '@jest/globals';
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import { anEnvironment, ENVIRONMENT, problems, SERVICE } from './texts.ts';

const read = (text: string, name = 'prod') => {
  const checked = checkEnvironments([anEnvironment({ shop: SERVICE }, { name, text })]);
  return checked.ok ? checked.value[0]?.environment : undefined;
};
const problemsOf = (text: string, name = 'prod') =>
  problems(anEnvironment({ shop: SERVICE }, { name, text }));

describe('an environment file', () => {
  it('fills in every default', () => {
    expect(read(ENVIRONMENT)).toEqual({
      name: 'prod',
      account: '111122223333',
      region: 'eu-west-1',
      mode: 'observe',
      goalSeconds: 300,
      insecureLocal: false,
      mlflow: { url: 'https://mlflow.example.com' },
      paged: [],
    });
  });

  it('keeps "off" a word, as YAML 1.2 does', () => {
    expect(read(`${ENVIRONMENT}mode: off\n`)?.mode).toBe('off');
  });

  it('drops the closing slash of the MLflow URL, because paths are put behind it', () => {
    expect(read(ENVIRONMENT.replace('.com', '.com/'))?.mlflow?.url).toBe('https://mlflow.example.com');
  });

  it.each([
    [
      '"111122223333"',
      '111122223333',
      '1:10: Cannot read "111122223333": not an account; expected 12 digits in quotes, such as "111122223333"',
    ],
    [
      '"111122223333"',
      '000000000000',
      '1:10: Cannot read "000000000000": not an account; expected 12 digits in quotes, such as "111122223333"',
    ],
    ['eu-west-1', 'Ireland', '2:9: Cannot read "Ireland": not a region; expected a region such as eu-west-1'],
    [
      'region:',
      'mode: of\nregion:',
      '2:7: Cannot read "of": word is unknown (did you mean "off"?); expected one of off, observe, act',
    ],
    [
      'region:',
      'goal: 5\nregion:',
      '2:7: Cannot read "5": not a duration; expected a number with ms, s, min or h, such as 10 s or 5 min',
    ],
    [
      'region:',
      'insecure_local: true\nregion:',
      '2:1: Cannot read "insecure_local": key is unknown (did you mean "insecure-local"?); expected one of account, region, mode, goal, mlflow, clusters, insecure-local, paged',
    ],
    [
      'region:',
      'insecure-local: true\nregion:',
      '2:17: Cannot read "true": environment "prod" has users; expected it only in the environment "local"',
    ],
    [
      'region:',
      'insecure-local: yes\nregion:',
      '2:17: Cannot read "yes": neither yes nor no; expected true or false',
    ],
    [
      'https:',
      'http:',
      '3:16: Cannot read "http://mlflow.example.com": URL is not encrypted; expected https://',
    ],
    [
      'mlflow.example.com',
      'mlflow.example.com?a=1',
      '3:16: Cannot read "https://mlflow.example.com?a=1": URL has a query or a fragment; expected the URL of the server only',
    ],
    [
      'region:',
      'paged: [{ kind: mail, to: a@example.com }]\nregion:',
      '2:17: Cannot read "mail": kind is unknown (did you mean "email"?); expected one of email, https, sns, slack, pagerduty',
    ],
  ])('with %p as %p is refused', (from, to, words) => {
    expect(problemsOf(ENVIRONMENT.replace(from, to))).toEqual([
      `environments/prod/environment.yaml:${words}`,
    ]);
  });

  it('is refused in a folder that is not named like an environment', () => {
    expect(problemsOf(ENVIRONMENT, 'Prod')).toEqual([
      'environments/Prod/environment.yaml:1:1: Cannot read "Prod": folder is not named like an environment; expected a small letter, then up to 16 small letters, digits and hyphens',
    ]);
  });

  it('is missed where there is none, and the services are read all the same', () => {
    const source = {
      ...anEnvironment({ shop: SERVICE.replace('250 ms', '250 kg') }),
      environment: undefined,
    };

    expect(problems(source)).toEqual([
      'environments/prod/environment.yaml:1:1: Cannot read "environment.yaml": file is missing or not UTF-8; expected a file with account and region',
      'environments/prod/services/shop.yaml:9:9: Cannot read "latency > 250 kg for 3 of 5": unit "kg" is unknown; expected one of ms, s, min, %, count, ratio',
    ]);
  });

  it('is of no use without a service', () => {
    expect(problems(anEnvironment({}))).toEqual([
      'environments/prod/services:1:1: Cannot read "services": no service file is here; expected at least one <service>.yaml',
    ]);
  });
});

describe('F55: no secret is told', () => {
  it('when a password stands in a URL', () => {
    expect(problemsOf(ENVIRONMENT.replace('https://', 'https://me:hunter2@'))).toEqual([
      'environments/prod/environment.yaml:3:16: Cannot read "https://***@mlflow.example.com": a user or password stands in the URL; expected a URL without them',
    ]);
  });

  it('when a secret stands where its ARN belongs', () => {
    expect(problemsOf(ENVIRONMENT.replace('.com }', '.com, secret: hunter2 }'))).toEqual([
      'environments/prod/environment.yaml:3:52: Cannot read "(hidden)": not the ARN of a secret; expected an ARN such as arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf',
    ]);
  });

  it.each([
    ['a broken line', `${ENVIRONMENT}\tsecret: hunter2\n`],
    ['a mapping in the wrong place', ENVIRONMENT.replace('eu-west-1', '{ secret: hunter2 }')],
    ['a list in the wrong place', ENVIRONMENT.replace('.com }', '.com, secret: [hunter2] }')],
  ])('when it stands in %s', (_, text) => {
    const told = problemsOf(text).join('\n');

    expect(told).toContain('Cannot read');
    expect(told).not.toContain('hunter2');
  });
});

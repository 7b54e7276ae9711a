import { describe, expect, it } from '@jest/globals';
import { anEnvironment, ENVIRONMENT, problems, problemsOf, service } from './texts.ts';

const SECRET = 'secret: arn:aws:secretsmanager:eu-west-1:111122223333:secret:pages-AbCdEf';

describe('a runbook', () => {
  it.each([
    [
      'to: oncall@example.com',
      'to: oncall',
      '38: Cannot read "oncall": not an email address; expected an address such as oncall@example.com',
    ],
    [
      'email, to: oncall@example.com',
      'https, to: http://a.example.com',
      '38: Cannot read "http://a.example.com": URL is not encrypted; expected https://',
    ],
    [
      'email, to: oncall@example.com',
      'https, to: https://127.0.0.1',
      '38: Cannot read "https://127.0.0.1": host "127.0.0.1" is loopback or link-local; expected a host that a function can reach',
    ],
    [
      'email, to: oncall@example.com',
      'sns, to: oncall',
      '36: Cannot read "oncall": not the ARN of a topic; expected an ARN such as arn:aws:sns:eu-west-1:111122223333:oncall',
    ],
    [
      'kind: email',
      'kind: pager',
      '27: Cannot read "pager": kind is unknown; expected one of email, https, sns, slack, pagerduty',
    ],
    [
      '{ kind: email, to: oncall@example.com }',
      `{ kind: slack, to: '#oncall', ${SECRET} }`,
      '38: Cannot read "#oncall": not the id of a channel; expected an id such as C024BE91L',
    ],
    [
      '{ kind: email, to: oncall@example.com }',
      '{ kind: pagerduty, to: ML, secret: 0123456789abcdef }',
      '54: Cannot read "(hidden)": not the ARN of a secret; expected an ARN such as arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf',
    ],
    [
      '{ kind: email, to: oncall@example.com }',
      `{ kind: pagerduty, to: ML, ${SECRET}, after: 10 s }`,
      '128: Cannot read "10 s": not a time to wait for somebody; expected between 1 min and 24 h',
    ],
    [
      '{ kind: email, to: oncall@example.com }',
      `{ kind: pagerduty, to: ML, ${SECRET}, url: https://example.com }`,
      '126: Cannot read "https://example.com": a vendor has one address; expected no "url" here',
    ],
    [
      '[flag, champion]',
      '[flag, flg]',
      '82: Cannot read "flg": lever "flg" is not declared (did you mean "flag"?); expected one of flag, champion',
    ],
    [
      '[flag, champion]',
      '[flag, flag]',
      '82: Cannot read "flag": lever "flag" is named twice; expected each lever once',
    ],
    [
      '[flag, champion]',
      'flag',
      '75: Cannot read "flag": not a list; expected names of levers, such as [new-features, champion]',
    ],
    [
      '{ call',
      '{ goal: 0 s, call',
      '18: Cannot read "0 s": goal is no time at all; expected a duration such as 5 min',
    ],
    [
      '[{ kind: email, to: oncall@example.com }]',
      '[]',
      '1: Cannot read "runbook": nobody is called; expected an entry in "call" here, or in "paged" of environment.yaml',
    ],
  ])('with %p as %p is refused', (from, to, words) => {
    expect(problemsOf(service([from, to]))).toEqual([`shop.yaml:7:${words}`]);
  });

  it('calls somebody at once, not only those whose turn comes later', () => {
    const late = `{ kind: pagerduty, to: ML, ${SECRET}, after: 10 min }`;
    const [problem] = problemsOf(service(['{ kind: email, to: oncall@example.com }', late]));

    expect(problem).toContain('nobody is called at once; expected an entry without "after"');
    expect(
      problemsOf(
        service(['{ kind: email, to: oncall@example.com }', `{ kind: email, to: a@b.example }, ${late}`]),
      ),
    ).toEqual([]);
  });

  it('may leave the goal and the people to its environment', () => {
    const text = `${ENVIRONMENT}goal: 1 h\npaged: [{ kind: email, to: oncall@example.com }]\n`;
    const silent = service(['call: [{ kind: email, to: oncall@example.com }], ', '']);

    expect(problems(anEnvironment({ shop: silent }, { text }))).toEqual([]);
  });
});

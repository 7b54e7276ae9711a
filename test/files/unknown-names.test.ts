import { describe, expect, it } from '@jest/globals';
import { problemsOf, SERVICE, service } from './texts.ts';

describe('F53: a policy that names what is not there is refused where it does so', () => {
  it.each([
    ['an unknown signal', 'when: latency', 'when: latensy', '9:9', 'signal "latensy" is not declared'],
    [
      'an unknown signal in verify',
      'verify: latency',
      'verify: latensy',
      '11:11',
      'signal "latensy" is not declared',
    ],
    ['an unknown lever', 'do: flag off', 'do: flg off', '10:7', 'lever "flg" is not declared'],
    [
      'an unknown lever in its runbook',
      '[flag, champion]',
      '[flg, champion]',
      '7:76',
      'lever "flg" is not declared',
    ],
    ['an alarm by its name', 'unit: ms', 'unit: ms, alarm: latency', '2:105', 'not the ARN of an alarm'],
    [
      'an alarm of another account',
      'unit: ms',
      'unit: ms, alarm: "arn:aws:cloudwatch:eu-west-1:999999999999:alarm:latency"',
      '2:105',
      'alarm is not where environment "prod" is',
    ],
    [
      'a key twice',
      '  do: flag',
      '  when: errors > 5 % for 3\n  do: flag',
      '10:3',
      'key stands here a second time',
    ],
    ['a service that is not its own', 'policy:\n', 'policy:\n  service: other\n', '9:3', 'key is unknown'],
  ])('%s', (...row) => {
    const [, from, to, place, words] = row;
    const [problem] = problemsOf(service([from, to]));

    expect(problem).toMatch(/^shop\.yaml:\d+:\d+: Cannot read ".+; expected /);
    expect(problem).toContain(`shop.yaml:${place}: `);
    expect(problem).toContain(words);
  });

  it('and nothing is wrong without it', () => {
    expect(problemsOf(SERVICE)).toEqual([]);
  });
});

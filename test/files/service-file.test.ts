import { describe, expect, it } from '@jest/globals';
import { anEnvironment, problems, problemsOf, SERVICE, service, serviceOf } from './texts.ts';

describe('a service file', () => {
  it('fills in every default', () => {
    const { signals, levers, runbook } = serviceOf(SERVICE);

    expect(signals[0]).toMatchObject({
      periodSeconds: 10,
      lagSeconds: 0,
      missing: 'inconclusive',
      metric: { dimensions: {} },
    });
    expect(levers).toMatchObject([{ alwaysSafe: false, cacheSeconds: 5 }, { cacheSeconds: 0 }]);
    expect(runbook.goalSeconds).toBe(300);
  });

  it('tells everything that is wrong at once, in reading order', () => {
    const text = service(
      ['unit: ms', 'unit: kg'],
      ['period: 1 min', 'period: 15 s'],
      ['kind: flag', 'kind: flagg'],
      ['pre-approved', 'preapproved'],
      ['flag off', 'flg off'],
    );

    expect(problemsOf(text)).toEqual([
      'shop.yaml:2:94: Cannot read "kg": word is unknown; expected one of ms, s, min, %, count, ratio',
      'shop.yaml:3:84: Cannot read "15 s": CloudWatch has no such period; expected 10 s, 20 s, 30 s or whole minutes',
      'shop.yaml:5:17: Cannot read "flagg": kind is unknown (did you mean "flag"?); expected one of flag, alias, rollout, deployment, helm, git',
      'shop.yaml:7:61: Cannot read "preapproved": key is unknown (did you mean "pre-approved"?); expected one of goal, call, pre-approved',
      'shop.yaml:10:7: Cannot read "flg off, then champion back": lever "flg" is not declared (did you mean "flag"?); expected one of flag, champion',
    ]);
  });

  it('says which key is missing, where it is missing', () => {
    expect(problemsOf(service(['period: 10 s, ', ''], ['runbook:', 'runbok:']))).toEqual([
      'shop.yaml:1:1: Cannot read "shop.yaml": key "runbook" is missing; expected a mapping with the keys goal, call, pre-approved',
      'shop.yaml:2:3: Cannot read "latency": key "period" is missing; expected a number with ms, s, min or h, such as 10 s or 5 min',
      'shop.yaml:7:1: Cannot read "runbok": key is unknown (did you mean "runbook"?); expected one of signals, levers, runbook, policy, version',
    ]);
  });

  it('may say of which version it is', () => {
    expect(serviceOf(`version: 1\n${SERVICE}`)).toEqual(serviceOf(SERVICE));
  });

  it.each(['2', '"1"', '0', '[]'])('is refused with version %s, and says what to do', (version) => {
    expect(problemsOf(`version: ${version}\n${SERVICE}`)).toEqual([
      `shop.yaml:1:10: Cannot read "${version.replaceAll('"', '')}": version is unknown; expected 1; a newer file needs a newer Reinstate`,
    ]);
  });

  it.each(['Shop', '1shop', 'my_shop', `a${'b'.repeat(40)}`])('is refused under the name %p', (name) => {
    expect(problems(anEnvironment({ [name]: SERVICE }))).toEqual([
      `environments/prod/services/${name}.yaml:1:1: Cannot read "${name}.yaml": file is not named like a service; expected a small letter, then up to 39 small letters, digits and hyphens, then .yaml`,
    ]);
  });

  it('is refused under the name that SSM uses for armed services', () => {
    expect(problems(anEnvironment({ armed: SERVICE }))).toEqual([
      'environments/prod/services/armed.yaml:1:1: Cannot read "armed.yaml": service name "armed" is reserved; expected another name',
    ]);
  });
});

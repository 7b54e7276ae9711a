import { describe, expect, it } from '@jest/globals';
import { anEnvironment, ENVIRONMENT, problems, SERVICE, service } from './texts.ts';

const otherModel = service(['model: shop', 'model: other']);
const otherFlag = service(['/shop/flag', '/shop/other']);
const nothingShared = service(['model: shop', 'model: other'], ['/shop/flag', '/shop/other']);

const staging = ENVIRONMENT.replace('111122223333', '444455556666');
const elsewhere = staging.replace('mlflow.example.com', 'mlflow.staging.example.com');

describe('F56: two services that share a target are refused, with both places', () => {
  const OWN = 'expected a target that no other lever of any environment has';

  it('when it is a parameter of one environment', () => {
    expect(problems(anEnvironment({ a: SERVICE, b: otherModel }))).toEqual([
      `environments/prod/services/b.yaml:5:3: Cannot read "flag": parameter "/shop/flag" is also that of "flag" at environments/prod/services/a.yaml:5:3; ${OWN}`,
    ]);
  });

  it('when it is a parameter of the same account and region in two environments', () => {
    const sources = [anEnvironment({ a: SERVICE }), anEnvironment({ a: otherModel }, { name: 'staging' })];

    expect(problems(...sources)).toEqual([
      `environments/staging/services/a.yaml:5:3: Cannot read "flag": parameter "/shop/flag" is also that of "flag" at environments/prod/services/a.yaml:5:3; ${OWN}`,
    ]);
  });

  it('when it is an alias on the same MLflow, however its URL is written', () => {
    const text = staging.replace('mlflow.example.com', 'MLFLOW.example.com:443/');
    const sources = [
      anEnvironment({ a: SERVICE }),
      anEnvironment({ b: otherFlag }, { name: 'staging', text }),
    ];

    expect(problems(...sources)).toEqual([
      `environments/staging/services/b.yaml:6:3: Cannot read "champion": alias "champion" of model "shop" is also that of "champion" at environments/prod/services/a.yaml:6:3; ${OWN}`,
    ]);
  });

  it('when two levers of one service have it', () => {
    const text = service([
      'levers:\n',
      'levers:\n  other: { kind: flag, parameter: /shop/flag, safe: "0", cache: 1 s }\n',
    ]);

    expect(problems(anEnvironment({ a: text }))).toEqual([
      `environments/prod/services/a.yaml:6:3: Cannot read "flag": parameter "/shop/flag" is also that of "other" at environments/prod/services/a.yaml:5:3; ${OWN}`,
    ]);
  });

  it('although something else in the files cannot be read', () => {
    const broken = service(['model: shop', 'model: other'], ['unit: ms', 'unit: kg']);

    expect(problems(anEnvironment({ a: SERVICE, b: broken }))).toHaveLength(2);
    expect(problems(anEnvironment({ a: SERVICE, b: otherModel }, { text: 'account: 5' })).at(-1)).toContain(
      '/a.yaml:5:3',
    );
  });

  it('but not when account, region, MLflow, model or alias differ', () => {
    const sources = [
      anEnvironment({
        a: SERVICE,
        b: nothingShared,
        c: service(['alias: champion', 'alias: shadow'], ['/shop/flag', '/c']),
      }),
      anEnvironment({ a: SERVICE }, { name: 'staging', text: elsewhere }),
      anEnvironment({ a: otherModel }, { name: 'dr', text: ENVIRONMENT.replace('eu-west-1', 'eu-west-2') }),
    ];

    expect(problems(...sources.slice(0, 2))).toEqual([]);
    expect(problems(...sources.slice(1))).toEqual([]);
  });
});

describe('two services with one alarm are refused', () => {
  const OWN = 'expected an alarm of its own; rename the signal or the service';

  it('when they name the same existing one', () => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop';
    const withAlarm = (text: string) => text.replace('unit: ms', `unit: ms, alarm: "${arn}"`);

    expect(problems(anEnvironment({ a: withAlarm(SERVICE), b: withAlarm(nothingShared) }))).toEqual([
      `environments/prod/services/b.yaml:2:105: Cannot read "${arn}": alarm "shop" is also that of "${arn}" at environments/prod/services/a.yaml:2:105; ${OWN}`,
    ]);
  });

  it('when their names run together', () => {
    const longSignal = SERVICE.replaceAll('latency', 'b-latency');

    expect(problems(anEnvironment({ shop: longSignal, 'shop-b': nothingShared }))).toEqual([
      `environments/prod/services/shop-b.yaml:9:9: Cannot read "latency > 250 ms for 3 of 5": alarm "reinstate-prod-shop-b-latency" is also that of "b-latency > 250 ms for 3 of 5" at environments/prod/services/shop.yaml:9:9; ${OWN}`,
    ]);
  });

  it('when a number behind a signal makes it another signal', () => {
    const text = service(
      ['  errors:', '  latency-2:'],
      ['unit: ratio', 'unit: ms'],
      ['latency > 250 ms for 3 of 5', '[latency > 1 s for 1, latency > 2 s for 1, latency-2 > 1 s for 1]'],
    );

    expect(problems(anEnvironment({ shop: text }))).toEqual([
      expect.stringContaining('alarm "reinstate-prod-shop-latency-2" is also that of "latency > 2 s for 1"'),
    ]);
  });
});

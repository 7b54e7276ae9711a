import { describe, expect, it } from '@jest/globals';
import { alarmsOf } from '../../lib/core/alarms.ts';
import type { Environment } from '../../lib/core/environment.ts';
import { armedService, signalNamed } from '../../lib/core/service.ts';
import { armedServiceOf } from '../../lib/files/armed.ts';
import { formatProblem } from '../../lib/files/problem.ts';
import { anEnvironment, problems, SERVICE, service, serviceOf } from './texts.ts';

const prod: Environment = {
  name: 'prod',
  account: '111122223333',
  region: 'eu-west-1',
  mode: 'observe',
  goalSeconds: 300,
  insecureLocal: false,
  mlflow: { url: 'https://mlflow.example.com' },
  paged: [],
};
const WHEN = 'latency > 250 ms for 3 of 5';

describe('armedServiceOf', () => {
  it('holds all that an incident needs to know', () => {
    const shop = serviceOf(SERVICE);

    const armed = armedServiceOf(prod, shop);

    expect(armed).toMatchObject({
      ok: true,
      value: { environment: 'prod', firstMode: 'observe', service: shop },
    });
    expect(armed.ok && armedService.parse(armed.value)).toEqual(armed.ok && armed.value);
  });

  it('names an alarm for each condition of "when"', () => {
    const shop = serviceOf(
      service([WHEN, '[latency > 1 s for 1, errors > 5 % for 3, latency > 250 ms for 3 of 5]']),
    );

    const armed = armedServiceOf(prod, shop);

    expect(armed.ok && armed.value.alarms.map((alarm) => alarm.arn)).toEqual([
      'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reinstate-prod-shop-latency',
      'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reinstate-prod-shop-errors',
      'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reinstate-prod-shop-latency-2',
    ]);
    expect(armed.ok && armed.value.alarms.map((alarm) => alarm.condition)).toEqual(shop.policy.when);
  });

  it('uses the existing alarm of a signal', () => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop: p95';
    const shop = serviceOf(service(['unit: ms', `unit: ms, alarm: "${arn}"`]));

    expect(alarmsOf(prod, shop)).toMatchObject([{ name: 'shop: p95', arn, existing: true }]);
  });

  it.each([
    ['us-gov-west-1', 'arn:aws-us-gov:cloudwatch:us-gov-west-1:'],
    ['cn-north-1', 'arn:aws-cn:cloudwatch:cn-north-1:'],
  ])('knows the partition of %s', (region, start) => {
    expect(alarmsOf({ ...prod, region }, serviceOf(SERVICE))[0]?.arn).toMatch(new RegExp(`^${start}`));
  });

  it('refuses what does not fit into its parameter', () => {
    const shop = serviceOf(SERVICE);
    const more = Array.from({ length: 60 }, (_, n) => ({
      ...signalNamed(shop, 'latency'),
      name: `latency-${n}`,
    }));

    const armed = armedServiceOf(prod, { ...shop, signals: [...shop.signals, ...more] });

    expect(armed.ok ? [] : armed.problems.map(formatProblem)).toEqual([
      expect.stringMatching(
        /^environments\/prod\/services\/shop\.yaml:1:1: Cannot read "shop\.yaml": service takes \d+ bytes to arm; expected at most 8192; fewer signals, levers or conditions$/,
      ),
    ]);
  });

  it('is tried when the files are read', () => {
    const signals = Array.from(
      { length: 60 },
      (_, n) =>
        `  latency-${n}: { metric: { namespace: Shop, name: latency }, statistic: p95, period: 10 s, unit: ms }`,
    );

    const told = problems(
      anEnvironment({ shop: service(['signals:\n', `signals:\n${signals.join('\n')}\n`]) }),
    );

    expect(told).toEqual([expect.stringContaining('bytes to arm; expected at most 8192')]);
  });
});

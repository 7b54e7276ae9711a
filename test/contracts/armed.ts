import type { AliasLever, ArmedService, FlagLever, Lever, Signal } from '../../lib/core/service.ts';

export const aFlag = (over: Partial<FlagLever> = {}): FlagLever => ({
  kind: 'flag',
  name: 'new-features',
  parameter: '/shop/new-features',
  safe: 'false',
  alwaysSafe: false,
  cacheSeconds: 5,
  ...over,
});

export const anAlias = (over: Partial<AliasLever> = {}): AliasLever => ({
  kind: 'alias',
  name: 'champion',
  model: 'recommender',
  alias: 'champion',
  reload: 'http://127.0.0.1:9/reload',
  cacheSeconds: 0,
  served: { url: 'http://127.0.0.1:9/served', path: 'model.version' },
  ...over,
});

export const aSignal = (over: Partial<Signal> = {}): Signal => ({
  name: 'latency',
  metric: { namespace: 'Shop', name: 'Latency', dimensions: { Service: 'recommender' } },
  statistic: 'p95',
  periodSeconds: 10,
  unit: 'ms',
  lagSeconds: 0,
  missing: 'inconclusive',
  ...over,
});

const latency = { signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 } as const;

/** A service as it is armed in `local`, with these levers and an MLflow server where one is given. */
export function anArmedService(
  levers: readonly Lever[],
  over: Partial<Omit<ArmedService, 'service'>> = {},
): ArmedService {
  return {
    environment: 'local',
    account: '000000000000',
    region: 'us-east-1',
    firstMode: 'observe',
    insecureLocal: true,
    alarms: [{ arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:latency', condition: latency }],
    service: {
      name: 'recommender',
      signals: [aSignal()],
      levers: [...levers],
      runbook: { goalSeconds: 300, call: [], preApproved: levers.map((l) => l.name) },
      policy: { when: [latency], do: [], verify: [{ ...latency, is: '<', datapoints: 6, of: 6 }] },
    },
    ...over,
  };
}

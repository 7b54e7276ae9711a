import type { AliasLever, ArmedService, FlagLever, Signal } from '../../lib/core/service.ts';

/** Saturday 2026-11-21 09:04:03 UTC: when the alarm of these incidents changes its state. */
export const ALARM_AT = Date.UTC(2026, 10, 21, 9, 4, 3);
/** So many seconds after the alarm. */
export const later = (seconds: number): number => ALARM_AT + seconds * 1000;

const PREFIX = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reinstate-prod-recommender';
export const ERRORS_ALARM = `${PREFIX}-errors`;
export const AUC_ALARM = `${PREFIX}-auc`;

export const aSignal = (spoiled: Partial<Signal> = {}): Signal => ({
  name: 'errors',
  metric: { namespace: 'Recommender', name: 'ErrorRate', dimensions: {} },
  statistic: 'Average',
  periodSeconds: 10,
  unit: '%',
  lagSeconds: 0,
  missing: 'inconclusive',
  ...spoiled,
});
export const errors = aSignal();
export const auc = aSignal({ name: 'auc', unit: 'ratio', statistic: 'Average' });

export const flag: FlagLever = {
  kind: 'flag',
  name: 'new-features',
  parameter: '/recommender/new-features',
  safe: 'false',
  alwaysSafe: false,
  cacheSeconds: 5,
};
export const alias: AliasLever = {
  kind: 'alias',
  name: 'champion',
  model: 'recommender',
  alias: 'champion',
  cacheSeconds: 2,
  served: { url: 'http://127.0.0.1:8080/version', path: 'version' },
};

export const anArmedService = (): ArmedService => ({
  environment: 'prod',
  account: '111122223333',
  region: 'eu-west-1',
  firstMode: 'act',
  insecureLocal: false,
  alarms: [
    { arn: ERRORS_ALARM, condition: { signal: 'errors', is: '>', threshold: 5, datapoints: 3, of: 5 } },
    { arn: AUC_ALARM, condition: { signal: 'auc', is: '<', threshold: 0.7, datapoints: 3, of: 5 } },
  ],
  service: {
    name: 'recommender',
    signals: [errors, auc],
    levers: [flag, alias],
    runbook: {
      goalSeconds: 300,
      call: [{ kind: 'email', to: 'oncall@example.com' }],
      preApproved: ['new-features', 'champion'],
    },
    policy: {
      when: [
        { signal: 'errors', is: '>', threshold: 5, datapoints: 3, of: 5 },
        { signal: 'auc', is: '<', threshold: 0.7, datapoints: 3, of: 5 },
      ],
      do: [[{ lever: 'new-features', verb: 'off' }], [{ lever: 'champion', verb: 'back' }]],
      verify: [
        { signal: 'errors', is: '<', threshold: 5, datapoints: 3, of: 3 },
        { signal: 'auc', is: '>=', threshold: 0.7, datapoints: 3, of: 3 },
      ],
    },
  },
});

import { describe, expect, it } from '@jest/globals';
import { chartedBy } from '../../lib/core/charted.ts';
import type { ArmedService, Condition } from '../../lib/core/service.ts';
import { anArmedService, aSignal, ERRORS_ALARM } from '../report/armed.ts';

const armed = anArmedService();
const named = (conditions: readonly Condition[]): ArmedService => ({
  ...armed,
  service: {
    ...armed.service,
    signals: [...armed.service.signals, aSignal({ name: 'latency' }), aSignal({ name: 'queue' })],
    policy: { ...armed.service.policy, when: [...armed.service.policy.when, ...conditions] },
  },
});
const slow = { signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 } as const;

describe('the signals that a report shows', () => {
  it('are those of verify, each beside what its alarm compares with', () => {
    expect(chartedBy(armed).map(({ signal, well, alarm }) => [signal.name, well, alarm])).toEqual([
      ['errors', { is: '<', threshold: 5 }, { is: '>', threshold: 5 }],
      ['auc', { is: '>=', threshold: 0.7 }, { is: '<', threshold: 0.7 }],
    ]);
  });

  it('and every other that may call, attached or not: well while that is false', () => {
    const [, , latency, ...others] = chartedBy(named([slow]));

    expect([latency?.signal.name, latency?.well, others]).toEqual([
      'latency',
      { is: '<=', threshold: 250 },
      [],
    ]);
  });

  it('and those of armed alarms that no line of the policy names', () => {
    const queue = { arn: `${ERRORS_ALARM}-queue`, condition: { ...slow, signal: 'queue' } };
    const { alarms } = armed;

    expect(chartedBy({ ...named([]), alarms: [...alarms, queue] }).map((c) => c.signal.name)).toEqual([
      'errors',
      'auc',
      'queue',
    ]);
  });

  it('each once', () => {
    expect(chartedBy(named([slow, { ...slow, threshold: 400 }]))).toHaveLength(3);
  });

  it('but not what has nothing to compare with', () => {
    const { threshold: _, ...relative } = { ...slow, relative: { percent: 20 } };

    const verify = [...armed.service.policy.verify, { ...relative, is: '<=' } as const];
    const policy = { ...armed.service.policy, verify };

    expect(chartedBy(named([relative]))).toHaveLength(2);
    expect(chartedBy({ ...named([]), service: { ...named([]).service, policy } })).toHaveLength(2);
  });
});

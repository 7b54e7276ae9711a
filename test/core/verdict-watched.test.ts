import { describe, expect, it } from '@jest/globals';
import { watchedBy } from '../../lib/core/verdict.ts';
import { alarmArn, anArmedService, aPolicy } from '../builders.ts';
import { readings, verdictOf } from './judging.ts';

describe('watchedBy', () => {
  const policy = aPolicy({ verify: aPolicy().verify.filter((c) => c.signal !== 'latency') });
  const armed = anArmedService({ service: { policy } });

  it('is what verify names, while nothing else is attached', () => {
    expect(watchedBy(armed, [alarmArn('auc')]).map((w) => w.signal.name)).toEqual(['error-ratio', 'auc']);
  });

  it('adds an attached signal: well while its `when` is false, as often as the longest verify', () => {
    expect(watchedBy(armed, [alarmArn('latency')]).at(-1)).toMatchObject({
      signal: { name: 'latency' },
      well: { is: '<=', threshold: 250 },
      datapoints: 6,
    });
  });

  it('keeps the incident open until the attached signal is well too', () => {
    const watched = watchedBy(armed, [alarmArn('latency')]);
    const datapoints = readings({ latency: '-+++++' });

    expect(verdictOf({ armed, datapoints })).toBe('recovered');
    expect(verdictOf({ armed, datapoints, watched })).toMatch(/^pending/);
  });

  it('ignores an alarm that is not armed', () => {
    expect(watchedBy(armed, ['arn:aws:cloudwatch:x:y:alarm:z'])).toHaveLength(2);
  });
});

import { describe, expect, it } from '@jest/globals';
import { judge, meets } from '../../lib/core/verdict.ts';
import { anArmedService, aPolicy } from '../builders.ts';
import { aJudgeInput, armedWith, readings, reasonsOf, series, since, verdictOf } from './judging.ts';

describe('judge: recovered', () => {
  it('as soon as every signal has its window of fresh healthy datapoints', () => {
    expect(verdictOf()).toBe('recovered');
  });

  it('with one outlier, once the window slid past it', () => {
    const datapoints = readings({ auc: '-++++++', 'error-ratio': '+++++++', latency: '+++++++' });

    expect(verdictOf({ datapoints, now: since(75) })).toBe('recovered');
  });

  it('rests on the datapoints that it records', () => {
    const judgement = judge(aJudgeInput());

    expect(judgement).toMatchObject({ kind: 'verdict', record: { judgedAt: since(65), switchAt: since(0) } });
    const record = judgement.kind === 'verdict' ? judgement.record : undefined;
    expect(
      record?.signals.map((s) => [s.signal, s.needed, s.datapoints.filter((d) => d.good).length]),
    ).toEqual([
      ['error-ratio', 6, 6],
      ['auc', 6, 6],
      ['latency', 6, 6],
    ]);
  });
});

describe('judge: not recovered', () => {
  it.each(['--', '-+-', '+-++-'])('as soon as two fresh datapoints of one signal breach: "%s"', (auc) => {
    expect(verdictOf({ datapoints: readings({ auc }), now: since(55) })).toBe('not-recovered');
  });

  it('not with one breach: an outlier does not climb the ladder', () => {
    expect(verdictOf({ datapoints: readings({ auc: '-' }), now: since(15) })).toMatch(/^pending/);
  });

  it('with one breach where verify asks for one datapoint only', () => {
    const verify = aPolicy().verify.map((c) => ({ ...c, datapoints: 1, of: 1 }));
    const armed = anArmedService({ service: { policy: { verify } } });

    expect(verdictOf({ armed, datapoints: readings({ auc: '-' }), now: since(15) })).toBe('not-recovered');
  });

  it('also when all other signals are well, or cannot be read', () => {
    const { auc: _, ...unread } = readings({ 'error-ratio': '--' });

    expect(verdictOf({ datapoints: unread, unreadable: { auc: 'throttled' }, now: since(25) })).toBe(
      'not-recovered',
    );
  });

  it('on the threshold: well means on its good side', () => {
    expect(meets(0.01, { is: '<', threshold: 0.01 })).toBe(false);
    expect(meets(0.75, { is: '>=', threshold: 0.75 })).toBe(true);
    expect(meets(250, { is: '<=', threshold: 250 })).toBe(true);
    expect(meets(Number.NaN, { is: '<', threshold: 1 })).toBe(false);
  });
});

describe('judge: what it answers', () => {
  it('gives no reason for a verdict that its datapoints explain', () => {
    const unwell = judge(aJudgeInput({ datapoints: readings({ auc: '--' }) }));

    expect(judge(aJudgeInput())).toMatchObject({ record: { verdict: 'recovered', reasons: [] } });
    expect(unwell).toMatchObject({ record: { verdict: 'not-recovered', reasons: [] } });
  });

  it('says pending, and how far each signal is, until there is a verdict', () => {
    expect(judge(aJudgeInput({ now: since(30) }))).toMatchObject({
      kind: 'pending',
      signals: [{ signal: 'error-ratio', verdict: 'pending' }, { signal: 'auc' }, { signal: 'latency' }],
    });
  });
});

describe('I6: judge looks at fresh and complete datapoints only', () => {
  it('F45: healthy datapoints from before the switch prove nothing', () => {
    const stale = { ...readings(), auc: series('auc', '++++++', since(-60)) };

    expect(verdictOf({ datapoints: stale })).toMatch(/^pending/);
  });

  it('bad datapoints from before the switch climb nothing', () => {
    const mixed = { ...readings(), auc: series('auc', '---++++++', since(-30)) };

    expect(verdictOf({ datapoints: mixed })).toBe('recovered');
  });

  it('the period in which the switch happened is not fresh', () => {
    const auc = series('auc', '-++++++', since(0));

    const judgement = judge(
      aJudgeInput({ switchAt: since(3), now: since(75), datapoints: { ...readings(), auc } }),
    );

    expect(judgement).not.toMatchObject({ record: { verdict: 'not-recovered' } });
    const judged = judgement.kind === 'verdict' ? judgement.record.signals : judgement.signals;
    expect(judged.find((s) => s.signal === 'auc')?.datapoints).toHaveLength(6);
  });

  it('the newest period counts only once it is complete, half a period after its end', () => {
    expect(verdictOf({ now: since(64.9) })).toMatch(/^pending/);
    expect(verdictOf({ now: since(65) })).toBe('recovered');
  });

  it('a signal that lags is fresh that much later', () => {
    const armed = armedWith('auc', { lagSeconds: 30 });
    const datapoints = readings({ auc: '---++++++', 'error-ratio': '+++++++++', latency: '+++++++++' });

    expect(verdictOf({ armed, datapoints, now: since(94) })).toMatch(/^pending/);
    expect(verdictOf({ armed, datapoints, now: since(95) })).toBe('recovered');
  });

  it('F44: a value that is no number is no datapoint', () => {
    const auc = series('auc', '++++++').map((d, i) => (i === 2 ? { ...d, value: Number.NaN } : d));

    expect(verdictOf({ datapoints: { ...readings(), auc } })).toMatch(/^pending/);
  });

  it('takes datapoints in the order of time, however they come', () => {
    const auc = series('auc', '-++++++').reverse();

    expect(verdictOf({ datapoints: { ...readings(), auc }, now: since(75) })).toBe('recovered');
  });
});

describe('F44: judge and missing data', () => {
  const gaps = readings({ auc: '+++  +' });

  it.each(['wait', 'inconclusive'] as const)('%s: a gap is no datapoint, and never a pass', (missing) => {
    expect(verdictOf({ armed: armedWith('auc', { missing }), datapoints: gaps })).toMatch(/^pending/);
  });

  it('breach: gaps are bad datapoints, and two of them climb', () => {
    expect(verdictOf({ armed: armedWith('auc', { missing: 'breach' }), datapoints: gaps })).toBe(
      'not-recovered',
    );
  });

  it('breach: no value is not zero: a gap is bad for an error ratio too', () => {
    const armed = armedWith('error-ratio', { missing: 'breach' });

    const judgement = judge(
      aJudgeInput({ armed, datapoints: readings({ 'error-ratio': '+  +' }), now: since(45) }),
    );

    expect(judgement).toMatchObject({ record: { verdict: 'not-recovered', signals: [{}, {}, {}] } });
    const signals = judgement.kind === 'verdict' ? judgement.record.signals : [];
    expect(signals[0]?.datapoints).toEqual([
      { at: since(0), value: 0, good: true },
      { at: since(10), value: null, good: false },
      { at: since(20), value: null, good: false },
      { at: since(30), value: 0, good: true },
    ]);
  });

  it('breach: a period that is not over yet is no gap', () => {
    const armed = armedWith('auc', { missing: 'breach' });
    const datapoints = readings({ auc: '+', 'error-ratio': '+', latency: '+' });

    expect(verdictOf({ armed, datapoints, now: since(34) })).toMatch(/^pending/);
    expect(verdictOf({ armed, datapoints, now: since(35) })).toBe('not-recovered');
  });

  it('breach: a signal that cannot be read is not a breach, but unknown', () => {
    const armed = armedWith('auc', { missing: 'breach' });
    const { auc: _, ...datapoints } = readings();

    expect(verdictOf({ armed, datapoints, unreadable: { auc: 'throttled' } })).toMatch(/^pending/);
  });
});

describe('judge: inconclusive', () => {
  const spent = since(135);

  it('when the budget of the rung is spent, with every reason', () => {
    const datapoints = readings({ auc: '+++' });

    expect(verdictOf({ datapoints, now: since(134) })).toBe('pending until 135');
    expect(verdictOf({ datapoints, now: spent })).toBe('inconclusive');
    expect(reasonsOf({ datapoints, now: spent })).toEqual(['auc: 3 of 6 healthy datapoints']);
  });

  it('F47: when a signal could not be read until then', () => {
    const { auc: _, ...datapoints } = readings();

    expect(reasonsOf({ datapoints, unreadable: { auc: 'CloudWatch is down' }, now: spent })).toEqual([
      'auc: 0 of 6 healthy datapoints (it cannot be read: CloudWatch is down)',
    ]);
  });

  it('names what is astray, and not what is served as it should be', () => {
    const served = [
      { target: 'alias:a', expected: '3', values: ['3'], good: true },
      { target: 'flag:b', expected: 'false', values: ['true'], good: false },
    ];

    expect(reasonsOf({ served, now: spent })).toEqual(['flag:b serves true']);
  });

  it('F57: at the deadline, before the budget is spent', () => {
    const datapoints = readings({ auc: '+++' });

    expect(verdictOf({ datapoints, now: since(40), deadlineAt: since(40) })).toBe('inconclusive');
  });

  it('F31: when an instance still serves what was rolled back', () => {
    const served = [{ target: 'alias:a', expected: '3', values: ['3', '4'], good: false }];

    expect(verdictOf({ served })).toMatch(/^pending/);
    expect(reasonsOf({ served, now: spent })).toEqual(['alias:a serves 3, 4']);
  });

  it('when nobody can tell what is served, with the problem', () => {
    const served = [
      { target: 'alias:a', expected: '3', values: [], good: false, problem: 'alias:a: no answer' },
    ];

    expect(reasonsOf({ served, now: spent })).toEqual(['alias:a: no answer']);
  });
});

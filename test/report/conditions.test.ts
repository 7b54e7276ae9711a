import { describe, expect, it } from '@jest/globals';
import { conditionText } from '../../lib/report/format.ts';

describe('a condition in the report', () => {
  it('is its threshold in the unit of the signal', () => {
    expect(conditionText({ is: '<', threshold: 250 }, 'ms')).toBe('below 250 ms');
  });

  it('names the reference it was held against, and the baseline it was recorded with', () => {
    const relative = { percent: -3, reference: 0.8, baseline: 'recommender-b20261121T090000' };

    expect(conditionText({ is: '>', threshold: 0.776, relative }, 'ratio')).toBe(
      'above 0.776 (3 % below the 0.8 of baseline recommender-b20261121T090000)',
    );
    expect(
      conditionText(
        { is: '<=', threshold: 300, relative: { ...relative, percent: 20, reference: 250 } },
        'ms',
      ),
    ).toBe('at or below 300 ms (20 % above the 250 ms of baseline recommender-b20261121T090000)');
  });
});

import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { levelsOf } from '../../lib/report/chart-levels.ts';
import { gapsIn } from '../../lib/report/chart-line.ts';
import { renderPage } from '../../lib/report/page.ts';
import { someFacts } from './fixtures.ts';
import { fiveSignals } from './states.ts';

const page = renderPage(buildReport({ ...someFacts(), series: fiveSignals }));
const [errors, auc, latency] = fiveSignals;
if (!errors || !auc || !latency) throw new Error('the fixture has five signals');

describe('a chart', () => {
  it('stands for every signal, and where one was not read, why', () => {
    expect(page.match(/<svg class="chart wide"/g)).toHaveLength(4);
    expect(page).toContain('Not read: Cannot read signal &#34;throughput&#34;: no answer in 5000 ms.');
  });

  it('has a line for the threshold, and one for the alarm where that is another', () => {
    expect(levelsOf(errors).map(({ name, value }) => [name, value])).toEqual([
      ['alarm', 12],
      ['threshold', 5],
    ]);
    expect(levelsOf(latency).map(({ name }) => name)).toEqual(['threshold']);
    expect(page).toContain('; alarm above 12 %');
  });

  it('has a line for what the baseline measured, where the condition is relative', () => {
    expect(levelsOf(auc).map(({ name, value }) => [name, value])).toEqual([
      ['baseline', 0.812],
      ['threshold', 0.78764],
    ]);
  });

  it('says in words what the picture shows: levels, and the time without data', () => {
    expect(page).toContain('The alarm compares with 12 %.');
    expect(page).toContain('The baseline had 0.812.');
    expect(page).toContain('No data from 09:05:00 to 09:07:00.');
  });

  it('explains the colours of its numbers', () => {
    expect(page).toContain('<span class="dot-of green" aria-hidden="true"></span>recovered');
  });

  it('is the same bytes each time', () => {
    expect(renderPage(buildReport({ ...someFacts(), series: fiveSignals }))).toBe(page);
  });
});

describe('the time without datapoints', () => {
  const points = [10, 20, 60, 70].map((s) => ({ at: s * 1000, value: 1 }));

  it('is between two of them, before the first and after the last', () => {
    expect(gapsIn(points, 10, [-20_000, 120_000])).toEqual([
      [-20_000, 10_000],
      [20_000, 60_000],
      [70_000, 120_000],
    ]);
  });

  it('is all of it where there are none', () => {
    expect(gapsIn([], 10, [0, 90_000])).toEqual([[0, 90_000]]);
  });

  it('is not the end where the newest periods are not complete yet', () => {
    expect(gapsIn(points, 10, [10_000, 99_000])).toEqual([[20_000, 60_000]]);
  });
});

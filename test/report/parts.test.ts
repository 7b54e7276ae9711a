import { describe, expect, it } from '@jest/globals';
import { spread, timeRange, timeScale, valueRange, valueScale } from '../../lib/report/chart-scale.ts';
import { endingSentence } from '../../lib/report/ending.ts';
import { amount, duration } from '../../lib/report/format.ts';
import { DARK, LIGHT, type Palette } from '../../lib/report/palette.ts';
import { later } from './armed.ts';
import { aReport } from './fixtures.ts';

describe('endingSentence', () => {
  it('names how far past the goal a recovery was', () => {
    const late = aReport({ timeToRecoverSeconds: 422 });

    expect(endingSentence(late)).toBe('recommender recovered in 7 min 2 s, 2 min 2 s past its goal of 5 min');
  });

  it('calls a dry run a dry run', () => {
    const report = aReport({ ending: 'observed' });
    const dry = { ...report, incident: { ...report.incident, dryRun: true } };

    expect(endingSentence(dry)).toBe('A dry run for recommender: nothing was changed');
  });
});

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [1.44, '1.4 s'],
    [59.7, '1 min'],
    [161, '2 min 41 s'],
    [300, '5 min'],
    [5400, '1 h 30 min'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('amount', () => {
  it.each([
    [0, '0'],
    [0.8123456, '0.8123'],
    [12.3456, '12.35'],
    [250, '250'],
    [1204.6, '1\u202f205'],
    [-3, '-3'],
    [0.00001, '1.00e-5'],
    [Number.NaN, 'no number'],
  ])('says %d as %s', (value, text) => {
    expect(amount(value)).toBe(text);
  });
});

describe('spread', () => {
  it('leaves labels where they belong when they have room', () => {
    expect(spread([10, 50, 90], 20, [0, 100])).toEqual([10, 50, 90]);
  });

  it('spreads labels that would touch around their middle', () => {
    expect(spread([50, 50, 50], 20, [0, 100])).toEqual([30, 50, 70]);
  });

  it('keeps them inside, in order and apart', () => {
    const places = spread([0, 1, 99, 100, 100], 20, [0, 100]);

    expect(places).toEqual([0, 20, 60, 80, 100]);
  });

  it('makes them narrower when there are too many', () => {
    expect(spread(Array<number>(11).fill(5), 20, [0, 100]).at(-1)).toBe(100);
  });
});

describe('the axes of a chart', () => {
  it('begin at zero where zero is near, and show the threshold', () => {
    expect(valueRange([1, 40], [5])[0]).toBe(0);
    expect(valueRange([0.8, 0.9], [0.7])[0]).toBeGreaterThan(0.6);
    expect(valueRange([1, 2], [50])[1]).toBeGreaterThan(50);
  });

  it('have round ticks', () => {
    expect(valueScale([0, 44], [100, 0], 4).ticks).toEqual([0, 20, 40]);
    expect(timeScale([later(0), later(240)], [0, 100], 8).step).toBe(60_000);
  });

  it('show some time around the marks, not a whole day', () => {
    const { series, marks } = aReport();
    const day = series.map((s) => ({
      ...s,
      datapoints: [{ at: later(-86_400), value: 1 }, ...s.datapoints],
    }));

    expect(timeRange(day, marks)?.[0]).toBeGreaterThan(later(-200));
  });

  it('have no time where nothing is known', () => {
    expect(timeRange([], [])).toBeUndefined();
  });

  it('have a width where there is one moment only', () => {
    expect(timeRange([], [{ at: later(0), kind: 'open', text: '' }])).toEqual([later(-30), later(30)]);
  });
});

describe('the colours', () => {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const tones = ['red', 'amber', 'green', 'blue', 'slate', 'violet'] as const;

  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ])('are readable by WCAG AA in the %s palette', (_, palette: Palette) => {
    for (const text of ['ink', 'quiet', ...tones] as const) {
      for (const ground of ['paper', 'sheet', 'wash'] as const) {
        expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const tone of tones) expect(contrast(palette.on, palette[tone])).toBeGreaterThanOrEqual(4.5);
  });
});

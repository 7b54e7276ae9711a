import { amount, withUnit } from '../core/amounts.ts';
import type { Series } from '../core/report.ts';
import { px } from './chart-line.ts';
import { type Range, type Scale, spread } from './chart-scale.ts';
import { type Html, html } from './html.ts';

/** A value that the datapoints are held against: a line across, and its label beside the plot, where no line runs. */
export interface Level {
  readonly value: number;
  readonly name: 'threshold' | 'alarm' | 'baseline';
  /** From top to bottom, with the class of each. */
  readonly label: readonly (readonly [text: string, tone: string])[];
}

/** Half the height of a label of two lines. */
const HALF = 14;
const LINE = 14;

/** The threshold; where it is another one, that of the alarm; where it is relative, the baseline's value. */
export function levelsOf({ signal, well, alarm }: Series): Level[] {
  const shown = (value: number) => withUnit(value, signal.unit);
  const value = [shown(well.threshold), 'threshold'] as const;
  const healthy = ['healthy', 'healthy'] as const;
  const isBelow = well.is === '<' || well.is === '<=';
  const levels: Level[] = [
    { value: well.threshold, name: 'threshold', label: isBelow ? [value, healthy] : [healthy, value] },
  ];
  if (alarm && Number.isFinite(alarm.threshold) && alarm.threshold !== well.threshold) {
    const label = [[shown(alarm.threshold), 'threshold'] as const, ['alarm', 'quiet'] as const];
    levels.push({ value: alarm.threshold, name: 'alarm', label });
  }
  const reference = well.relative?.reference ?? alarm?.relative?.reference;
  if (reference !== undefined && Number.isFinite(reference)) {
    levels.push({
      value: reference,
      name: 'baseline',
      label: [
        [amount(reference), 'level'],
        ['baseline', 'level'],
      ],
    });
  }
  return levels.sort((a, b) => b.value - a.value);
}

interface Plot {
  readonly width: Range;
  readonly height: Range;
  readonly y: Scale;
}

/** Labels are moved apart where their lines are close. */
export function levelLines(levels: readonly Level[], { width, height, y }: Plot): Html {
  const wanted = levels.map(({ value }) => y.place(value) - HALF);
  const tops = spread(wanted, HALF * 2 + 2, [height[0] - HALF, height[1] - HALF]);
  return html`${levels.map((level, i) => {
    const at = px(y.place(level.value));
    const top = tops[i] ?? at;
    return html`<line class="at ${level.name}" x1="${width[0]}" x2="${width[1]}" y1="${at}" y2="${at}"/>${level.label.map(
      ([text, tone], n) =>
        html`<text class="${tone}-label" x="${width[1] + 7}" y="${px(top + 11 + n * LINE)}">${text}</text>`,
    )}`;
  })}`;
}

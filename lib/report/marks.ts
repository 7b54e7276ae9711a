import type { ClosingReport, Mark } from '../core/report.ts';

/** A mark as the page shows it: those in the charts carry a number, the same everywhere. */
export interface Numbered extends Mark {
  readonly number?: number;
}

type Tone = 'red' | 'blue' | 'slate' | 'green' | 'amber';

/** Colour of a mark; absent kinds are told in the timeline, not drawn. */
const CHARTED: Partial<Record<Mark['kind'], Tone>> = {
  breach: 'red',
  alarm: 'red',
  lever: 'blue',
  switch: 'slate',
  verdict: 'amber',
  recovered: 'green',
};

/** What a number of this colour says. */
export const MEANING: Record<Tone, string> = {
  red: 'breach or alarm',
  blue: 'lever pulled',
  slate: 'in effect for users',
  amber: 'judged, not recovered',
  green: 'recovered',
};

export const toneOf = (mark: Pick<Mark, 'kind'>): Tone => CHARTED[mark.kind] ?? 'slate';

/** All marks in order of time; what the charts show is numbered from 1. */
export function numberedMarks({ marks }: ClosingReport): Numbered[] {
  const sorted = marks.toSorted((a, b) => a.at - b.at);
  const charted = sorted.filter((mark) => CHARTED[mark.kind]);
  const numbers = new Map(charted.map((mark, i) => [mark, i + 1]));
  return sorted.map((mark) => {
    const number = numbers.get(mark);
    return number === undefined ? mark : { ...mark, number };
  });
}

import { duration } from '../report/format.ts';

/** `waiting` was not begun, `doing` is under way; `note` is neither good nor bad. */
export type NodeState = 'waiting' | 'doing' | 'done' | 'bad' | 'note';

/** One line of the tree. `key` stays the same while `state` and `text` go on. */
export interface TreeNode {
  readonly key: string;
  /** 0 for a stage, 1 for what belongs to the stage above, 2 for a part of that. */
  readonly depth: 0 | 1 | 2;
  readonly state: NodeState;
  readonly text: string;
  /** The same for windows narrower than `NARROW`. @default - the text, cut */
  readonly narrow?: string;
  /** When it happened, epoch ms. @default - when the line above happened, or now while it is under way */
  readonly at?: number;
  /** What it belongs to, for those who see the line alone. @default - the text says it */
  readonly within?: string;
  /** Only stands above others: where each line stands alone it says nothing. @default false */
  readonly heads?: boolean;
  /** What has to change until a line that stands alone is told again. @default - its state or text */
  readonly gist?: string;
  /** Drawn in a window, in place of the text. */
  readonly chart?: NodeChart;
  /** Is there to be copied: it goes on below rather than being cut. @default false */
  readonly whole?: boolean;
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A name, a row of bars, and words: the bars take what room is left. */
export interface NodeChart {
  readonly label: string;
  /** Columns of the longest label beside this one. */
  readonly labelWidth: number;
  readonly words: string;
  readonly narrow: string;
  /** Why there are no newer values, on a line of its own. @default - there is nothing to say */
  readonly why?: string;
  /** In order, the newest last; `null` is a gap. */
  readonly values: readonly (number | null)[];
  /** For each value whether it is well. */
  readonly good: readonly (boolean | undefined)[];
  readonly threshold?: number;
}

export const MARKS: Record<NodeState, string> = { waiting: '·', doing: '●', done: '✓', bad: '✗', note: '-' };
export const ASCII_MARKS: typeof MARKS = { waiting: '.', doing: '*', done: '+', bad: 'x', note: '-' };

/** Columns below which lines say what matters most in the fewest words. */
export const NARROW = 72;

/** A remark below its stage. */
export const note = (key: string, text: string): TreeNode => ({ key, depth: 1, state: 'note', text });

/** `1.4 s`. */
export const took = (from: number, to: number): string => duration(Math.max(0, to - from) / 1000);

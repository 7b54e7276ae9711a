/** Promises broken on purpose, one at a time: the suite has to notice each. */
import { ACTING } from './acting.ts';
import { ENDING } from './ending.ts';
import { LEVERS } from './levers.ts';
import { PROVING } from './proving.ts';

export interface Edit {
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** What the code no longer does. */
  readonly without: string;
  /** Where the promise is tested; `test/simulation` is asked too when nothing there fails. */
  readonly tests: readonly string[];
  readonly edits: readonly Edit[];
  /** Whether seeds of the simulator have to notice it too; some show only in what people read. @default true */
  readonly bySeeds?: boolean;
}

export const MUTANTS: readonly Mutant[] = [...ACTING, ...PROVING, ...ENDING, ...LEVERS];

import type { Line } from './lines.ts';

/** Told to stop, as shells number it: 128 and the signal's own number. */
export const STOPPED = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type StopSignal = keyof typeof STOPPED;

/** 0 done, 1 failed, 2 bad input, 3 something needed is not there or not ready; else a signal stopped the command. */
export type ExitCode = 0 | 1 | 2 | 3 | (typeof STOPPED)[StopSignal];

/** What a command answers: the same facts as lines for people and as JSON for programs. */
export interface Answer<L extends string | Line = string> {
  readonly lines: readonly L[];
  readonly json: unknown;
  /** JSON on one line, as the last of a stream of events. @default false */
  readonly streams?: boolean;
  /** @default 0 */
  readonly exit?: ExitCode;
}

/** Whose lines may know how they are to be shown. */
export type AnyAnswer = Answer<string | Line>;

/** One run of one command: what was given on the command line, and how it is answered. */
import type { AnyAnswer } from './answer.ts';
import type { Desk } from './desk.ts';
import type { Host } from './host.ts';
import { laidOut } from './lines.ts';
import { clean } from './text.ts';

export interface Session {
  readonly host: Host;
  readonly json: boolean;
  readonly environment: string | undefined;
  /** The deployment that is meant. @throws NotReady when it cannot be reached. */
  readonly desk: () => Promise<Desk>;
}

/** What a command was given: its arguments in order, and its options by name. */
export interface Given {
  readonly args: readonly (string | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command: everything it has to say is its answer, unless it follows something that goes on. */
export type Work = (session: Session, given: Given) => Promise<AnyAnswer>;

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** One line for people, while a command is under way; programs get nothing but JSON. */
export function remark({ host, json }: Session, line: string): void {
  if (json) host.terminal.err(`${clean(line)}\n`);
  else host.terminal.out(`${clean(line)}\n`);
}

/** With `--json` one document, on one line where it streams; else lines laid out for the terminal. */
export function print({ host, json }: Session, answer: AnyAnswer): void {
  if (json) host.terminal.out(`${JSON.stringify(answer.json, null, answer.streams ? 0 : 2)}\n`);
  else
    for (const line of answer.lines.flatMap((each) => laidOut(each, host.terminal)))
      host.terminal.out(`${line}\n`);
}

/** Work that Ctrl-C stops without ending the command; the reason of its abort is the `StopSignal`. */
export async function interruptible<T>(host: Host, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const off = host.onInterrupt((signal) => controller.abort(signal));
  try {
    return await work(controller.signal);
  } finally {
    off();
  }
}

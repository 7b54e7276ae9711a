import { didYouMean } from '../core/closest.ts';
import { NAME } from './forms.ts';
import { leverFormat, type WrittenLever } from './lever-format.ts';
import { type Wrong, wrong } from './problem.ts';
import { signalFormat, type WrittenSignal } from './signal-format.ts';

/** What a file declares, by name; what is declared but cannot be read is there without a value. */
export interface Declared {
  readonly signals: ReadonlyMap<string, WrittenSignal | undefined>;
  readonly levers: ReadonlyMap<string, WrittenLever | undefined>;
}

/** Each declaration read on its own, so that a slip in one hides nothing of the others. */
export const declaredIn = ({ signals, levers }: Readonly<Record<string, unknown>>): Declared => ({
  signals: new Map(entriesOf(signals).map(([name, value]) => [name, signalFormat.safeParse(value).data])),
  levers: new Map(entriesOf(levers).map(([name, value]) => [name, leverFormat.safeParse(value).data])),
});

/** The words for a name that stands nowhere in the file. */
export function undeclared(what: string, name: string, known: ReadonlyMap<string, unknown>): Wrong {
  const names = [...known.keys()];
  const expected = names.length > 0 ? `one of ${names.join(', ')}` : `a ${what} of this file`;
  return wrong(`${what} "${name}" is not declared${didYouMean(name, names)}`, expected);
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).filter(([key]) => NAME.test(key))
    : [];

import { createInterface } from 'node:readline/promises';

/** Where somebody may sit: the question goes out beside what a command prints. */
interface Seat {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks at the terminal.
 * @returns nothing where nobody sits there; no, where the line ends without an answer (Ctrl-C, Ctrl-D).
 */
export async function confirmHere(
  question: string,
  { input, output }: Seat = { input: process.stdin, output: process.stderr },
): Promise<boolean | undefined> {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  const lines = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return /^y(es)?$/i.test((await Promise.race([lines.question(question), closed])).trim());
  } finally {
    lines.close();
  }
}

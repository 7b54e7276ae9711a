/** Lines with their length in front. @see https://git-scm.com/docs/protocol-common */
import { OutsideTrouble } from '../../core/errors.ts';

/** Ends a message; between the parts of one stands a delimiter. */
export const FLUSH = '0000';
export const DELIMITER = '0001';

/** A text with its length in front. */
export const packet = (text: string): string =>
  `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;

export const line = (text: string): string => packet(`${text}\n`);

/** What stands in a message: a line, or one of the marks (`flush`, `delimiter`, `end`). */
export type Packet = Buffer | 'flush' | 'delimiter' | 'end';
const MARKS = { 0: 'flush', 1: 'delimiter', 2: 'end' } as const;

/** @throws OutsideTrouble where it is cut off, or is something else */
export function* packetsIn(bytes: Buffer): Generator<Packet> {
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.toString('latin1', at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(head) ? Number.parseInt(head, 16) : Number.NaN;
    const mark = MARKS[length as keyof typeof MARKS];
    if (!mark && !(length >= 4 && at + length <= bytes.length)) {
      throw new OutsideTrouble('Cannot read what the Git server sent: it is cut off, or is not Git');
    }
    yield mark ?? bytes.subarray(at + 4, at + length);
    at += mark ? 4 : length;
  }
}

/** A line without its line break. */
export const textOf = (packet: Buffer): string => packet.toString('utf8').replace(/\n$/, '');

/** All lines of a message, without its marks. */
export const textsIn = (bytes: Buffer): string[] =>
  [...packetsIn(bytes)].flatMap((one) => (typeof one === 'string' ? [] : [textOf(one)]));

/**
 * The data of a side band (band 1), and what was said beside it (2: progress, 3: the error that ended it).
 * @param quote makes the server's words fit for a message
 */
export async function unbanded(
  packets: Iterable<Packet>,
  quote: (said: string) => Promise<string>,
): Promise<{ data: Buffer; said: string }> {
  const data: Buffer[] = [];
  const said: string[] = [];
  for (const packet of packets) {
    if (typeof packet === 'string') continue;
    const text = packet[0] === 1 ? '' : packet.subarray(1).toString('utf8');
    if (packet[0] === 1) data.push(packet.subarray(1));
    else said.push(text);
    if (packet[0] === 3)
      throw new OutsideTrouble(`Cannot read from the Git server: it says "${await quote(text)}"`);
  }
  return { data: Buffer.concat(data), said: said.join('') };
}

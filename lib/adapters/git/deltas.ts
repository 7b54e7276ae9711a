import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { LIMITS } from './caps.ts';

/** An object told as copies of another one and what is new. @see https://git-scm.com/docs/gitformat-pack */
export function patched(base: Buffer, delta: Buffer): Buffer {
  const reader = { delta, at: 0 };
  const from = sizeAt(reader);
  const size = sizeAt(reader);
  if (size > LIMITS.objectBytes)
    throw new OutsideRefusal(`Cannot read the repository: it has an object of ${size} bytes`);
  const out = Buffer.alloc(size);
  let written = 0;
  while (reader.at < delta.length) {
    const piece = pieceAt(reader, base);
    if (written + piece.length > size) throw broken();
    written += piece.copy(out, written);
  }
  if (from !== base.length || written !== size) throw broken();
  return out;
}

interface Reader {
  readonly delta: Buffer;
  at: number;
}

function sizeAt(reader: Reader): number {
  let size = 0;
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = next(reader);
    size += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return size;
  }
  throw broken();
}

/** The high bit: a copy, with a bit for each byte of offset and length that follows. Else so many bytes are new. */
function pieceAt(reader: Reader, base: Buffer): Buffer {
  const op = next(reader);
  if ((op & 0x80) === 0) return fresh(reader, op);
  const offset = numberAt(reader, op, [1, 2, 4, 8]);
  const length = numberAt(reader, op, [16, 32, 64]) || 0x10000;
  if (offset + length > base.length) throw broken();
  return base.subarray(offset, offset + length);
}

function fresh(reader: Reader, length: number): Buffer {
  const { delta, at } = reader;
  reader.at += length;
  if (length === 0 || reader.at > delta.length) throw broken();
  return delta.subarray(at, reader.at);
}

const numberAt = (reader: Reader, op: number, bits: readonly number[]): number =>
  bits.reduce((sum, bit, place) => (op & bit ? sum + next(reader) * 256 ** place : sum), 0);

function next(reader: Reader): number {
  const byte = reader.delta[reader.at];
  if (byte === undefined) throw broken();
  reader.at += 1;
  return byte;
}

const broken = () => new OutsideTrouble('Cannot read what the Git server sent: a delta does not fit');

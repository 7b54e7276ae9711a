/** Packs: many objects in one text. @see https://git-scm.com/docs/gitformat-pack */
import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { LIMITS } from './caps.ts';
import { patched } from './deltas.ts';
import { addObject, type GitObject, keepObject, newStore, type ObjectKind, type Store } from './objects.ts';

const KINDS: Readonly<Record<number, ObjectKind>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const NAMED_DELTA = 7;

const broken = (why: string) => new OutsideTrouble(`Cannot read what the Git server sent: ${why}`);

/**
 * Puts every object of a pack into the store; none where it fails, for the store may serve another call.
 * @throws OutsideRefusal over a limit; OutsideTrouble where it is broken
 */
export function readPack(store: Store, pack: Buffer): void {
  const count = headOf(pack);
  const reading: Reading = { store, fresh: newStore(), byOffset: new Map(), waiting: new Map(), held: 0 };
  let at = 12;
  for (let n = 0; n < count; n += 1) {
    const raw = rawAt(pack, at);
    take(reading, { at, raw });
    at = raw.end;
  }
  if (reading.waiting.size > 0) throw broken('a delta names an object that was not sent');
  for (const [oid, object] of reading.fresh.objects) keepObject(store, oid, object);
}

interface Packed {
  readonly at: number;
  readonly raw: RawWhole | RawDelta;
}

interface Reading {
  readonly store: Store;
  readonly fresh: Store;
  readonly byOffset: Map<number, GitObject>;
  /** Deltas by the place or the name of a base that has not come yet. */
  readonly waiting: Map<number | string, Packed[]>;
  /** Bytes in memory; what is sent twice is there twice. */
  held: number;
}

/** Each is looked at when it comes, and once more when its base does: a chain in any order takes time by its length. */
function take(reading: Reading, first: Packed): void {
  const ready = [first];
  for (let one = ready.pop(); one; one = ready.pop()) {
    const object = objectOf(reading, one);
    hold(reading, object ?? one.raw);
    if (object) for (const next of kept(reading, one.at, object)) ready.push(next);
    else waitersFor(reading, baseKey(one.at, one.raw)).push(one);
  }
}

/** @returns nothing where its base is not there yet */
function objectOf(reading: Reading, { at, raw }: Packed): GitObject | undefined {
  return 'kind' in raw ? raw : upon(baseOf(reading, baseKey(at, raw)), raw);
}

const upon = (base: GitObject | undefined, { data }: RawDelta): GitObject | undefined =>
  base && { kind: base.kind, data: patched(base.data, data) };

const baseKey = (at: number, raw: Packed['raw']): number | string => {
  const base = 'base' in raw ? raw.base : 0;
  return typeof base === 'number' ? at - base : base;
};

const baseOf = ({ store, fresh, byOffset }: Reading, key: number | string): GitObject | undefined =>
  typeof key === 'number' ? byOffset.get(key) : (fresh.objects.get(key) ?? store.objects.get(key));

function hold(reading: Reading, { data }: Pick<GitObject, 'data'>): void {
  reading.held += data.length;
  if (reading.store.bytes + reading.held > LIMITS.inflatedBytes)
    throw new OutsideRefusal(over(`more than ${LIMITS.inflatedBytes} bytes`));
}

/** @returns what waited for it */
function kept({ fresh, byOffset, waiting }: Reading, at: number, { kind, data }: GitObject): Packed[] {
  byOffset.set(at, { kind, data });
  const oid = addObject(fresh, { kind, data });
  const waited = [...(waiting.get(at) ?? []), ...(waiting.get(oid) ?? [])];
  waiting.delete(at);
  waiting.delete(oid);
  return waited;
}

function waitersFor({ waiting }: Reading, key: number | string): Packed[] {
  const known = waiting.get(key) ?? [];
  waiting.set(key, known);
  return known;
}

function headOf(pack: Buffer): number {
  if (pack.length < 32 || pack.toString('latin1', 0, 4) !== 'PACK') throw broken('it is no pack');
  const sum = createHash('sha1').update(pack.subarray(0, -20)).digest();
  if (!sum.equals(pack.subarray(-20))) throw broken('its checksum differs');
  const count = pack.readUInt32BE(8);
  if (count > LIMITS.objects) throw new OutsideRefusal(over(`${count} objects, more than ${LIMITS.objects}`));
  return count;
}

const over = (what: string): string => `Cannot read the repository: it has ${what}`;

interface RawWhole {
  readonly kind: ObjectKind;
  readonly data: Buffer;
  readonly end: number;
}

interface RawDelta {
  /** How far back in the pack, or by name. */
  readonly base: number | string;
  readonly data: Buffer;
  readonly end: number;
}

function rawAt(pack: Buffer, start: number): RawWhole | RawDelta {
  let at = start;
  let byte = pack[at++] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let shift = 4; byte & 0x80; shift += 7) {
    byte = pack[at++] ?? 0;
    size += (byte & 0x7f) * 2 ** shift;
  }
  if (size > LIMITS.objectBytes)
    throw new OutsideRefusal(over(`an object of ${size} bytes, more than ${LIMITS.objectBytes}`));
  const kind = KINDS[type];
  if (kind) return { kind, ...inflated(pack, at, size) };
  if (type === NAMED_DELTA)
    return { base: pack.toString('hex', at, at + 20), ...inflated(pack, at + 20, size) };
  if (type !== OFFSET_DELTA) throw broken(`object type ${type} is not known`);
  const [back, next] = offsetAt(pack, at);
  return { base: back, ...inflated(pack, next, size) };
}

function offsetAt(pack: Buffer, start: number): [back: number, next: number] {
  let at = start;
  let byte = pack[at++] ?? 0;
  let back = byte & 0x7f;
  while (byte & 0x80) {
    byte = pack[at++] ?? 0;
    back = (back + 1) * 128 + (byte & 0x7f);
  }
  return [back, at];
}

/** Never more than the size that was announced: a small text may inflate to gigabytes. */
function inflated(pack: Buffer, start: number, size: number): { data: Buffer; end: number } {
  const options = { info: true, maxOutputLength: size + 1, chunkSize: Math.max(64, size + 1) } as const;
  const { buffer, engine } = inflate(pack.subarray(start, pack.length - 20), options);
  if (buffer.length !== size) throw broken('an object has another size than announced');
  return { data: buffer, end: start + engine.bytesWritten };
}

/** With `info` Node also tells how much it read; its types do not know. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(data: Buffer, options: Parameters<typeof inflateSync>[1]): Inflated {
  try {
    return inflateSync(data, options) as unknown as Inflated;
  } catch (error) {
    throw new OutsideTrouble('Cannot read what the Git server sent: an object cannot be inflated', {
      cause: error,
    });
  }
}

/** These objects as a pack, each whole. */
export function packOf(objects: readonly GitObject[]): Buffer {
  const head = Buffer.alloc(12);
  head.write('PACK', 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const body = Buffer.concat([
    head,
    ...objects.flatMap(({ kind, data }) => [sizeOf(kind, data), deflateSync(data)]),
  ]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

function sizeOf(kind: ObjectKind, { length }: Buffer): Buffer {
  const type = Number(Object.keys(KINDS).find((key) => KINDS[Number(key)] === kind));
  const bytes = [(type << 4) | (length & 15)];
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

import { itemStamp } from '../../core/format.ts';
import { type Attributes, type Key, MOST_WRITES, type When, type Write } from '../../core/write.ts';

/**
 * A transaction as both ledgers take it: without `undefined`, with nothing that DynamoDB could not give back; what is
 * put carries the number of its format.
 * @throws TypeError for what only a bug can ask for.
 */
export function plainWrites(writes: readonly Write[]): Write[] {
  if (writes.length === 0 || writes.length > MOST_WRITES) {
    throw new TypeError(`Cannot write ${writes.length} items at once: expected 1 to ${MOST_WRITES}`);
  }
  const twice = repeated(writes.map(({ key }) => `${key.pk} ${key.sk}`));
  if (twice) throw new TypeError(`Cannot write "${twice}" twice in one transaction`);
  return writes.map(plainWrite);
}

/** DynamoDB's limits for keys, in bytes. */
const LONGEST_KEY = { pk: 2048, sk: 1024 } as const;

function checkKey({ pk, sk }: Key): void {
  if (Buffer.byteLength(pk) <= LONGEST_KEY.pk && Buffer.byteLength(sk) <= LONGEST_KEY.sk) return;
  throw new TypeError(`Cannot write "${pk.slice(0, 80)} ${sk.slice(0, 80)}...": its key is too long`);
}

function plainWrite(write: Write): Write {
  checkKey(write.key);
  checkWhen(write.key, write.when);
  if (write.kind === 'put') return { ...write, item: { ...plainItem(write.item), ...itemStamp } };
  if (write.kind === 'update') return { ...write, set: plainItem(write.set) };
  return write;
}

function checkWhen(key: Key, when: When | undefined): void {
  if (when === undefined || when === 'absent') return;
  for (const [attribute, values] of Object.entries(when)) {
    if (values.length === 0 || values.some((value) => value === undefined)) {
      throw new TypeError(
        `Cannot compare "${attribute}" of "${key.pk} ${key.sk}": expected at least one value, none undefined`,
      );
    }
  }
}

/** A deep copy of plain data without `undefined`. @throws TypeError for NaN, functions, dates and the like. */
export const plainItem = (item: Attributes): Attributes => plainMap(item, []);

/** Where we are, for the message: one list for all, since every item of every read passes here. */
type Path = (string | number)[];

function plainMap(item: Attributes, path: Path): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value === undefined) continue;
    const plain = plainAt(name, path, value);
    // Assigned, this one name would be the copy's prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { ...OWN, value: plain });
    else copy[name] = plain;
  }
  return copy;
}

const OWN = { enumerable: true, writable: true, configurable: true } as const;

function plainList(list: readonly unknown[], path: Path): unknown[] {
  const copy: unknown[] = [];
  for (const value of list) if (value !== undefined) copy.push(plainAt(copy.length, path, value));
  return copy;
}

function plainAt(step: string | number, path: Path, value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && isStorable(value)) return value;
  path.push(step);
  const copy = plainWhole(value, path);
  path.pop();
  return copy;
}

function plainWhole(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return plainList(value, path);
  if (typeof value === 'object' && value !== null && isPlain(value)) return plainMap(value, path);
  const where = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  throw new TypeError(`Cannot store "${where.slice(1)}": expected plain data, found ${describe(value)}`);
}

/** DynamoDB's client refuses integers that JavaScript cannot hold exactly. */
const isStorable = (n: number): boolean => Number.isFinite(n) && Math.abs(n) <= Number.MAX_SAFE_INTEGER;

function isPlain(value: object): value is Attributes {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const describe = (value: unknown): string =>
  typeof value === 'object' ? (value?.constructor.name ?? 'null') : `${typeof value} ${String(value)}`;

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, n) => names.indexOf(name) !== n);

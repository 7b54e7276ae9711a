import { isDeepStrictEqual } from 'node:util';
import { readItem } from '../../core/format.ts';
import type { Attributes, Key, When, Write } from '../../core/write.ts';
import type { Ledger, WriteResult } from '../../ports/ledger.ts';
import { plainItem, plainWrites } from '../ledger/plain.ts';
import { itemKey, type MemoryWorld } from './world.ts';

/** The table in memory: the same conditions, conflicts and refusals as DynamoDB's, and copies in and out. */
export function memoryLedger(world: MemoryWorld): Ledger {
  const { items, trouble } = world;
  return {
    get: (key) => trouble.during('dynamodb.GetItem', () => withoutKey(items.get(itemKey(key)))),
    list: (pk, prefix) => trouble.during('dynamodb.Query', () => list(world, pk, prefix)),
    write: async (writes) => {
      const plain = plainWrites(writes);
      return trouble.during('dynamodb.TransactWriteItems', () => write(world, plain));
    },
  };
}

function withoutKey(found: (Attributes & Key) | undefined): Attributes | undefined {
  if (!found) return undefined;
  const { pk, sk, ...item } = found;
  return plainItem(readItem(item, `${pk} ${sk}`));
}

function list({ items }: MemoryWorld, pk: string, prefix: string): (Attributes & Key)[] {
  return [...items.values()]
    .filter((item) => item.pk === pk && item.sk.startsWith(prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk)))
    .map((item) => ({ ...plainItem(readItem(item, `${item.pk} ${item.sk}`)), pk: item.pk, sk: item.sk }));
}

function write(world: MemoryWorld, writes: readonly Write[]): WriteResult {
  const failed = writes.flatMap((w, n) => (holds(world.items.get(itemKey(w.key)), w) ? [] : [n]));
  if (failed.length > 0) return { outcome: 'conflict', failed };
  for (const w of writes) apply(world, w);
  return { outcome: 'written' };
}

function holds(item: Attributes | undefined, { kind, when }: Write): boolean {
  if (kind === 'update' && !item) return false;
  return when === undefined || isSo(item, when);
}

function isSo(item: Attributes | undefined, when: When): boolean {
  if (when === 'absent') return item === undefined;
  return (
    item !== undefined &&
    Object.entries(when).every(([name, values]) => values.some((v) => isDeepStrictEqual(item[name], v)))
  );
}

function apply({ items }: MemoryWorld, w: Write): void {
  const id = itemKey(w.key);
  if (w.kind === 'put') items.set(id, { ...w.item, ...w.key });
  if (w.kind === 'delete') items.delete(id);
  if (w.kind !== 'update') return;
  const item: Attributes = items.get(id) ?? {};
  items.set(id, { ...item, ...w.set, ...added(item, w.add ?? {}), ...w.key });
}

const added = (item: Attributes, add: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(add).map(([name, n]) => [name, Number(item[name] ?? 0) + n]));

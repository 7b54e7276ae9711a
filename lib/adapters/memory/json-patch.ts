/** The operations of RFC 6902 that levers send. */
export type JsonPatch = readonly {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}[];

type Tree = { [name: string]: unknown };

/**
 * A copy with all operations applied, or nothing where one does not hold: all or none. As an API server has it, a test
 * for null also holds where nothing is there.
 */
export function patched<T extends object>(object: T, patch: JsonPatch): T | undefined {
  const copy = structuredClone(object);
  return patch.every((operation) => apply(copy as unknown as Tree, operation)) ? copy : undefined;
}

function apply(root: Tree, { op, path, value }: JsonPatch[number]): boolean {
  const names = path.split('/').slice(1).map(unescaped);
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>((at, name) => (at as Tree | undefined)?.[name], root);
  if (typeof parent !== 'object' || parent === null) return op === 'test' && value === null;
  return applyAt(parent as Tree, last, { op, path, value });
}

const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');

function applyAt(parent: Tree, name: string, { op, value }: JsonPatch[number]): boolean {
  const isThere = Object.hasOwn(parent, name);
  switch (op) {
    case 'test':
      return JSON.stringify(parent[name] ?? null) === JSON.stringify(value);
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(name), 1);
      else delete parent[name];
      return isThere;
    case 'replace':
    case 'add':
      parent[name] = structuredClone(value);
      return isThere || op === 'add';
  }
}

/** A copy with a merge patch applied (RFC 7396): null takes a field away. */
export function merged(target: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const result: Tree = { ...(typeof target === 'object' ? target : {}) };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

import type { Listed } from '../../core/estate.ts';

interface Page<T> {
  readonly items: readonly T[];
  /** What asks for the next page; nothing, or an empty text, after the last one. */
  readonly next: string | undefined;
}

/** Page after page, up to a bound: an estate may be larger than anybody wants to wait for. */
export async function pagesOf<T>(
  most: number,
  read: (next: string | undefined) => Promise<Page<T>>,
): Promise<Listed<T>> {
  const items: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < most; page += 1) {
    const got = await read(next);
    items.push(...got.items);
    if (!got.next) return { items, more: false };
    next = got.next;
  }
  return { items, more: true };
}

/** `kill -9` in the middle: whoever makes a call of the world never hears its answer. */
import type { Shop } from './shop.ts';

type Death = PromiseWithResolvers<'function' | 'execution'>;
const deaths = new WeakMap<Shop, Death>();

/** Kills whoever makes the next call of which `when` is true: `kill -9` of the function, or also of its execution. */
export function killAt(
  shop: Shop,
  what: 'function' | 'execution',
  when: (operation: string) => boolean,
): void {
  const death: Death = Promise.withResolvers();
  deaths.set(shop, death);
  const { trouble } = shop.world;
  trouble.onCall = (operation) => {
    if (!when(operation)) return undefined;
    trouble.onCall = undefined;
    death.resolve(what);
    return new Promise(() => undefined);
  };
}

/** True for the first call after one of this operation. */
export function rightAfter(operation: string): (called: string) => boolean {
  let seen = false;
  return (called) => {
    const now = seen;
    seen ||= called === operation;
    return now;
  };
}

/** How the next function dies, if it does; told once. */
export const deathOf = (shop: Shop): Promise<'function' | 'execution'> | undefined =>
  deaths.get(shop)?.promise.finally(() => deaths.delete(shop));

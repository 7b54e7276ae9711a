import { newStore, type Store } from './objects.ts';

/** More than this is not kept from one call of a function to the next. */
const KEPT_BYTES = 48 * 1024 * 1024;

/** The objects of the repository that a function read last, so that the next call fetches only what is new. */
export function storeKeeper(): (repository: string) => Store {
  let kept: { readonly repository: string; readonly store: Store } | undefined;
  return (repository) => {
    const fits = kept?.repository === repository && kept.store.bytes <= KEPT_BYTES;
    if (!kept || !fits) kept = { repository, store: newStore() };
    return kept.store;
  };
}

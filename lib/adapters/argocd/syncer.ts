import type { Clock } from '../../ports/clock.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import type { SyncedLever, Syncer } from '../levers/git/syncer.ts';
import { readApplication } from './application.ts';
import { freeze, thaw } from './freeze.ts';
import { checkSource } from './source.ts';
import { stateOf } from './state.ts';
import { type SyncPlace, synced } from './sync.ts';

export interface ArgoCdDeps {
  readonly clock: Clock;
  /** The client of the cluster where Applications stand: it gets and patches them, and needs nothing else. */
  readonly clientOf: (where: { readonly cluster: string }) => Promise<KubeClient>;
}

/** Argo CD, by its Applications alone: its own API is never asked. */
export function argocd({ clock, clientOf }: ArgoCdDeps): Syncer {
  const placeOf = async (lever: SyncedLever): Promise<SyncPlace> => ({
    client: await clientOf(lever.application),
    lever,
    clock,
  });
  return {
    observe: async (lever) => {
      const found = await readApplication(await placeOf(lever));
      checkSource(lever, found);
      return stateOf(found);
    },
    afterPush: async (lever, order) => {
      const place = await placeOf(lever);
      await synced(place, order, await thaw(place));
    },
    freeze: async (lever, order) => freeze(await placeOf(lever), order),
    thaw: async (lever) => void (await thaw(await placeOf(lever))),
  };
}

import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PushedOrder } from '../levers/git/syncer.ts';
import {
  type Application,
  type ApplicationPlace,
  named,
  patchApplication,
  readApplication,
} from './application.ts';
import { type Next, nextOf, REFRESH, type Round } from './next.ts';
import { checkSource } from './source.ts';
import { comparisonError } from './state.ts';

const POLL_MS = 500;
/** A sync of an older commit ends by itself within a second or two, unless it waits for what never comes. */
const PATIENCE_MS = 5000;

export type SyncPlace = ApplicationPlace & { readonly clock: Clock };

/**
 * Makes it look at Git now, and waits until it is Synced at the commit or a later one. Its own poll takes 2 to 3
 * minutes. A sync that nobody would begin is begun once; one of an older commit that does not end is ended once.
 */
export async function synced(place: SyncPlace, order: PushedOrder): Promise<void> {
  const reaches = remembered(order.reaches);
  const tried = new Set<Next['kind']>();
  const patientUntil = place.clock.now() + PATIENCE_MS;
  let now = await refreshed(place);
  for (;;) {
    const next = await nextOf(now, { reaches, tried, isPatient: place.clock.now() < patientUntil });
    if (next.kind === 'done') return;
    if (next.kind === 'refuse') throw new OutsideRefusal(`Cannot sync ${named(place.lever)}: ${next.why}`);
    if (place.clock.now() + POLL_MS > order.until) throw late(place, order, next.why);
    if (await carriedOut(place, now, { kind: next.kind, order })) tried.add(next.kind);
    await place.clock.sleep(POLL_MS);
    now = await readApplication(place);
    checkSource(place.lever, now);
  }
}

interface Deed {
  readonly kind: Next['kind'];
  readonly order: PushedOrder;
}

/** @returns whether it was written: somebody may have written in between */
async function carriedOut(place: SyncPlace, now: Application, { kind, order }: Deed): Promise<boolean> {
  if (kind === 'start') return started(place, now, order);
  return kind === 'end' && ended(place, now);
}

const late = ({ lever }: SyncPlace, { commit }: PushedOrder, why: string): OutsideTrouble =>
  new OutsideTrouble(`Cannot sync ${named(lever)} to ${commit.slice(0, 12)} in time: ${why}`);

/** `hard` also forgets the manifests that it keeps, an error among them. */
async function refreshed(place: SyncPlace): Promise<Application> {
  const before = await readApplication(place);
  checkSource(place.lever, before);
  const how = comparisonError(before) === undefined ? 'normal' : 'hard';
  const asked = { metadata: { annotations: { [REFRESH]: how } } };
  return (await patchApplication(place, { type: 'merge-patch', body: asked })) ?? before;
}

/** Each revision is looked up once: a look may ask the Git host. */
function remembered(reaches: PushedOrder['reaches']): Round['reaches'] {
  const known = new Map<string, boolean>();
  return async (revision) => {
    if (!revision) return false;
    const told = known.get(revision) ?? (await reaches(revision));
    known.set(revision, told);
    return told;
  };
}

/** As auto-sync would begin it, with the options of the policy; nothing is pruned that the policy does not prune. */
async function started(place: SyncPlace, now: Application, order: PushedOrder): Promise<boolean> {
  const { automated, syncOptions } = now.spec.syncPolicy ?? {};
  const sync = {
    revision: order.commit,
    prune: automated?.['prune'] === true,
    ...(syncOptions && { syncOptions }),
  };
  const value = {
    initiatedBy: { username: 'reinstate' },
    info: [{ name: 'Reinstate-Incident', value: order.incident }],
    sync,
  };
  return patched(place, now, { op: 'add', path: '/operation', value });
}

const ended = (place: SyncPlace, now: Application): Promise<boolean> =>
  patched(place, now, { op: 'replace', path: '/status/operationState/phase', value: 'Terminating' });

/** Only on what was read: nobody else has begun one meanwhile. */
async function patched(place: SyncPlace, now: Application, change: object): Promise<boolean> {
  const { resourceVersion } = now.metadata;
  const body = [{ op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }, change];
  return (await patchApplication(place, { type: 'json-patch', body })) !== undefined;
}

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
const ASK_MS = 2000;
/** A sync of an older commit ends by itself within a second or two, unless it waits for what never comes. */
const PATIENCE_MS = 5000;

export type SyncPlace = ApplicationPlace & { readonly clock: Clock };

/** How far the waiting is. */
interface Wait extends Omit<Round, 'isPatient'> {
  readonly tried: Set<Next['kind']>;
  readonly patientUntil: number;
  askedAt: number;
  /** What was missing last; that Git could not be read is not forgotten when Argo CD forgets it. */
  why: string;
}

/**
 * Makes it look at Git now, and waits until it is Synced at the commit or a later one: its own poll takes 3 to 5
 * minutes. Where Git is down it says so for a moment only: the next change of a pod brings a Synced of what it keeps.
 * So a commit is believed that it names, and it is asked again until then. A sync that nobody would begin is begun
 * once; one of an older commit that does not end is ended once.
 * @param found the Application as it was read just before
 */
export async function synced(place: SyncPlace, order: PushedOrder, found: Application): Promise<void> {
  const patientUntil = place.clock.now() + PATIENCE_MS;
  const reaches = remembered(order.reaches);
  const wait: Wait = { reaches, tried: new Set(), patientUntil, askedAt: -Infinity, why: '' };
  for (let now = found; ; now = await readApplication(place)) {
    checkSource(place.lever, now);
    const next = await nextOf(now, { ...wait, isPatient: place.clock.now() < patientUntil });
    if (next.kind === 'done') return;
    if (next.kind === 'refuse') throw new OutsideRefusal(`Cannot sync ${named(place.lever)}: ${next.why}`);
    wait.why = wait.why.startsWith('sync unknown') && next.kind === 'ask' ? wait.why : next.why;
    if (place.clock.now() + POLL_MS > order.until) throw late(place, order, wait.why);
    await carriedOut(place, now, { kind: next.kind, order, wait });
    await place.clock.sleep(POLL_MS);
  }
}

const late = ({ lever }: SyncPlace, { commit }: PushedOrder, why: string): OutsideTrouble =>
  new OutsideTrouble(`Cannot sync ${named(lever)} to ${commit.slice(0, 12)} in time: ${why}`);

interface Deed {
  readonly kind: Next['kind'];
  readonly order: PushedOrder;
  readonly wait: Wait;
}

/** What was not written, since somebody wrote in between, is tried again. */
async function carriedOut(place: SyncPlace, now: Application, { kind, order, wait }: Deed): Promise<void> {
  if (kind === 'ask' && place.clock.now() >= wait.askedAt + ASK_MS) {
    await asked(place, now);
    wait.askedAt = place.clock.now();
  }
  if (kind === 'start' && (await started(place, now, order))) wait.tried.add(kind);
  if (kind === 'end') await ended(place, now);
}

/** `hard` also forgets the manifests that it keeps, an error among them. */
const asked = (place: SyncPlace, now: Application): Promise<unknown> => {
  const how = comparisonError(now) === undefined ? 'normal' : 'hard';
  return patchApplication(place, {
    type: 'merge-patch',
    body: { metadata: { annotations: { [REFRESH]: how } } },
  });
};

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
    prune: automated?.prune === true,
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

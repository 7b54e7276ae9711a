import * as z from 'zod/mini';
import { OutsideTrouble } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SyncOrder } from '../levers/git/syncer.ts';
import {
  type Application,
  type ApplicationPlace,
  type Automated,
  automated,
  named,
  patchApplication,
  readApplication,
} from './application.ts';
import { parentOf } from './parent.ts';
import { checkSource } from './source.ts';

const FROZEN = 'reinstate/frozen';
const ROUNDS = 4;
/** Selfhealing parents answer within 0.5 to 2.2 s. */
const HOLDS_MS = 3000;

/** Our own annotation: whose freeze, and the policy from before. */
const frozen = z.object({ incident: z.string().check(z.maxLength(100)), automated });

type FreezePlace = ApplicationPlace & { readonly clock: Clock };

/** Whether it syncs by itself. `enabled` is from Argo CD 3.1 on. */
export const isAuto = ({ spec: { syncPolicy } }: Application): boolean =>
  Boolean(syncPolicy?.automated) && syncPolicy?.automated?.enabled !== false;

/** The incident whose freeze stands. Where auto-sync is on again, none does. */
export const frozenBy = (application: Application): string | undefined =>
  isAuto(application) ? undefined : keptIn(application)?.incident;

function keptIn({ metadata }: Application): z.infer<typeof frozen> | undefined {
  const text = metadata.annotations?.[FROZEN];
  if (text === undefined) return undefined;
  try {
    return z.safeParse(frozen, JSON.parse(text)).data;
  } catch {
    return undefined; // not ours: nothing to put back
  }
}

/** @returns what stands now, for people */
export async function freeze(place: FreezePlace, order: SyncOrder): Promise<string> {
  const before = await readApplication(place);
  checkSource(place.lever, before);
  if (isAuto(before)) await turnedOff(place, order);
  else if (!frozenBy(before)) return `auto-sync of ${named(place.lever)} was off already`;
  await place.clock.sleep(HOLDS_MS);
  const after = await readApplication(place);
  const whose = `auto-sync of ${named(place.lever)}`;
  if (!isAuto(after)) return `${whose} is off, so nothing is synced`;
  await forgotten(place, after);
  return `${whose} was turned off and ${parentOf(after) ?? 'somebody'} turned it on again: the freeze does not hold`;
}

async function turnedOff(place: FreezePlace, { incident }: SyncOrder): Promise<void> {
  await settled(place, async (now) => {
    const old = now.spec.syncPolicy?.automated;
    if (!old || !isAuto(now)) return now;
    const annotations = { [FROZEN]: JSON.stringify({ incident, automated: old }) };
    const written = await merged(place, now, { annotations, automated: { enabled: false } });
    if (!written || !isAuto(written)) return written;
    // A version before 3.1 does not know `enabled` and dropped it.
    return merged(place, written, { annotations, automated: null });
  });
}

/** Puts the policy of before back, whoever's incident kept it. @returns the Application as it stands then */
export async function thaw(place: FreezePlace): Promise<Application> {
  return settled(place, async (now) => {
    const kept = keptIn(now);
    if (!kept) return now;
    if (isAuto(now)) return forgotten(place, now);
    const enabled = kept.automated.enabled ?? null;
    return merged(place, now, { annotations: { [FROZEN]: null }, automated: { ...kept.automated, enabled } });
  });
}

const forgotten = (place: FreezePlace, now: Application): Promise<Application | undefined> =>
  merged(place, now, { annotations: { [FROZEN]: null } });

interface Merge {
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly automated?: (Omit<Automated, 'enabled'> & { readonly enabled?: boolean | null }) | null;
}

/** Annotation and policy in one write, and only on what was read. */
const merged = (
  place: FreezePlace,
  { metadata: { resourceVersion } }: Application,
  { annotations, automated }: Merge,
): Promise<Application | undefined> =>
  patchApplication(place, {
    type: 'merge-patch',
    body: {
      metadata: { resourceVersion, annotations },
      ...(automated !== undefined && { spec: { syncPolicy: { automated } } }),
    },
  });

/** Reads and writes again while somebody else writes in between: its controller does so often. */
async function settled(
  place: FreezePlace,
  write: (now: Application) => Promise<Application | undefined>,
): Promise<Application> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const written = await write(await readApplication(place));
    if (written) return written;
  }
  throw new OutsideTrouble(`Cannot change ${named(place.lever)}: it kept changing while it was written`);
}

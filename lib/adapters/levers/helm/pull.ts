import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import type { Observation, Owner } from '../../../core/step.ts';
import { say } from '../../../core/step.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Acted, Order } from '../../../ports/lever.ts';
import {
  type History,
  heldBy,
  isWhole,
  newestOf,
  observationOf,
  type Revision,
  runUnderWay,
  servingOf,
  sourceOf,
} from './history.ts';

/** A release on its cluster: all that the lever needs of the outside, so that the twin keeps to the same rules. */
export interface ReleasePlace<R extends Revision = Revision> {
  /** For messages: `release "web" in "shop" of cluster "main"`. */
  readonly name: string;
  readonly clock: Clock;
  /** @throws OutsideRefusal when there is no such release; OutsideTrouble */
  history(): Promise<History<R>>;
  /** The workloads of a revision's manifest, as they are now. */
  live(revision: R): Promise<readonly LiveWorkload[]>;
  /**
   * Runs `helm rollback` to this very revision, to its end.
   * @throws OutsideTrouble, OutsideRefusal: the release may be half-way then
   */
  rollBack(revision: number, sends: Sends): Promise<void>;
}

/**
 * `changes`: what its last manifest and the wanted one differ in; fields of controllers stay. Of a custom resource that
 * is nothing where both manifests are the same, whatever is live. `whole objects`: also those, from whoever owns their
 * fields.
 */
export type Sends = 'changes' | 'whole objects';

/** `name` is `<Kind>/<name>`; the worst that is known of it. */
export interface LiveWorkload {
  readonly name: string;
  readonly is: 'as released' | 'not there' | 'another image' | 'another template' | 'not ready';
  /** Who writes it beside Helm. @default - nobody */
  readonly writer?: Owner;
}

export const observeRelease = async (place: ReleasePlace, to?: string | null): Promise<Observation> =>
  observationOf(await place.history(), to);

/** Argo CD and Flux put back what a rollback of theirs changes: either of them may run Helm, or render its charts. */
export async function writerOf<R extends Revision>(place: ReleasePlace<R>): Promise<Owner | undefined> {
  const live = await place.live(servingOf(await place.history()).revision);
  return live.map(({ writer }) => writer).find((writer) => writer !== undefined);
}

/** The value, and a sentence for each workload that is not as its revision says. */
export async function servedBy<R extends Revision>(place: ReleasePlace<R>): Promise<string[]> {
  const history = await place.history();
  const live = await place.live(servingOf(history).revision);
  return [heldBy(history), ...live.flatMap((workload) => complaintOf(workload) ?? [])];
}

function complaintOf({ name, is }: LiveWorkload): string | undefined {
  switch (is) {
    case 'as released':
      return undefined;
    case 'another image':
      return `${name} runs another image`;
    case 'another template':
      return `${name} has another template`;
    default:
      return `${name} is ${is}`;
  }
}

/** Helm adds a revision each time it is asked: it is asked only where what is live is not what is wanted. */
export async function pull<R extends Revision>(
  place: ReleasePlace<R>,
  { to, before }: Order,
): Promise<Acted> {
  if (to === null) throw new OutsideRefusal(`Cannot take ${place.name} away: expected a revision`);
  const startedAt = place.clock.now();
  const history = await undisturbed(place, to);
  const now = heldBy(history, to);
  const revision = String(newestOf(history).number);
  if (now !== to && now !== before.value) {
    return { revision, conflict: `${place.name} came to ${say(now)} in between; it was left as it is` };
  }
  if (now === to && (await astrayIn(place, history)).length === 0) return { revision };
  const wanted = wantedOf(place, history, to);
  await place.rollBack(wanted.number, 'changes');
  return mended(place, { to, wanted: wanted.number, startedAt });
}

/** Only a rollback that was told its revision converges: without one Helm takes the one before, which may be bad. */
function wantedOf<R extends Revision>(place: ReleasePlace, history: History<R>, to: string): R {
  const source = sourceOf(history, to);
  if (source && isWhole(source)) return source;
  const why = source ? `its revision ${source.number} is ${source.status}` : `it has no revision ${to}`;
  throw new OutsideRefusal(`Cannot roll back ${place.name}: ${why}`);
}

const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 1000;

/** `helm upgrade` refuses to run beside another; a rollback does not look, so we do. */
async function undisturbed<R extends Revision>(place: ReleasePlace<R>, to: string): Promise<History<R>> {
  const until = place.clock.now() + LONGEST_WAIT_MS;
  for (;;) {
    const history = await place.history();
    const run = runUnderWay(history, to);
    if (!run || place.clock.now() >= run.until) return history;
    if (place.clock.now() >= until)
      throw new OutsideTrouble(`Cannot roll back ${place.name} yet: ${since(run)}`);
    await place.clock.sleep(LOOK_EVERY_MS);
  }
}

const since = ({ since: at }: { since: number }): string =>
  `a run of Helm is under way since ${new Date(at).toISOString()}`;

/** The latest that a second run may begin, for the function to see its end. */
const LATEST_SECOND_MS = 14_000;

interface Wanted {
  readonly to: string;
  readonly wanted: number;
  readonly startedAt: number;
}

/**
 * "Rollback was a success" is said of patches that were sent, and also where there was none to send: after a run that
 * died half-way, Helm's last manifest is the wanted one already.
 */
async function mended<R extends Revision>(
  place: ReleasePlace<R>,
  { to, wanted, startedAt }: Wanted,
): Promise<Acted> {
  const first = await lookBack(place, to);
  if (first.conflict !== undefined || first.astray.length === 0) return toldBy(first);
  const late = place.clock.now() - startedAt > LATEST_SECOND_MS;
  if (late)
    throw new OutsideTrouble(`Cannot end the rollback of ${place.name} in time: ${namesOf(first)} ${UNDONE}`);
  await place.rollBack(wanted, 'whole objects');
  const second = await lookBack(place, to);
  if (second.conflict !== undefined || second.astray.length === 0) return toldBy(second);
  return toldBy({ ...second, conflict: `${namesOf(second)} ${UNDONE}: somebody writes beside Helm` });
}

const UNDONE = 'still not as its revision says';
const namesOf = ({ astray }: Look): string => astray.map(({ name }) => name).join(', ');

interface Look {
  readonly revision: string;
  readonly astray: readonly LiveWorkload[];
  readonly conflict?: string;
}

const toldBy = ({ revision, conflict }: Look): Acted => ({
  revision,
  ...(conflict !== undefined && { conflict }),
});

async function lookBack<R extends Revision>(place: ReleasePlace<R>, to: string): Promise<Look> {
  const history = await place.history();
  const revision = String(newestOf(history).number);
  const now = heldBy(history, to);
  if (now === to) return { revision, astray: await astrayIn(place, history) };
  return { revision, astray: [], conflict: `${place.name} came to ${say(now)} right after us` };
}

/** What is live and was not sent so; pods may still be starting. */
async function astrayIn<R extends Revision>(
  place: ReleasePlace<R>,
  history: History<R>,
): Promise<LiveWorkload[]> {
  const live = await place.live(servingOf(history).revision);
  return live.filter(({ is }) => is !== 'as released' && is !== 'not ready');
}

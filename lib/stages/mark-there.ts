/** Marks at the registry, for promoters that read them: the ledger is what our own doors read, so trouble is a note. */
import { OutsideTrouble, sentenceOf } from '../core/errors.ts';
import type { Cursor } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { actUntil, MARGIN_SECONDS, mayStillAct } from '../core/lease.ts';
import { printable } from '../core/printable.ts';
import type { Quarantine } from '../core/release.ts';
import { type ArmedService, type Lever, targetOf } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Marker } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { forbidden, type Remaining } from './may-act.ts';
import { records, writeFenced } from './records.ts';

export interface MarkPorts {
  readonly ledger: Ledger;
  readonly marker: Marker;
  readonly settings: Settings;
  readonly clock: Clock;
}

/** Which versions are marked, and as what. */
export interface Marks {
  readonly armed: ArmedService;
  readonly versions: readonly Pick<Quarantine, 'target' | 'value'>[];
  readonly state: 'suspected' | 'quarantined';
  readonly worker: Remaining;
}

/** Rung 0: whoever resumes the incident does not take it for a rung that was begun. */
const MARKING = '0.mark';
/** A hanging registry must not use up the time in which the levers could be pulled. */
const LONGEST_MARK_MS = 8000;

/** All of them side by side: a registry that hangs costs its time once, not once a lever. */
export async function markThere(
  ports: MarkPorts,
  cursor: Cursor,
  { armed, versions, state, worker }: Marks,
): Promise<void> {
  const { incident, fence } = cursor;
  const marks = versions.flatMap(({ target, value }) => {
    const lever = armed.service.levers.find((candidate) => targetOf(candidate) === target);
    return lever ? [{ lever, value, state, incident, fence }] : [];
  });
  if (marks.length === 0) return;
  const reason = await forbidden(ports.settings, armed);
  const begun = reason === undefined ? await announce(ports, cursor, worker) : { hindrance: reason };
  const all = marks.map(async (mark) => {
    if ('hindrance' in begun) return noteUnmarked(ports, cursor, { ...mark, why: begun.hindrance });
    const done = ports.marker.mark(armed, { ...mark, until: begun.until });
    return done.catch((error) => noteUnmarked(ports, cursor, { ...mark, why: sentenceOf(error) }));
  });
  await Promise.all(all);
}

/** Tags cannot check a fence: whoever has the lease next waits until this function is over. */
async function announce(
  { ledger, clock }: MarkPorts,
  by: Cursor,
  worker: Remaining,
): Promise<{ readonly until: number } | { readonly hindrance: string }> {
  const earlier = await records(ledger).attempt(by.incident, MARKING);
  const until = actUntil(clock.now(), worker.remainingMs());
  const result = await writeFenced(ledger, by, [
    {
      kind: 'put',
      key: keys.attempt(by.incident, MARKING),
      item: { step: MARKING, actUntil: until, fence: by.fence },
      when: earlier ? { actUntil: [earlier.actUntil] } : 'absent',
    },
  ]);
  if (result.outcome === 'conflict') return { hindrance: 'another attempt is marking' };
  if (!mayStillAct(until, clock.now())) return { hindrance: 'its time was over before it began' };
  return { until: until - MARGIN_SECONDS * 1000 };
}

interface Unmarked {
  readonly lever: Lever;
  readonly state: Marks['state'];
  readonly why: string;
}

async function noteUnmarked(
  { ledger, clock }: MarkPorts,
  { incident }: Cursor,
  { lever, state, why }: Unmarked,
): Promise<void> {
  const item = { at: clock.now(), text: `${lever.name}: not marked as ${state}: ${printable(why)}` };
  await ledger.write([{ kind: 'put', key: keys.note(incident, `unmarked-${lever.name}`), item }]);
}

/** A marker that gives up waiting: marks are made side by side, so this bounds them all. */
export const boundedMarker = (marker: Marker, clock: Clock): Marker => ({
  mark: (armed, what) => Promise.race([marker.mark(armed, what), tooLate(clock)]),
});

async function tooLate(clock: Clock): Promise<never> {
  await clock.sleep(LONGEST_MARK_MS);
  throw new OutsideTrouble(`no answer within ${LONGEST_MARK_MS / 1000} s`);
}

import { OutsideRefusal } from '../../../core/errors.ts';
import type { Candidate, Observation } from '../../../core/step.ts';

/** One revision of a release, as its Secret keeps it; statuses are those of Helm's `pkg/release/common/status.go`. */
export interface Revision {
  readonly number: number;
  readonly status: string;
  /** Helm's own words: "Install complete", "Rollback to 3", `Upgrade "web" failed: ...`. */
  readonly description: string;
  /** sha256 of the rendered manifest. */
  readonly digest: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** All revisions of a release, oldest first, never empty. */
export type History<R extends Revision = Revision> = readonly [R, ...R[]];

/** What users have, or are being given, by a release's history. */
export interface Serving<R extends Revision = Revision> {
  /** The number that its content was first made under. */
  readonly value: string;
  readonly revision: R;
  /** Whether Helm ended what it last began: else objects may be of two revisions. */
  readonly settled: boolean;
}

/** @throws OutsideRefusal when there is none, or the release was taken away. */
export function historyOf<R extends Revision>(name: string, revisions: readonly R[]): History<R> {
  const [first, ...rest] = [...revisions].sort((a, b) => a.number - b.number);
  if (!first) throw new OutsideRefusal(`Cannot find ${name}: there is no revision of it`);
  const history: History<R> = [first, ...rest];
  const { status, number } = newestOf(history);
  if (!status.startsWith('uninstall')) return history;
  throw new OutsideRefusal(`Cannot use ${name}: its revision ${number} is ${status}`);
}

export const newestOf = <R extends Revision>(history: History<R>): R => history.at(-1) ?? history[0];

/** Runs of Helm that overlapped may leave an older revision as the one that is deployed. */
const standingOf = <R extends Revision>(history: History<R>): R =>
  history.findLast(({ status }) => status !== 'superseded') ?? newestOf(history);

/**
 * The newest change counts, whatever became of it: a failed upgrade has changed objects too, and Helm goes on calling
 * the revision before it deployed. A rollback that did not end has freed nobody yet: then what it leaves counts.
 */
export function servingOf<R extends Revision>(history: History<R>): Serving<R> {
  const standing = standingOf(history);
  const settled = standing.status === 'deployed';
  const changed = history.findLast(
    (revision) => revision.number <= standing.number && !isUnfinishedReturn(history, revision),
  );
  const revision = changed ?? standing;
  return { value: originOf(history, revision), revision, settled };
}

/** Whether it was ever all there. */
export const isWhole = ({ status }: Revision): boolean => status === 'deployed' || status === 'superseded';

/** A failed rollback keeps neither its target nor, after `--wait`, its name: its manifest tells. */
function isUnfinishedReturn(history: History, revision: Revision): boolean {
  if (isWhole(revision)) return false;
  const { number, description, digest } = revision;
  const again = history.some((older) => older.number < number && older.digest === digest);
  return again || /^Rollback (to \d+$|")/.test(description);
}

/** The number that a revision's content was first made under, also where that revision is pruned. */
function originOf(history: History, revision: Revision): string {
  const [, from] = /^Rollback to ([1-9]\d{0,8})$/.exec(revision.description) ?? [];
  if (from === undefined || Number(from) >= revision.number) return String(revision.number);
  const origin = history.find(({ number }) => number === Number(from));
  if (!origin) return from;
  return origin.digest === revision.digest ? originOf(history, origin) : String(revision.number);
}

/** What stands there; the wanted value only where Helm ended it. Without `to`, an unsettled one says so too. */
export function heldBy(history: History, to?: string | null): string {
  const { value, settled } = servingOf(history);
  const mayBeTaken = typeof to !== 'string' || to === value;
  return !settled && mayBeTaken ? `${value} (${standingOf(history).status})` : value;
}

/** What to roll back to for a value: its own revision, or where that is pruned the newest return to it. */
export function sourceOf<R extends Revision>(history: History<R>, value: string): R | undefined {
  const own = history.find(({ number }) => String(number) === value);
  if (own) return own;
  return history.findLast((revision) => isWhole(revision) && originOf(history, revision) === value);
}

/** A release as its revisions tell it; with `to`, also how fit that value is to be put back. */
export function observationOf(history: History, to?: string | null): Observation {
  const observed = {
    value: heldBy(history, to),
    digest: servingOf(history).revision.digest,
    revision: String(newestOf(history).number),
    ...busyIn(history, to),
  };
  return typeof to === 'string' ? { ...observed, candidate: candidateOf(history, to) } : observed;
}

function busyIn(history: History, to?: string | null): Pick<Observation, 'busyUntil'> {
  const run = typeof to === 'string' ? runUnderWay(history, to) : undefined;
  return run ? { busyUntil: run.until } : {};
}

/** A revision that failed, or has not ended, was never whole. */
function candidateOf(history: History, value: string): Candidate {
  const source = sourceOf(history, value);
  if (!source) return { value, fit: 'missing' };
  if (!isWhole(source)) return { value, fit: 'not-ready', digest: source.digest };
  const meant = originOf(history, source);
  return { value, fit: 'ready', digest: source.digest, ...(meant !== value && { meant }) };
}

/** A run sends its objects within seconds; one that is older only waits for pods, or is dead. */
const ABANDONED_AFTER_MS = 60_000;
/** A rollback takes a second. One to what we want may be run beside another: both write the same. */
const OWN_ABANDONED_AFTER_MS = 10_000;

/** The run of Helm that may still be at work, and until when it counts as such (epoch ms). */
export function runUnderWay(history: History, to: string): { since: number; until: number } | undefined {
  const newest = newestOf(history);
  if (!newest.status.startsWith('pending-')) return undefined;
  const same = newest.status === 'pending-rollback' && originOf(history, newest) === to;
  const patience = same ? OWN_ABANDONED_AFTER_MS : ABANDONED_AFTER_MS;
  return { since: newest.startedAt, until: newest.startedAt + patience };
}

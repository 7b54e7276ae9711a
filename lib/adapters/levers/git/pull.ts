/** The lever's rules, over Git and over what syncs it; the same over the twins of both. */
import { OutsideRefusal, OutsideTrouble, sentenceOf } from '../../../core/errors.ts';
import type { GitLever } from '../../../core/service.ts';
import type { Observation, Sync } from '../../../core/step.ts';
import type { Acted, Order } from '../../../ports/lever.ts';
import { type Branch, firstParents, openBranch } from '../../git/branch.ts';
import { branchAt, candidateIn, known } from '../../git/observe.ts';
import { type GitEnd, type GitPlace, putBack } from '../../git/put-back.ts';
import { retrying } from '../../retry.ts';
import type { SyncedLever, Syncer, SyncState } from './syncer.ts';

export interface PullDeps {
  /** The branch, with credentials that are read anew. */
  readonly place: (lever: GitLever) => Promise<GitPlace>;
  /** Asked where a lever names an Application. */
  readonly syncer: Syncer;
}

/** A syncer and a lever that has one. */
interface Synced {
  readonly syncer: Syncer;
  readonly lever: GitLever & SyncedLever;
}

function syncedBy({ syncer }: PullDeps, lever: GitLever): Synced | undefined {
  const { application } = lever;
  return application && { syncer, lever: { ...lever, application } };
}

export const observeBranch = async (
  deps: PullDeps,
  lever: GitLever,
  to?: string | null,
): Promise<Observation> => (await looked(deps, lever, to)).observed;

interface Looked {
  readonly observed: Observation;
  /** What Argo CD said in the same moment. @default - the lever names no Application */
  readonly state?: SyncState;
}

async function looked(deps: PullDeps, lever: GitLever, to?: string | null): Promise<Looked> {
  const synced = syncedBy(deps, lever);
  const state = synced && (await synced.syncer.observe(synced.lever));
  if (!synced || !state) return { observed: await observedGit(await opened(deps, lever), lever, to) };
  const branch = await orTrouble(() => opened(deps, lever));
  const observed =
    branch instanceof OutsideTrouble
      ? unreachable(synced.lever, state, branch)
      : await observedSync(branch, { lever: synced.lever, state }, to);
  return { observed, state };
}

async function opened(deps: PullDeps, lever: GitLever): Promise<Branch> {
  return openBranch(await deps.place(lever));
}

/** Git that cannot be reached is an answer where Argo CD still tells what it put. */
async function orTrouble<T>(work: () => Promise<T>): Promise<T | OutsideTrouble> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutsideTrouble) return error;
    throw error;
  }
}

async function observedGit(branch: Branch, lever: GitLever, to?: string | null): Promise<Observation> {
  return {
    ...(await known(branch, lever, to)),
    revision: branch.head.oid,
    ...(to && { candidate: await candidateIn(branch, lever, to) }),
  };
}

interface Seen {
  readonly lever: GitLever & SyncedLever;
  readonly state: SyncState;
}

/** The value is what is synced; `spec` is what Git itself says, where that differs. */
async function observedSync(
  branch: Branch,
  { lever, state }: Seen,
  to?: string | null,
): Promise<Observation> {
  const own = await observedGit(branch, lever, to);
  const at = state.revision === undefined ? undefined : await branchAt(branch, state.revision);
  const its = at && (await known(at, lever, to));
  const why = state.unsynced ?? (its ? undefined : 'not a commit of the repository');
  const name = its?.value ?? state.revision ?? 'nothing';
  const value = why === undefined && its ? its.value : `${name} (${why})`;
  const { digest: _, ...rest } = own;
  const spec = specOf(own.value, state);
  return {
    ...rest,
    value,
    ...(why === undefined && its && { digest: its.digest }),
    ...(spec !== value && { spec }),
    sync: syncOf(lever, state),
  };
}

/** A freeze that stands has to be lifted, however good all else is. */
const specOf = (own: string | null, { frozenBy }: SyncState): string =>
  frozenBy === undefined ? (own ?? '') : `${own} (auto-sync is off since ${frozenBy})`;

/** No candidate: whether the wanted commit is there cannot be told. */
const unreachable = (lever: GitLever & SyncedLever, state: SyncState, why: Error): Observation => ({
  value: state.revision ?? `nothing (${sentenceOf(why)})`,
  ...(state.revision !== undefined && { revision: state.revision }),
  spec: `unknown (${sentenceOf(why)})`,
  sync: syncOf(lever, state),
});

const syncOf = ({ application }: SyncedLever, state: SyncState): Sync => ({
  application: application.name,
  auto: state.auto,
  selfHeal: state.selfHeal,
  health: state.health,
  ...(state.parent !== undefined && { parent: state.parent }),
  ...(state.frozenBy !== undefined && { frozenBy: state.frozenBy }),
});

/**
 * What instances use, as far as Argo CD tells: a healthy Application serves what it synced, and soon what Git holds
 * where that is something else.
 */
export async function servedBy(
  deps: PullDeps,
  lever: GitLever,
  to?: string | null,
): Promise<string[] | undefined> {
  const { application } = lever;
  if (!application) return undefined;
  const { observed, state } = await looked(deps, lever, to);
  const { value, spec } = observed;
  const served = [value ?? '', ...(spec === undefined ? [] : [spec])];
  if (state?.health === 'Healthy') return served;
  const message = state?.healthMessage === undefined ? '' : `: ${state.healthMessage}`;
  return [...served, `application ${application.name} is ${state?.health}${message}`];
}

/** Tries that are begun; the function's time has to do for a sync, or for a freeze. */
const GIT_TRIES = { attempts: 3, budgetMs: 12_000, firstWaitMs: 1000 };
const SYNC_WITHIN_MS = 40_000;

/** Puts a commit back, and has it synced. @throws OutsideRefusal where `to` is null: no branch is emptied */
export async function pull(deps: PullDeps, lever: GitLever, order: Order): Promise<Acted> {
  const { to } = order;
  if (to === null) throw new OutsideRefusal(`Cannot empty ${lever.repository}: expected a commit`);
  const synced = syncedBy(deps, lever);
  const place = await deps.place(lever);
  const began = place.clock.now();
  const seen = order.before.revision;
  const work = () => putBack(place, { ...order, to, seen });
  const tries = { ...GIT_TRIES, clock: place.clock };
  const end = await orTrouble(() => retrying(tries, work, (error) => error instanceof OutsideTrouble));
  if (end instanceof OutsideTrouble) return frozen(synced, { ...order, to }, end);
  if (end.kind === 'busy') throw new OutsideTrouble(end.why);
  if (end.kind === 'conflict') return { revision: end.head, conflict: end.why };
  if (synced) await taken(synced, order, { end, until: began + SYNC_WITHIN_MS });
  return { revision: end.head };
}

interface Good {
  readonly end: Extract<GitEnd, { kind: 'good' }>;
  readonly until: number;
}

async function taken(
  { syncer, lever }: Synced,
  { incident, fence }: Order,
  { end, until }: Good,
): Promise<void> {
  const reaches = reachesFrom(end.branch, lever);
  await syncer.afterPush(lever, { incident, fence, commit: end.head, reaches, until });
}

/** Whether a revision is the branch's head or came after it: the branch is read anew, for somebody may have pushed. */
function reachesFrom(
  { remote, store, head }: Branch,
  lever: GitLever,
): (revision: string) => Promise<boolean> {
  const told = new Map([[head.oid, true]]);
  return async (revision) => {
    const answer =
      told.get(revision) ?? (await isBetween(await openBranch({ remote, store, lever }), revision, head.oid));
    told.set(revision, answer);
    return answer;
  };
}

async function isBetween(branch: Branch, revision: string, since: string): Promise<boolean> {
  let met = false;
  for await (const { oid } of firstParents(branch)) {
    if (oid === since) return met;
    met ||= oid === revision;
  }
  return false;
}

/** Git cannot be reached: what it will hold is not known, so nothing more of it is to be put until people have looked. */
async function frozen(
  synced: Synced | undefined,
  { incident, fence, to }: Order & { readonly to: string },
  why: OutsideTrouble,
): Promise<Acted> {
  if (!synced) throw why;
  const { syncer, lever } = synced;
  const host = URL.parse(lever.repository)?.host ?? lever.repository;
  const freeze = await syncer.freeze(lever, { incident, fence });
  const drift = `it will drift until ${lever.paths.join(', ')} is returned to ${to.slice(0, 7)} in Git`;
  return { conflict: `Git at ${host} cannot be reached: ${sentenceOf(why)}; ${freeze}; ${drift}` };
}

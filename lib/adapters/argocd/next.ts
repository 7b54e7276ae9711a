import type { Application } from './application.ts';
import { isAuto } from './freeze.ts';
import { comparisonError, hasFailed, isRunning, isTriedAgain, said, syncedRevision } from './state.ts';

/**
 * What is still missing until a commit is synced. `ask`: it has to look at Git; `start`: nobody will begin that sync but
 * us; `end`: a sync of an older commit is in the way.
 */
export type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait' | 'ask' | 'start' | 'end' | 'refuse'; readonly why: string };

/** What one look at an Application is judged by. */
export interface Round {
  /** Whether a revision is the commit or a later one. */
  readonly reaches: (revision: string | null | undefined) => Promise<boolean>;
  /** What was begun by us already: a sync once. */
  readonly tried: ReadonlySet<Next['kind']>;
  readonly isPatient: boolean;
}

/** The annotation that asks for a look at Git; it is taken away once that is done. */
export const REFRESH = 'argocd.argoproj.io/refresh';

/** After these nothing is expected of the next: they come 5, 10 and 20 s after one another. */
const RETRIES = 2;

/** What to do about an Application until it has the commit. */
export async function nextOf(now: Application, round: Round): Promise<Next> {
  const { sync, operationState: ran } = now.status ?? {};
  const [wrong, isOfCommit] = [comparisonError(now), await round.reaches(syncedRevision(ran))];
  if (isRunning(now)) return running(now, round, isOfCommit);
  if (wrong !== undefined) return { kind: 'ask', why: `sync unknown: ${wrong}` };
  if (!(await round.reaches(sync?.revision))) return { kind: 'ask', why: 'it has not seen the commit' };
  if (isOfCommit && hasFailed(now)) return failed(now, round);
  if (sync?.status === 'Synced') return { kind: 'done' };
  return isOfCommit && ran?.phase === 'Succeeded' ? leftOver(now) : outOfSync(now, round);
}

/**
 * Auto-sync begins nothing while another sync runs: one that waits for a bad release never ends, and one that fails is
 * tried again for minutes.
 */
function running(now: Application, { isPatient }: Round, isOfCommit: boolean): Next {
  const { phase, message, retryCount } = now.status?.operationState ?? {};
  const why = said(message ?? '');
  if (isOfCommit && isTriedAgain(now) && (retryCount ?? 0) >= RETRIES)
    return { kind: 'refuse', why: `its sync failed: ${why}` };
  const isOwn = now.operation?.initiatedBy?.automated === true && phase === 'Running';
  const mayEnd = isOwn && !isOfCommit && (isTriedAgain(now) || !isPatient);
  return mayEnd
    ? { kind: 'end', why: `an older commit is being synced: ${why}` }
    : { kind: 'wait', why: `sync running: ${why}` };
}

/** Auto-sync never tries a commit again that failed: it may have failed long before we asked. */
function failed({ status }: Application, { tried }: Round): Next {
  const why = `its sync failed: ${said(status?.operationState?.message ?? '')}`;
  return { kind: tried.has('start') ? 'refuse' : 'start', why };
}

const outOfSync = (now: Application, { tried }: Round): Next => ({
  kind: isAuto(now) || tried.has('start') ? 'wait' : 'start',
  why: 'OutOfSync',
});

/** What was synced and still differs: objects that Git no longer has, where nothing may be pruned. */
function leftOver({ spec, status }: Application): Next {
  const differing = (status?.resources ?? []).filter((one) => one.status === 'OutOfSync');
  const surplus = differing.filter(({ requiresPruning }) => requiresPruning === true);
  const [first] = surplus;
  const isPruned = spec.syncPolicy?.automated?.prune === true;
  if (!first || isPruned || surplus.length < differing.length) return { kind: 'wait', why: 'OutOfSync' };
  const objects = `${surplus.length} of its objects (${said(`${first.kind} ${first.name}`)})`;
  return { kind: 'refuse', why: `${objects} are no longer in Git, and its policy does not prune` };
}

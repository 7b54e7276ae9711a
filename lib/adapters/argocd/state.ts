import { printable } from '../../core/printable.ts';
import { redacted } from '../../core/redact.ts';
import type { SyncState } from '../levers/git/syncer.ts';
import type { Application } from './application.ts';
import { frozenBy, isAuto } from './freeze.ts';
import { parentOf } from './parent.ts';

/** What the Application says of itself; a `Healthy` that stands beside a ComparisonError is left to `unsynced`. */
export function stateOf(application: Application): SyncState {
  const { sync, health } = application.status ?? {};
  const [parent, unsynced, frozen] = [parentOf(application), unsyncedOf(application), frozenBy(application)];
  return {
    ...(sync?.revision && { revision: sync.revision }),
    ...(unsynced !== undefined && { unsynced }),
    auto: isAuto(application),
    selfHeal: isAuto(application) && application.spec.syncPolicy?.automated?.selfHeal === true,
    ...(parent !== undefined && { parent }),
    health: health?.status || 'Unknown',
    ...(health?.message && { healthMessage: said(health.message) }),
    ...(frozen !== undefined && { frozenBy: frozen }),
  };
}

/**
 * Why what is live is not the commit that it was compared with. A sync of another commit that failed is past: what is
 * live was compared since.
 */
function unsyncedOf(application: Application): string | undefined {
  const { sync, operationState: ran } = application.status ?? {};
  const wrong = comparisonError(application);
  if (wrong !== undefined) return `sync unknown: ${wrong}`;
  const failed = `sync failed: ${said(ran?.message ?? '')}`;
  if (isRunning(application)) return isTriedAgain(application) ? failed : 'sync running';
  if (hasFailed(application) && syncedRevision(ran) === sync?.revision) return failed;
  if (sync?.status === 'Synced') return undefined;
  return sync?.status === 'OutOfSync' ? 'OutOfSync' : 'sync unknown: it was not compared yet';
}

/** It could not be compared with Git: nothing that it says of sync and health is of now. */
export function comparisonError({ status }: Application): string | undefined {
  const found = status?.conditions?.find(({ type }) => type === 'ComparisonError');
  return found && said(found.message ?? '');
}

export const isRunning = ({ operation, status }: Application): boolean =>
  Boolean(operation) || ['Running', 'Terminating'].includes(status?.operationState?.phase ?? '');

/** It failed and is tried again by itself: since 3.5 that is so for every auto-sync, five times in minutes. */
export const isTriedAgain = ({ status }: Application): boolean =>
  status?.operationState?.phase === 'Running' && Boolean(status.operationState.finishedAt);

export const hasFailed = ({ status }: Application): boolean =>
  ['Failed', 'Error'].includes(status?.operationState?.phase ?? '');

/** The commit that the last operation put, or was to put. */
export const syncedRevision = (
  ran: NonNullable<Application['status']>['operationState'],
): string | undefined => ran?.syncResult?.revision || ran?.operation?.sync?.revision || undefined;

/** Argo CD's words as one line that may stand in a report. */
export const said = (text: string): string =>
  printable(redacted(text.slice(0, 4000)))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);

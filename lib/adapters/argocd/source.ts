import { OutsideRefusal } from '../../core/errors.ts';
import { sameRepository } from '../../core/git-lever.ts';
import { printable } from '../../core/printable.ts';
import { withoutUser } from '../git/address.ts';
import type { SyncedLever } from '../levers/git/syncer.ts';
import { type Application, named } from './application.ts';

/**
 * An Application counts only where it follows the very branch of the lever: its URL is compared, never asked.
 * @throws OutsideRefusal in plain words
 */
export function checkSource(lever: SyncedLever, { spec }: Application): void {
  const why = objectionTo(lever, spec);
  if (why !== undefined) throw new OutsideRefusal(`Cannot use ${named(lever)}: ${why}`);
}

function objectionTo(lever: SyncedLever, spec: Application['spec']): string | undefined {
  if (spec.sourceHydrator)
    return 'it syncs hydrated manifests (spec.sourceHydrator), which is not supported yet';
  if (spec.sources?.length) return 'it has several sources (spec.sources), which is not supported yet';
  const { repoURL, targetRevision, chart } = spec.source ?? {};
  if (!repoURL) return 'it has no source (spec.source.repoURL)';
  if (chart)
    return `it follows chart ${shown(chart)} of a Helm repository; expected a branch of a Git repository`;
  if (sameRepository(repoURL) !== sameRepository(lever.repository))
    return `it follows repository ${shown(repoURL)}, the lever's is "${lever.repository}"`;
  if (!isBranch(targetRevision ?? '', lever.branch))
    return `it follows revision ${shown(targetRevision ?? '')}, the lever's branch is "${lever.branch}"`;
  return undefined;
}

/** Argo CD takes nothing and `HEAD` for the default branch; whether that is the lever's, its commits tell. */
const isBranch = (revision: string, branch: string): boolean =>
  ['', 'HEAD', branch, `refs/heads/${branch}`].includes(revision);

/** Without a user, who may have a password; short. */
const shown = (text: string): string => `"${printable(withoutUser(text)).slice(0, 200)}"`;

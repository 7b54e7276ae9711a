import { OutsideRefusal } from '../../core/errors.ts';
import { type Branch, firstParents } from './branch.ts';
import { type Commit, trailerOf } from './commits.ts';
import { type Content, contentOf, sameContent } from './content.ts';

/** The commits of a branch back to one of them. */
export interface Stretch {
  /** The commit that was looked for. */
  readonly end: Commit;
  /** What came after it, newest first. */
  readonly since: readonly Commit[];
}

/** @returns nothing where the branch does not have that commit, or has it beyond the limit */
export async function stretchTo(branch: Branch, oid: string): Promise<Stretch | undefined> {
  const since: Commit[] = [];
  for await (const commit of firstParents(branch)) {
    if (commit.oid === oid) return { end: commit, since };
    since.push(commit);
  }
  return undefined;
}

/**
 * Those that have to be undone for the paths to be as they were at the stretch's end, newest first. What was undone
 * since, exactly, is left out together with what undid it.
 */
export function badCommits(branch: Branch, { end, since }: Stretch, paths: readonly string[]): Commit[] {
  const at = (commit: Commit): Content => contentOf(branch.store, commit, paths);
  const states: { readonly content: Content; readonly commit: Commit }[] = [
    { content: at(end), commit: end },
  ];
  for (const commit of since.toReversed()) {
    const content = at(commit);
    const known = states.findIndex((state) => sameContent(state.content, content));
    if (known >= 0) states.length = known + 1;
    else states.push({ content, commit });
  }
  return states
    .slice(1)
    .map(({ commit }) => commit)
    .reverse();
}

/**
 * The commit that a branch's content is known by: the newest that changed the paths; where that is a return of ours to
 * an earlier one, and has its content, the earlier one.
 */
export async function knownAs(branch: Branch, paths: readonly string[]): Promise<Commit> {
  const { store, head } = branch;
  const content = contentOf(store, head, paths);
  let newest = head;
  for await (const commit of firstParents(branch)) {
    if (!sameContent(contentOf(store, commit, paths), content)) {
      return (await returnedTo(branch, newest, paths)) ?? newest;
    }
    newest = commit;
  }
  // The very first commit of the branch, or the limit: then there is nothing that it could have changed from.
  return newest.parents.length === 0 ? newest : head;
}

export const RETURNS_TO = 'Reinstate-Returns-To';

async function returnedTo(
  branch: Branch,
  commit: Commit,
  paths: readonly string[],
): Promise<Commit | undefined> {
  const to = trailerOf(commit, RETURNS_TO);
  const stretch = to === undefined ? undefined : await stretchTo(branch, to);
  if (!stretch) return undefined;
  const its = contentOf(branch.store, stretch.end, paths);
  return sameContent(its, contentOf(branch.store, commit, paths)) ? stretch.end : undefined;
}

/** @throws OutsideRefusal where the branch does not have it */
export async function stretchBack(branch: Branch, to: string): Promise<Stretch> {
  const stretch = await stretchTo(branch, to);
  if (stretch) return stretch;
  const why = `commit ${to} is not among its commits`;
  throw new OutsideRefusal(`Cannot return ${branch.remote.name} to ${to.slice(0, 7)}: ${why}`);
}

import { OutsideRefusal } from '../../core/errors.ts';
import { type Branch, commitOf, firstParents } from './branch.ts';
import { type Commit, trailerOf } from './commits.ts';
import { type Content, contentOf, sameContent } from './content.ts';

/** The commits of a branch back to where it last had the content of one of them. */
export interface Stretch {
  /** The commit whose content was looked for; it need not be one of the branch. */
  readonly end: Commit;
  /** What came after that content, newest first. */
  readonly since: readonly Commit[];
}

/** So the cost grows with what came after, not with how old the wanted commit is. @returns nothing where it never was */
export async function stretchTo(
  branch: Branch,
  oid: string,
  paths: readonly string[],
): Promise<Stretch | undefined> {
  const end = await commitOf(branch, oid);
  if (!end) return undefined;
  const wanted = contentOf(branch.store, end, paths);
  const since: Commit[] = [];
  for await (const commit of firstParents(branch)) {
    if (sameContent(contentOf(branch.store, commit, paths), wanted)) return { end, since };
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
  const wanted = to === undefined ? undefined : await commitOf(branch, to);
  if (!wanted) return undefined;
  const its = contentOf(branch.store, wanted, paths);
  return sameContent(its, contentOf(branch.store, commit, paths)) ? wanted : undefined;
}

/** @throws OutsideRefusal where the branch never had that content, as far as it is read */
export async function stretchBack(branch: Branch, to: string, paths: readonly string[]): Promise<Stretch> {
  const stretch = await stretchTo(branch, to, paths);
  if (stretch) return stretch;
  const why = `none of its last ${branch.limit} commits has the content of commit ${to}`;
  throw new OutsideRefusal(`Cannot return ${branch.remote.name} to ${to.slice(0, 7)}: ${why}`);
}

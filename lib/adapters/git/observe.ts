import type { GitLever } from '../../core/service.ts';
import type { Candidate } from '../../core/step.ts';
import { knownAs, stretchTo } from './bad-commits.ts';
import { type Branch, commitOf } from './branch.ts';
import { contentOf, digestOf, sameContent } from './content.ts';

/** What a commit of a branch stands for. */
export interface Known {
  /** The commit that its content is known by. */
  readonly value: string;
  readonly digest: string;
}

/** @param to the commit that is asked for: content that is its own is known by it. @default - none */
export async function known(branch: Branch, { paths }: GitLever, to?: string | null): Promise<Known> {
  const { store, head } = branch;
  const content = contentOf(store, head, paths);
  const digest = digestOf(content);
  const wanted = to && (await commitOf(branch, to));
  if (wanted && sameContent(contentOf(store, wanted, paths), content)) return { value: wanted.oid, digest };
  return { value: (await knownAs(branch, paths)).oid, digest };
}

/** Only content that the branch once had is known to have been good there. */
export async function candidateIn(branch: Branch, { paths }: GitLever, to: string): Promise<Candidate> {
  const stretch = await stretchTo(branch, to, paths);
  if (!stretch) return { value: to, fit: 'missing' };
  return { value: to, fit: 'ready', digest: digestOf(contentOf(branch.store, stretch.end, paths)) };
}

/** The branch as it was at one of its commits; nothing where the repository does not have that. */
export async function branchAt(branch: Branch, oid: string): Promise<Branch | undefined> {
  if (branch.head.oid === oid) return branch;
  const head = await commitOf(branch, oid);
  return head && { ...branch, head };
}

import { printable } from '../../core/printable.ts';
import type { GitLever } from '../../core/service.ts';
import { badCommits, RETURNS_TO, type Stretch } from './bad-commits.ts';
import type { Branch } from './branch.ts';
import { type Commit, readCommit, writeCommit } from './commits.ts';
import { contentOf, refuseLinks, sameContent } from './content.ts';
import { mergeTrees } from './merge.ts';
import { readTree, withEntry } from './trees.ts';

/** On whose behalf commits are made. */
export interface Signed {
  readonly incident: string;
  readonly fence: number;
  readonly environment: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Commits upon the branch's head after which the paths are as they were. */
export interface Return {
  /** The newest of them. */
  readonly head: string;
  readonly undoes: readonly Commit[];
  /** Why the bad commits were not undone one by one: then one commit returns the paths and nothing else. */
  readonly scoped?: string;
  /** Set where people may want to look: the bad commits do not undo cleanly. */
  readonly conflict?: string;
}

type Paths = Pick<GitLever, 'paths' | 'others'>;

/** @throws OutsideRefusal where a path leads elsewhere */
export async function makeReturn(
  branch: Branch,
  { stretch, lever }: { readonly stretch: Stretch; readonly lever: Paths },
  signed: Signed,
): Promise<Return> {
  const { store, remote } = branch;
  refuseLinks(contentOf(store, stretch.end, lever.paths), remote.name);
  const undoes = badCommits(branch, stretch, lever.paths);
  const order = { stretch, undoes, lever, signed };
  const shared = undoes.find((commit) => touches(branch, commit, lever.others));
  if (shared)
    return scoped(branch, order, { scoped: `${short(shared)} also changed what belongs to another service` });
  const inverses = await inverted(branch, order);
  if ('head' in inverses) return { head: inverses.head, undoes };
  return scoped(branch, order, { scoped: inverses.why, conflict: inverses.why });
}

interface Order {
  readonly stretch: Stretch;
  readonly undoes: readonly Commit[];
  readonly lever: Paths;
  readonly signed: Signed;
}

function touches({ store }: Branch, commit: Commit, others: readonly string[]): boolean {
  const [parent] = commit.parents;
  if (others.length === 0 || parent === undefined) return false;
  const before = contentOf(store, readCommit(store, parent), others);
  return !sameContent(before, contentOf(store, commit, others));
}

/** One inverse for each bad commit, newest first: as `git revert`, of a merge as `git revert -m 1`. */
async function inverted(branch: Branch, order: Order): Promise<{ head: string } | { why: string }> {
  const { store, remote } = branch;
  const needBlobs = async (oids: readonly string[]) => {
    const missing = oids.filter((oid) => !store.objects.has(oid));
    if (missing.length > 0) await remote.fetchBlobs(store, missing);
  };
  let on = branch.head;
  for (const bad of order.undoes) {
    const [parent = ''] = bad.parents;
    const theirs = readCommit(store, parent).tree;
    const merged = await mergeTrees({ store, needBlobs }, { base: bad.tree, ours: on.tree, theirs });
    if (merged.kind === 'conflict') {
      return { why: `${short(bad)} does not undo cleanly: ${listed(merged.paths)}` };
    }
    on = commitOn(branch, on, { tree: merged.tree, message: inverseMessage(bad, order), ...order.signed });
  }
  const { paths } = order.lever;
  const good = contentOf(store, order.stretch.end, paths);
  if (sameContent(contentOf(store, on, paths), good)) return { head: on.oid };
  return {
    why: `undoing ${listed(order.undoes.map(short))} leaves another content than ${short(order.stretch.end)} had`,
  };
}

function scoped(branch: Branch, order: Order, why: Pick<Return, 'scoped' | 'conflict'>): Return {
  const { stretch, undoes, lever, signed } = order;
  const tree = contentOf(branch.store, stretch.end, lever.paths).reduce(
    (root, change) => withEntry(branch.store, root, change),
    branch.head.tree,
  );
  const { oid } = commitOn(branch, branch.head, { tree, message: scopedMessage(order), ...signed });
  return { head: oid, undoes, ...why };
}

interface Content extends Signed {
  readonly tree: string;
  readonly message: string;
}

function commitOn({ store }: Branch, parent: Commit, { tree, message, environment, at }: Content): Commit {
  const email = `reinstate@${environment}.invalid`;
  return readCommit(store, writeCommit(store, { tree, parent: parent.oid, message, email, at }));
}

/** The words of `git revert`, so that people and their tools know them. */
const inverseMessage = (bad: Commit, order: Order): string =>
  [`Revert "${subjectOf(bad)}"`, `This reverts commit ${bad.oid}.`, trailers(order)].join('\n\n');

function scopedMessage(order: Order): string {
  const paths = order.lever.paths.join(', ');
  const reverts = order.undoes.map(({ oid }) => `This reverts commit ${oid} in ${paths}.`);
  return [`Return ${paths} to ${short(order.stretch.end)}`, reverts.join('\n'), trailers(order)].join('\n\n');
}

const trailers = ({ stretch, signed: { incident, fence } }: Order): string =>
  [`Reinstate-Incident: ${incident}`, `Reinstate-Fence: ${fence}`, `${RETURNS_TO}: ${stretch.end.oid}`].join(
    '\n',
  );

export const subjectOf = ({ subject }: Commit): string => printable(subject).slice(0, 100);
export const short = ({ oid }: Pick<Commit, 'oid'>): string => oid.slice(0, 7);

const MOST_NAMED = 3;
const listed = (paths: readonly string[]): string => {
  const named = paths.slice(0, MOST_NAMED).map((path) => printable(path).slice(0, 100));
  const more = paths.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** What a push has to bring: of all that a commit leads to, the objects that were made here. */
export function madeFor({ store }: Branch, head: string): string[] {
  const found = new Set<string>();
  const waiting = [head];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (!store.made.has(oid) || found.has(oid)) continue;
    found.add(oid);
    waiting.push(...linksOf(store, oid));
  }
  return [...found];
}

function linksOf(store: Branch['store'], oid: string): string[] {
  const object = store.objects.get(oid);
  if (object?.kind === 'commit') {
    const { tree, parents } = readCommit(store, oid);
    return [tree, ...parents];
  }
  return object?.kind === 'tree' ? [...readTree(store, oid).values()].map((entry) => entry.oid) : [];
}

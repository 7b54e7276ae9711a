/** What the lever does with a branch: over a real server, and over the twin of one. */
import { OutsideRefusal, OutsideTrouble, sentenceOf } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { GitLever } from '../../core/service.ts';
import type { Clock } from '../../ports/clock.ts';
import { retrying } from '../retry.ts';
import { badCommits, RETURNS_TO, type Stretch, stretchBack } from './bad-commits.ts';
import { type Branch, commitOf, openBranch } from './branch.ts';
import { readCommit, trailerOf } from './commits.ts';
import { contentOf, sameContent } from './content.ts';
import type { OpenRequest, PullRequest } from './hosts/host.ts';
import { madeFor, makeReturn, type Return, short, subjectOf } from './inverse.ts';
import { OID, type Store } from './objects.ts';
import { patchOf } from './patch.ts';
import type { PushEnd, Remote } from './remote.ts';

export interface GitPlace {
  readonly remote: Remote;
  readonly store: Store;
  readonly openRequest: OpenRequest;
  readonly clock: Clock;
  readonly environment: string;
  readonly lever: GitLever;
}

export interface GitOrder {
  readonly to: string;
  readonly incident: string;
  readonly fence: number;
  /** The branch's head that was seen before. */
  readonly seen: string | undefined;
}

/** `good`: the branch's head has the wanted content, by our push or before it. Else people have to do something. */
export type GitEnd =
  | { readonly kind: 'good'; readonly head: string; readonly branch: Branch }
  | { readonly kind: 'conflict'; readonly head: string; readonly why: string }
  /** Somebody pushed each time that we did: nothing of ours is there. */
  | { readonly kind: 'busy'; readonly why: string };

/** Somebody may push at the same time. */
const ROUNDS = 3;

/** @throws OutsideRefusal; OutsideTrouble where the server cannot be reached */
export async function putBack(place: GitPlace, order: GitOrder): Promise<GitEnd> {
  if (!OID.test(order.to))
    throw new OutsideRefusal(
      `Cannot return to "${printable(order.to).slice(0, 60)}": expected a commit, 40 hex digits`,
    );
  for (let round = 1; round <= ROUNDS; round += 1) {
    const end = await putBackOnce(place, order);
    if (end) return end;
  }
  const { remote, lever } = place;
  const why = `Cannot push to ${remote.name}: "${lever.branch}" moved ${ROUNDS} times meanwhile`;
  return { kind: 'busy', why };
}

/** @returns nothing where the branch moved under the push: then all is decided anew */
async function putBackOnce(place: GitPlace, order: GitOrder): Promise<GitEnd | undefined> {
  const { store, lever } = place;
  const branch = await openBranch(place);
  const stretch = await stretchBack(branch, order.to, lever.paths);
  const content = contentOf(store, branch.head, lever.paths);
  const { oid: head } = branch.head;
  if (sameContent(content, contentOf(store, stretch.end, lever.paths))) return { kind: 'good', head, branch };
  const why = await otherIn(branch, stretch, { ...order, lever });
  if (why) return { kind: 'conflict', head, why };
  const made = await makeReturn(branch, { stretch, lever }, { ...order, ...place, at: place.clock.now() });
  if (made.conflict !== undefined && lever.conflict === 'pull-request') {
    return asking(place, order, { branch, made, stretch, why: made.conflict });
  }
  const end = await pushed(place, branch, made);
  if (end.kind === 'moved') return undefined;
  if (end.kind === 'pushed')
    return { kind: 'good', head: made.head, branch: { ...branch, head: readCommit(store, made.head) } };
  return asking(place, order, {
    branch,
    made,
    stretch,
    why: `${host(place)} declined the push (${end.why})`,
  });
}

/** Who changed the paths since the plan saw them is left as they are. */
async function otherIn(
  branch: Branch,
  stretch: Stretch,
  { seen, lever: { branch: name, paths } }: GitOrder & Pick<GitPlace, 'lever'>,
): Promise<string | undefined> {
  const { store, head } = branch;
  if (seen === undefined || seen === head.oid) return undefined;
  const known = await commitOf(branch, seen);
  if (known && sameContent(contentOf(store, known, paths), contentOf(store, head, paths))) return undefined;
  const commit = badCommits(branch, stretch, paths)[0] ?? head;
  const who = printable(commit.author).slice(0, 60);
  return `"${name}" came to ${short(commit)} "${subjectOf(commit)}" by ${who} in between; it was left as it is`;
}

const pushed = ({ remote, lever }: GitPlace, branch: Branch, { head }: Return): Promise<PushEnd> =>
  remote.push({ branch: lever.branch, from: branch.head.oid, to: head, objects: objectsFor(branch, head) });

const objectsFor = (branch: Branch, head: string) =>
  madeFor(branch, head).flatMap((oid) => branch.store.objects.get(oid) ?? []);

const host = ({ remote }: GitPlace): string => URL.parse(remote.name)?.host ?? remote.name;

interface Asked {
  readonly branch: Branch;
  readonly made: Return;
  readonly stretch: Stretch;
  readonly why: string;
}

/** What Git does not take from us people merge. */
async function asking(place: GitPlace, order: GitOrder, asked: Asked): Promise<GitEnd> {
  const { branch, why } = asked;
  const from = await requestBranch(place, order, asked);
  const request = await requestText(place, order, asked);
  const open = await opened(place, { from, into: place.lever.branch, ...request });
  return { kind: 'conflict', head: branch.head.oid, why: `${why}; ${open}` };
}

/** The branch is there: an API that does not answer is not Git that cannot be reached. @returns what people do now */
async function opened({ clock, openRequest }: GitPlace, request: PullRequest): Promise<string> {
  const isTrouble = (error: unknown) => error instanceof OutsideTrouble;
  try {
    const url = await retrying({ ...API_TRIES, clock }, () => openRequest(request), isTrouble);
    return url === undefined
      ? `branch ${request.from} has the return: merge it`
      : `pull request ${url} is open: merge it`;
  } catch (error) {
    if (!isTrouble(error) && !(error instanceof OutsideRefusal)) throw error;
    return `branch ${request.from} has the return: merge it; no request is open (${sentenceOf(error)})`;
  }
}

const API_TRIES = { attempts: 3, budgetMs: 5000, firstWaitMs: 1000 };

/**
 * A branch that is there already is that of a first try: it stays as it is. Another lever of the incident may have it.
 * @returns its name
 */
async function requestBranch(place: GitPlace, order: GitOrder, asked: Asked): Promise<string> {
  const { remote, lever } = place;
  const { branch, made } = asked;
  const usual = `reinstate/${order.incident}`;
  for (const from of [usual, `${usual}-${lever.name}`]) {
    const objects = objectsFor(branch, made.head);
    const end = await remote.push({ branch: from, from: undefined, to: made.head, objects });
    if (end.kind === 'declined')
      throw new OutsideRefusal(`Cannot push branch ${from} to ${remote.name}: declined (${end.why})`);
    if (end.kind === 'pushed' || (await hasReturn(place, from, asked))) return from;
  }
  throw new OutsideRefusal(`Cannot push branch ${usual} to ${remote.name}: it is there with something else`);
}

async function hasReturn(
  { remote, store, lever: { paths } }: GitPlace,
  from: string,
  { stretch: { end } }: Asked,
): Promise<boolean> {
  const { head } = await openBranch({ remote, store, lever: { branch: from, paths } });
  const isSame = sameContent(contentOf(store, head, paths), contentOf(store, end, paths));
  return isSame && trailerOf(head, RETURNS_TO) === end.oid;
}

/** No text of others is Markdown: it would call people and close issues. */
const verbatim = (text: string): string => `\`${text.replaceAll('`', "'")}\``;
const MOST_UNDONE = 10;

async function requestText(
  { lever }: GitPlace,
  { incident, to }: GitOrder,
  { branch, made, why }: Asked,
): Promise<{ title: string; body: string }> {
  const patch = await patchOf(branch, made.head, lever.paths);
  const undone = made.undoes
    .slice(0, MOST_UNDONE)
    .map((commit) => `- ${commit.oid} ${verbatim(subjectOf(commit))}`);
  const more = made.undoes.length - undone.length;
  if (more > 0) undone.push(`- and ${more} more`);
  const fence = '`'.repeat(
    Math.max(3, 1 + Math.max(0, ...[...patch.matchAll(/`+/g)].map(([run]) => run.length))),
  );
  const body = [
    `Incident ${incident}: returns ${lever.paths.join(', ')} to ${to}.`,
    `It was not pushed to \`${lever.branch}\` because ${verbatim(why)}.`,
    `It undoes:\n${undone.join('\n')}`,
    `${fence}diff\n${patch}${fence}`,
  ];
  return {
    title: `Return ${lever.paths.join(', ')} to ${to.slice(0, 7)} (${incident})`,
    body: body.join('\n\n'),
  };
}

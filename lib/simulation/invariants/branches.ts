/** What may happen to a branch of Git. */

import type { MemoryRepository } from '../../adapters/memory/git.ts';
import {
  type Commit,
  type Entry,
  entryAt,
  FOLDER,
  isFolder,
  readCommit,
  readTree,
  type Store,
} from '../../adapters/memory/git-objects.ts';
import type { GitLever } from '../../core/service.ts';
import type { Past, Step } from '../witness.ts';
import { type Acting, actOf } from './acting.ts';
import { NONE } from './past.ts';

/** No force, no branch but the lever's and the incident's own, no path but the service's. */
export function onlyGrows(past: Past) {
  let heads = new Map<string, string>();
  return (step: Step): readonly string[] => {
    const before = heads;
    heads = headsOf(past);
    const act = actOf(step);
    if (!act || step.operation !== 'git.Push') return NONE;
    const moved = [...heads].filter(([name, head]) => before.get(name) !== head);
    return [
      ...moved.flatMap(([name, to]) => wrongIn(past, { act, name, from: before.get(name), to })),
      ...needlessIn(step),
    ];
  };
}

/** By `<repository>@<branch>`. */
const headsOf = ({ world }: Past): Map<string, string> =>
  new Map(
    [...world.repositories.values()].flatMap(({ url, branches }) =>
      [...branches].map(([branch, head]) => [`${url}@${branch}`, head] as const),
    ),
  );

interface Pushed {
  readonly act: Acting;
  /** `<repository>@<branch>`. */
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
}

function wrongIn(past: Past, pushed: Pushed): string[] {
  const { act, name } = pushed;
  const wrong = leversOf(past, act.service)
    .filter((lever) => namesOf(lever, act).includes(name))
    .map((lever) => wrongFor(past, lever, pushed));
  const who = `${act.worker.id} pushes ${pushed.to} to ${name}`;
  if (wrong.length === 0) return [`${who}, which is not the service's`];
  // A branch for a request may be of any of them.
  return wrong.some((why) => why.length === 0) ? [] : wrong.flat().map((why) => `${who}, ${why}`);
}

const namesOf = ({ repository, branch, name }: GitLever, { incident }: Acting): string[] =>
  [branch, `reinstate/${incident}`, `reinstate/${incident}-${name}`].map((one) => `${repository}@${one}`);

function wrongFor({ world }: Past, lever: GitLever, pushed: Pushed): string[] {
  const repository = world.repositories.get(lever.repository);
  const made = repository && madeSince(repository, pushed);
  if (!made) return [`which does not come from ${pushed.from}`];
  return made.flatMap((commit) => strayIn(repository.store, lever, commit));
}

const leversOf = ({ services }: Past, name: string): GitLever[] =>
  services
    .filter(({ armed }) => armed.service.name === name)
    .flatMap(({ armed }) => armed.service.levers.filter((lever) => lever.kind === 'git'));

/** More of our own no incident makes at once. */
const MOST = 60;

/**
 * Commits upon `from`, newest first; nothing where they do not stand upon it. A new branch stands upon whatever somebody
 * else has made.
 */
function madeSince(
  { store }: MemoryRepository,
  { from, to }: Pick<Pushed, 'from' | 'to'>,
): Commit[] | undefined {
  const made: Commit[] = [];
  for (let at: string | undefined = to; at !== undefined && made.length < MOST; ) {
    if (at === from) return made;
    const commit = readCommit(store, at);
    if (from === undefined && commit.author !== 'Reinstate') return made;
    made.push(commit);
    at = commit.parents[0];
  }
  return undefined;
}

/** What a commit changes that is not the service's: only the inverse of a commit may, and nothing of other services. */
function strayIn(store: Store, { paths, others }: GitLever, commit: Commit): string[] {
  const [parent = ''] = commit.parents;
  const before = readCommit(store, parent).tree;
  const [, undone] = /^This reverts commit ([0-9a-f]{40})\.$/m.exec(commit.message) ?? [];
  const bad = undone === undefined || !store.objects.has(undone) ? undefined : readCommit(store, undone);
  return changedIn(store, [folderOf(before), folderOf(commit.tree)])
    .filter((path) => !isBelow(path, paths))
    .flatMap((path) => {
      if (isBelow(path, others)) return [`and changes ${path}, which is another service's`];
      return bad && isInverse(store, bad, { before, after: commit.tree, path })
        ? []
        : [`and changes ${path}, which is not the service's`];
    });
}

const folderOf = (oid: string): Entry => ({ mode: FOLDER, oid });

interface Changed {
  /** Trees. */
  readonly before: string;
  readonly after: string;
  readonly path: string;
}

function isInverse(store: Store, bad: Commit, { before, after, path }: Changed): boolean {
  const [parent = ''] = bad.parents;
  const at = (tree: string) => entryAt(store, tree, path)?.oid;
  const [good, was, stood, stands] = [readCommit(store, parent).tree, bad.tree, before, after].map(at);
  if (good === was) return false;
  return stood !== was || stands === good;
}

const isBelow = (path: string, paths: readonly string[]): boolean =>
  paths.some((own) => own === '.' || path === own || path.startsWith(`${own}/`));

/** Files that differ. */
function changedIn(store: Store, entries: readonly (Entry | undefined)[], path?: string): string[] {
  const [one, other] = entries;
  if (one?.oid === other?.oid && one?.mode === other?.mode) return [];
  if (!isFolder(one) && !isFolder(other)) return [path ?? '.'];
  const [a, b] = entries.map((entry) => readTree(store, isFolder(entry) ? entry.oid : undefined));
  const names = new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]);
  const below = (name: string) => (path === undefined ? name : `${path}/${name}`);
  return [...names].flatMap((name) => changedIn(store, [a?.get(name), b?.get(name)], below(name)));
}

/** A push without which the content was what it is now. */
function needlessIn({ by, targets }: Step): string[] {
  const moved = targets.filter(({ target }) => target.startsWith('git-head:'));
  return moved
    .filter(({ target }) => !targets.some((t) => t.target === target.replace('git-head:', 'git:')))
    .map(({ target, after }) => `${by === 'somebody' ? by : by.id} pushes ${after} to ${target} for nothing`);
}

/** What Argo CD owns it would put back: no template of it is ever patched. */
export const leavesSpecToGit =
  (past: Past) =>
  (step: Step): readonly string[] => {
    const act = actOf(step);
    if (!act) return NONE;
    return step.targets.flatMap(({ target, after }) => {
      const rollout = past.world.rollouts.get(target.replace(/^rollout-spec:/, 'rollout:'));
      const isTemplate = target.startsWith('rollout-spec:') || target.startsWith('deployment:');
      const { owner } = past.world.deployments.get(target) ?? rollout ?? {};
      return isTemplate && owner?.kind === 'argocd'
        ? [`${act.worker.id} patches ${target} to ${after}, which Argo CD owns`]
        : [];
    });
  };

/** What may happen to a branch of Git, and how it has to stand afterwards. */
import type { MemoryRepository } from '../../adapters/memory/git.ts';
import {
  type Commit,
  type Entry,
  entryAt,
  isFolder,
  readCommit,
  readTree,
  type Store,
} from '../../adapters/memory/git-objects.ts';
import { keys } from '../../core/keys.ts';
import type { PlanResult } from '../../core/plan.ts';
import type { GitLever } from '../../core/service.ts';
import { type Receipt, tookEffect } from '../../core/step.ts';
import type { VerdictRecord } from '../../core/verdict.ts';
import { isPersons, type Past, type Step } from '../witness.ts';
import { standing, type TableChange } from '../world.ts';
import { type Acting, actOf } from './acting.ts';
import { itemOf, itemsOf, NONE } from './past.ts';

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
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
}

function wrongIn(past: Past, { act, name, from, to }: Pushed): string[] {
  const who = `${act.worker.id} pushes ${to} to ${name}`;
  const lever = leversOf(past, act.service).find(
    ({ repository, branch }) =>
      name === `${repository}@${branch}` || name === `${repository}@reinstate/${act.incident}`,
  );
  const repository = lever && past.world.repositories.get(lever.repository);
  if (!lever || !repository) return [`${who}, which is not the service's`];
  const made = madeSince(repository, { from: from ?? headOn(repository, lever), to });
  if (!made) return [`${who}, which does not come from ${from}`];
  return made.flatMap((commit) => strayIn(repository.store, lever, commit).map((path) => `${who}: ${path}`));
}

const leversOf = ({ services }: Past, name: string): GitLever[] =>
  services
    .filter(({ armed }) => armed.service.name === name)
    .flatMap(({ armed }) => armed.service.levers.filter((lever) => lever.kind === 'git'));

const headOn = ({ branches }: MemoryRepository, { branch }: GitLever): string => branches.get(branch) ?? '';

/** More of our own no incident makes at once. */
const MOST = 60;

/** Commits upon `from`, newest first; nothing where they do not stand upon it. */
function madeSince(
  { store }: MemoryRepository,
  { from, to }: { readonly from: string; readonly to: string },
): Commit[] | undefined {
  const made: Commit[] = [];
  for (let at: string | undefined = to; at !== undefined && made.length < MOST; ) {
    if (at === from) return made;
    const commit = readCommit(store, at);
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
      if (isBelow(path, others)) return [`it changes ${path}, which is another service's`];
      return bad && isInverse(store, bad, { before, after: commit.tree, path })
        ? []
        : [`it changes ${path}, which is not the service's`];
    });
}

const folderOf = (oid: string): Entry => ({ mode: '40000', oid });

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

/** `recovered` is not said of a branch that we returned, and that held something else when it was judged. */
export function branchWasGood(past: Past) {
  /** When each branch came to what it holds, by target. */
  const since = new Map<string, { readonly at: number; readonly value: string | null }>();
  return (step: Step): readonly string[] => {
    for (const { target, after } of step.targets)
      if (target.startsWith('git:')) since.set(target, { at: step.at, value: after });
    return step.table.filter(recovers).flatMap((change) =>
      leftBy(past, change).flatMap(({ pk, target, wanted, returned }) => {
        const held = since.get(target);
        const judgedAt = itemsOf<VerdictRecord>(past, pk, 'verdict#').at(-1)?.judgedAt ?? 0;
        const stood = held !== undefined && held.at < judgedAt - past.clocksDifferMs - LONGEST_LOOK_MS;
        return returned && stood && held.value !== wanted
          ? [`${pk} recovered, and ${target} has held ${held.value} for a while`]
          : [];
      }),
    );
  };
}

/** From the first reading of a look to its verdict. */
const LONGEST_LOOK_MS = 10_000;

/** Where a branch still holds the bad content the next sync ships it again: then people hear of it. */
export function branchIsGood(past: Past) {
  const left = new Map<string, Left>();
  const written = new Map<string, number>();
  const note = (step: Step): readonly string[] => {
    if (isPersons(step))
      for (const { target } of step.targets.filter((t) => t.target.startsWith('git:'))) {
        written.set(target, step.at);
        left.delete(target);
      }
    for (const one of step.table.filter(recovers).flatMap((change) => leftBy(past, change)))
      if ((written.get(one.target) ?? 0) < settledAt(past, one.pk)) left.set(one.target, one);
    return NONE;
  };
  return {
    step: note,
    end: () => [...[...left.values()].flatMap((one) => leftBad(past, one)), ...frozenUntold(past)],
  };
}

/** A branch as an incident that recovered has left it. */
interface Left {
  readonly pk: string;
  readonly target: string;
  readonly wanted: string | null;
  /** Whether a step of ours has seen it good. */
  readonly returned: boolean;
}

const recovers = ({ key, before, after }: TableChange): boolean =>
  key.sk === 'incident' && after?.['ending'] === 'recovered' && !before?.['ending'];

function leftBy(past: Past, { key: { pk } }: TableChange): Left[] {
  const result = itemOf<PlanResult>(past, keys.plan(pk.slice('incident#'.length)));
  const rungs = result?.outcome === 'planned' ? result.plan.rungs : [];
  const took = itemsOf<Receipt>(past, pk, 'receipt#')
    .filter(tookEffect)
    .map(({ step }) => step);
  return rungs
    .flatMap(({ steps, settle }) => [...steps, ...settle])
    .filter(({ id, lever }) => lever.kind === 'git' && took.includes(id.replace(/\.s\d+$/, '')))
    .map(({ id, target, to }) => ({ pk, target, wanted: to.value, returned: took.includes(id) }));
}

function settledAt(past: Past, pk: string): number {
  const looked = itemsOf<Receipt>(past, pk, 'receipt#').map(({ startedAt }) => startedAt);
  return Math.max(0, ...looked) - past.clocksDifferMs;
}

const isPaged = ({ told }: Past, incident: string): boolean =>
  told.some((t) => t.urgency === 'page' && t.incident === incident);

function leftBad(past: Past, { pk, target, wanted }: Left): string[] {
  if (isPaged(past, pk.slice('incident#'.length))) return [];
  const held = past.services.flatMap((service) => [...standing(past.world, service)]);
  const now = held.find(([name]) => name === target)?.[1];
  return now === wanted ? [] : [`${pk} recovered, ${target} holds ${now}, not ${wanted}; nobody was paged`];
}

/** Whoever turned auto-sync off has told people. */
const frozenUntold = (past: Past): string[] =>
  [...past.world.applications].flatMap(([target, { frozenBy }]) =>
    frozenBy === undefined || isPaged(past, frozenBy)
      ? []
      : [`application ${target} is frozen by ${frozenBy}, and nobody was paged`],
  );

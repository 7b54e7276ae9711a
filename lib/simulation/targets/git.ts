import { podsOf } from '../../adapters/memory/deployment.ts';
import {
  commitFiles,
  fileAt,
  headAt,
  imagesIn,
  type MemoryApplication,
  makeRepository,
  repositoryAt,
  squashHistory,
  startApplication,
  syncAtOnce,
} from '../../adapters/memory/git.ts';
import { contentOf, readCommit, type Store, sameContent } from '../../adapters/memory/git-objects.ts';
import { type Images, podHashOf } from '../../adapters/memory/rollout.ts';
import type { MemoryWorld } from '../../adapters/memory/world.ts';
import { COMMIT } from '../../core/git-lever.ts';
import { type GitLever, targetOf } from '../../core/service.ts';
import { isOf } from '../../core/spec-owner.ts';
import type { Owner } from '../../core/step.ts';
import {
  commitImages,
  type Deployed,
  NEIGHBOUR,
  NOTES,
  pastOf,
  release,
  syncerTarget,
  textNow,
} from './branch.ts';
import { GOOD_RELEASES, imagesOf } from './chart.ts';
import { promoteAtOnce } from './rollout.ts';
import type { Target } from './target.ts';

/** A branch with a file for each object that its Application owns; they have to be there before it. */
export const gitTarget: Target<GitLever> = {
  make: (world, lever) => {
    begin(world, lever);
    const deploys = deploysOf(world, lever);
    const application = startApplication(world, syncerTarget(lever), {
      name: lever.application?.name ?? lever.name,
      repository: lever.repository,
      branch: lever.branch,
      deploys,
      owner: ownerBy(lever),
      ...(lever.application ? {} : OF_CI),
    });
    commitImages(world, application, { deployed: tagged(application, 1), message: 'Ship release 1' });
    const deployed = liveOr(world, application, GOOD_RELEASES - 1);
    commitImages(world, application, { deployed, message: 'Ship release 2' });
    syncAtOnce(world, application);
  },
  renew: (world, lever) => {
    const application = syncerOf(world, lever);
    if (application) release(world, application, liveOr(world, application, GOOD_RELEASES));
  },
  held: (world, lever, good) => {
    const repository = repositoryAt(world, lever.repository);
    const head = headAt(repository, lever.branch) ?? null;
    const application = syncerOf(world, lever);
    return [
      [targetOf(lever), head === null ? null : knownAs(repository.store, lever, { head, good })],
      [headOf(lever), head],
      [policyOf(lever), application ? policyIn(application) : null],
    ];
  },
  served: (world, lever) => {
    const application = syncerOf(world, lever);
    return Object.keys(application?.deploys ?? {}).flatMap((target) => ownPods(world, lever, target));
  },
  ship: (world, lever, stage) => {
    const application = syncerOf(world, lever);
    if (!application) return new Map();
    const deployed = tagged(application, `bad-${tagIn(world, lever)}`);
    const oid = release(world, application, deployed);
    if (stage === 'complete') for (const target of Object.keys(deployed)) promoteAtOnce(world, target);
    const hashes = Object.entries(deployed).map(([target, images]) => [target, podHashOf(images)] as const);
    return new Map([...hashes, [targetOf(lever), oid]]);
  },
  put: (world, lever, value) => {
    const application = syncerOf(world, lever);
    if (application && COMMIT.test(value)) putBack(world, application, value);
  },
  own: (world, lever) => {
    const application = syncerOf(world, lever);
    if (!application) return '';
    const deployed = tagged(application, `own-${tagIn(world, lever)}`);
    return commitImages(world, application, { deployed, message: 'Try something' });
  },
  forget: (world, lever) => {
    squashHistory(world, lever.repository, lever.branch);
  },
};

/** A job that deploys whatever is there, every now and then, and heals nothing. */
const OF_CI = { pollMs: 20_000, selfHeal: false } as const;

export const headOf = (lever: GitLever): string => targetOf(lever).replace('git:', 'git-head:');
const policyOf = (lever: GitLever): string => `application:${syncerTarget(lever)}`;

export const syncerOf = (world: MemoryWorld, lever: GitLever): MemoryApplication | undefined =>
  world.applications.get(syncerTarget(lever));

const policyIn = ({ auto, frozenBy }: MemoryApplication): string =>
  `${auto ? 'auto-sync' : 'no auto-sync'}${frozenBy === undefined ? '' : ` since ${frozenBy}`}`;

const ownerBy = ({ application }: GitLever): Owner | undefined =>
  application && { kind: 'argocd', application: application.name, namespace: application.namespace };

/** What is there before anybody ships: others' files among it. */
function begin(world: MemoryWorld, { repository: url, branch, others }: GitLever): void {
  const repository = world.repositories.get(url) ?? makeRepository(world, url);
  if (repository.branches.has(branch)) return;
  const theirs = others.map((path) => [fileIn(path, 'values'), 'tag: 1\n'] as const);
  const files = { [NOTES]: 'release 0\n', [NEIGHBOUR]: 'web: neighbour:0\n', ...Object.fromEntries(theirs) };
  commitFiles(world, url, { branch, files, message: 'Begin' });
}

/** A file of an object in a service's path; a path that is a file itself. */
const fileIn = (path: string, name: string): string => {
  if (path === '.') return `${name}.yaml`;
  return path.split('/').at(-1)?.includes('.') ? path : `${path}/${name}.yaml`;
};

/** Each object that is its own, by its file; where there is none, pods that have no lever. */
function deploysOf(world: MemoryWorld, lever: GitLever): Record<string, string> {
  const owned = [...world.rollouts, ...world.deployments].filter(
    ([, { owner }]) => owner && isOf(lever, owner),
  );
  const names =
    owned.length > 0 ? owned.map(([target]) => target) : [`deployment:${OWN}/${syncerTarget(lever)}`];
  const [path = '.'] = lever.paths;
  const byFile = new Map(names.map((target) => [fileIn(path, target.split('/').at(-1) ?? ''), target]));
  return Object.fromEntries([...byFile].map(([file, target]) => [target, file]));
}

/** Pods of a branch whose service has no lever for them. */
const OWN = 'of-branch';

const nameOf = (target: string): string => target.split('/').at(-1) ?? '';

const tagged = ({ deploys }: MemoryApplication, tag: number | string): Deployed =>
  Object.fromEntries(Object.keys(deploys).map((target) => [target, imagesOf(nameOf(target), tag)]));

const tagIn = (world: MemoryWorld, { repository }: GitLever): number =>
  pastOf(repositoryAt(world, repository)).first.size;

/** As the objects are now, which their own levers have released; the branch's own pods get the next tag. */
function liveOr(world: MemoryWorld, application: MemoryApplication, tag: number): Deployed {
  return Object.fromEntries(
    Object.keys(application.deploys).map((target): [string, Images] => {
      const live = target.includes(`:${OWN}/`)
        ? undefined
        : (world.rollouts.get(target) ?? world.deployments.get(target));
      return [target, live?.images ?? imagesOf(nameOf(target), tag)];
    }),
  );
}

/** The files of that commit, as a commit of somebody's own. */
function putBack(world: MemoryWorld, application: MemoryApplication, value: string): void {
  const repository = repositoryAt(world, application.repository);
  if (!repository.store.objects.has(value)) return;
  const paths = Object.entries(application.deploys);
  const texts = paths.map(([target, path]) => [target, path, fileAt(repository, value, path) ?? ''] as const);
  if (texts.every(([, path, text]) => text === textNow(world, application, path))) return;
  const deployed = Object.fromEntries(texts.map(([target, , text]) => [target, imagesIn(text)]));
  commitImages(world, application, { deployed, message: `As of ${value.slice(0, 7)}` });
}

/** Pods of its own, by the first commit that had their images. */
function ownPods(world: MemoryWorld, lever: GitLever, target: string): string[] {
  const deployment = target.includes(`:${OWN}/`) ? world.deployments.get(target) : undefined;
  if (!deployment) return [];
  const { first } = pastOf(repositoryAt(world, lever.repository));
  return [...podsOf(deployment).keys()].map((hash) => first.get(`${target} ${hash}`) ?? hash);
}

interface Looked {
  readonly head: string;
  readonly good: ReadonlySet<string>;
}

interface Answer {
  readonly head: string;
  readonly of: number;
  readonly value: string;
}

/** The last answer of each lever: it is asked for after every call. */
const answers = new WeakMap<GitLever, Answer>();

/** What the branch's content is: that of a good commit, or of the newest that changed it. */
function knownAs(store: Store, lever: GitLever, looked: Looked): string {
  const last = answers.get(lever);
  if (last?.head === looked.head && last.of === looked.good.size) return last.value;
  const value = lookedUp(store, lever, looked);
  answers.set(lever, { head: looked.head, of: looked.good.size, value });
  return value;
}

function lookedUp(store: Store, { paths }: GitLever, { head, good }: Looked): string {
  const at = (oid: string) => contentOf(store, readCommit(store, oid), paths);
  const content = at(head);
  const known = [...good].find(
    (value) => COMMIT.test(value) && store.objects.has(value) && sameContent(at(value), content),
  );
  if (known !== undefined) return known;
  let newest = head;
  for (let parent = parentOf(store, head); parent !== undefined; parent = parentOf(store, newest)) {
    if (!sameContent(at(parent), content)) break;
    newest = parent;
  }
  return newest;
}

export const parentOf = (store: Store, oid: string): string | undefined => readCommit(store, oid).parents[0];

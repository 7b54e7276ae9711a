/** What is deployed from a branch of a simulated repository: a file for each object, which has its images. */
import {
  applicationTarget,
  commitFiles,
  fileAt,
  headAt,
  type MemoryApplication,
  type MemoryRepository,
  repositoryAt,
  syncAtOnce,
} from '../../adapters/memory/git.ts';
import { type Images, podHashOf } from '../../adapters/memory/rollout.ts';
import type { MemoryWorld } from '../../adapters/memory/world.ts';
import { type GitLever, targetOf } from '../../core/service.ts';

/**
 * How people of a repository ship: on the branch itself, by a merge, with a file that is nobody's, or with one that
 * belongs to another service.
 */
export type Habit = 'plain' | 'merge' | 'beside' | 'shared';

/** Nobody's file: what is changed there is no service's business. */
export const NOTES = 'NOTES.md';

interface Past {
  habit: Habit;
  /** The first commit that had these images, by the object's target and the hash of its pods. */
  readonly first: Map<string, string>;
}

const pasts = new WeakMap<MemoryRepository, Past>();

export function pastOf(repository: MemoryRepository): Past {
  const past = pasts.get(repository) ?? { habit: 'plain', first: new Map() };
  pasts.set(repository, past);
  return past;
}

/** Where the Application of a lever is; where it names none, whatever else deploys the branch. */
export const syncerTarget = ({ application, ...lever }: GitLever): string =>
  application ? applicationTarget({ ...lever, application }) : `ci/${targetOf(lever)}`;

/** What deploys an object from a branch; nothing where people apply it. */
export const deployerOf = (world: MemoryWorld, target: string): MemoryApplication | undefined =>
  [...world.applications.values()].find(({ deploys }) => deploys[target] !== undefined);

export const imagesText = (images: Images): string =>
  Object.entries(images)
    .map(([container, image]) => `${container}: ${image}\n`)
    .join('');

/** Images by the target of the object. */
export type Deployed = Readonly<Record<string, Images>>;

export interface Commit {
  readonly message: string;
  readonly author?: string;
  readonly deployed: Deployed;
  /** Other files of the same commit. */
  readonly files?: Readonly<Record<string, string>>;
  readonly merged?: boolean;
}

/** A commit that changes these images. @returns it */
export function commitImages(
  world: MemoryWorld,
  { repository: url, branch, deploys }: MemoryApplication,
  { deployed, files, ...commit }: Commit,
): string {
  const own = Object.entries(deployed).flatMap(([target, images]) => {
    const path = deploys[target];
    return path === undefined ? [] : [[path, imagesText(images)] as const];
  });
  const oid = commitFiles(world, url, { ...commit, branch, files: { ...files, ...Object.fromEntries(own) } });
  const { first } = pastOf(repositoryAt(world, url));
  for (const [target, images] of Object.entries(deployed)) {
    const key = `${target} ${podHashOf(images)}`;
    first.set(key, first.get(key) ?? oid);
  }
  return oid;
}

/** The same as people of this repository do it, and synced before anybody notices. */
export function release(world: MemoryWorld, application: MemoryApplication, deployed: Deployed): string {
  const { habit, first } = pastOf(repositoryAt(world, application.repository));
  const files: Record<Habit, Readonly<Record<string, string>>> = {
    plain: {},
    merge: {},
    beside: { [NOTES]: `release ${first.size}\n` },
    shared: { [NEIGHBOUR]: `web: neighbour:${first.size}\n` },
  };
  const message = `Ship release ${first.size + 1}`;
  const commit = { deployed, message, merged: habit === 'merge', files: files[habit] };
  const oid = commitImages(world, application, commit);
  syncAtOnce(world, application);
  return oid;
}

/** Another service's file, in the same repository. */
export const NEIGHBOUR = 'neighbour/values.yaml';

/** The file of an object as the branch has it now. */
export function textNow(
  world: MemoryWorld,
  { repository: url, branch }: MemoryApplication,
  path: string,
): string | undefined {
  const repository = repositoryAt(world, url);
  const head = headAt(repository, branch);
  return head === undefined ? undefined : fileAt(repository, head, path);
}

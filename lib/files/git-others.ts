import { sameRepository } from '../core/git-lever.ts';
import type { GitLever, Lever, Service } from '../core/service.ts';

/** A service whose git levers know the paths that other services have on the same branch. */
export const withOthers = (service: Service, all: readonly Service[]): Service => {
  const beside = all.filter((other) => other !== service).flatMap(({ levers }) => levers.filter(isGit));
  const othersOf = (lever: GitLever) => [
    ...new Set(beside.filter((other) => isSameBranch(lever, other)).flatMap(({ paths }) => paths)),
  ];
  const levers = service.levers.map((lever) =>
    isGit(lever) ? { ...lever, others: othersOf(lever) } : lever,
  );
  return { ...service, levers };
};

const isGit = (lever: Lever): lever is GitLever => lever.kind === 'git';

const isSameBranch = (one: GitLever, other: GitLever): boolean =>
  one.branch === other.branch && sameRepository(one.repository) === sameRepository(other.repository);

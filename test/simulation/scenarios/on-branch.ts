/** Days of a service whose spec is a branch's, and what they came to. */
import type { Commit } from '../../../lib/adapters/git/commits.ts';
import { readCommit } from '../../../lib/adapters/git/commits.ts';
import {
  headAt,
  type MemoryApplication,
  type MemoryRepository,
  repositoryAt,
} from '../../../lib/adapters/memory/git.ts';
import { sharesOf } from '../../../lib/adapters/memory/rollout.ts';
import type { GitLever, Pull, RolloutLever } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { syncerOf } from '../../../lib/simulation/targets/git.ts';
import { BRANCH, branchSvc, canary, HASH } from '../clusters.ts';
import { type Day, day, type Setting } from '../scenario.ts';
import type { Turn } from './on-cluster.ts';

/** Pod-template-hashes of the simulated Rollout. */
export { BAD_OF_OTHERS as BAD, GOOD } from './on-cluster.ts';

export interface BranchSetting extends Setting {
  /** @default `do: model-canary back` */
  readonly ladder?: readonly (readonly Pull[])[];
  readonly branch?: Partial<GitLever>;
  readonly rollout?: Partial<RolloutLever>;
}

/** A bad canary at 10 %, which a commit brought, unless the setting says otherwise. */
export function branchDay(
  { ladder = [[canary]], branch = {}, rollout = {}, ...setting }: BranchSetting = {},
  happens?: (environment: Environment) => void,
): Promise<Day> {
  const services = [branchSvc(ladder, { branch: { others: ['neighbour'], ...branch }, rollout })] as const;
  return day(happens, { services, breaks: ['model-canary'], ...setting });
}

export interface BranchCame {
  readonly end: string;
  readonly steps: Readonly<Record<string, string>>;
  /** Percent of requests by pod-template-hash. */
  readonly serves: Readonly<Record<string, number>>;
  /** Whether the branch holds what the newest baseline does. */
  readonly isGood: boolean;
  /** Subjects of what Reinstate pushed to the branch, newest first; the names of commits are `<sha>`. */
  readonly pushed: readonly string[];
  /** How Argo CD syncs. */
  readonly sync: string | null;
  readonly pages: readonly string[];
  readonly violations: readonly string[];
}

export function branchCame(seen: Day): BranchCame {
  const { incident, receipts, pages, violations, holds, environment, service } = seen;
  const rollout = environment.world.rollouts.get(HASH);
  return {
    end: `${incident.ending ?? 'no ending'}, ${incident.state}`,
    steps: Object.fromEntries(receipts.map(({ step, outcome }) => [step, outcome])),
    serves: rollout ? Object.fromEntries(sharesOf(rollout)) : {},
    isGood: holds[BRANCH] === service.baselines[0]?.[BRANCH]?.value,
    pushed: historyOf(seen)
      .filter(({ author }) => author === 'Reinstate')
      .map(({ subject }) => subject.replace(/\b[0-9a-f]{7}\b/, '<sha>')),
    sync: holds['application:shop/argocd/model-svc'] ?? null,
    pages: pages.map(({ subject }) => subject),
    violations: violations.map(({ invariant, what }) => `${invariant}: ${what}`),
  };
}

const leverOf = (environment: Environment): GitLever => {
  const levers = environment.witness.services.flatMap(({ armed }) => armed.service.levers);
  const lever = levers.find((one) => one.kind === 'git');
  if (!lever) throw new Error('Cannot look at a branch: no service has one');
  return lever;
};

export const repositoryOf = (environment: Environment): MemoryRepository =>
  repositoryAt(environment.world, leverOf(environment).repository);

export function applicationIn(environment: Environment): MemoryApplication {
  const found = syncerOf(environment.world, leverOf(environment));
  if (!found) throw new Error('Cannot find the Application of the branch');
  return found;
}

/** Of the branch, newest first; of a merge its first parent. */
export function historyOf({ environment }: Pick<Day, 'environment'>): Commit[] {
  const repository = repositoryOf(environment);
  const commits: Commit[] = [];
  for (let at = headAt(repository, 'main'); at !== undefined; at = commits.at(-1)?.parents[0])
    commits.push(readCommit(repository.store, at));
  return commits;
}

/** Aborted, settled by a commit, proven: nobody is paged. */
export const WELL: BranchCame = {
  end: 'recovered, closed',
  steps: { '1.1': 'applied', '1.1.s1': 'applied' },
  serves: { e2f75824c9: 100 },
  isGood: true,
  pushed: ['Revert "Ship release 4"'],
  sync: 'auto-sync',
  pages: [],
  violations: [],
};

/** Several of them, in the order in which they are asked. */
export const both =
  (...turns: readonly ((environment: Environment) => void)[]) =>
  (environment: Environment): void => {
    const scripts = turns.map((turn) => {
      turn(environment);
      return environment.script;
    });
    environment.script = (worker, moment) =>
      scripts.map((script) => script(worker, moment)).find((fate) => fate !== undefined);
  };

/** Before the first release of the day. */
export const early =
  (...turns: readonly Turn[]) =>
  (environment: Environment): void => {
    const [service] = environment.witness.services;
    environment.later(60_000, () => {
      if (service)
        for (const turn of turns) environment.witness.somebody('somebody', () => turn(environment, service));
    });
  };

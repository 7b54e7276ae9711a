import type { Levers } from '../../ports/lever.ts';
import { alias } from './alias.ts';
import { deployment } from './deployment.ts';
import { type FlagDeps, flag } from './flag.ts';
import { type GitDeps, git } from './git.ts';
import { type HelmDeps, helm } from './helm.ts';
import type { MlflowDeps } from './mlflow.ts';
import { rollout } from './rollout.ts';

/** Every kind of lever, for stages that read them all; an apply function takes its own kind only. */
export const leverRegistry = (deps: FlagDeps & MlflowDeps & HelmDeps & GitDeps): Levers => ({
  flag: flag(deps),
  alias: alias(deps),
  rollout: rollout(deps),
  deployment: deployment(deps),
  helm: helm(deps),
  git: git(deps),
});

import * as z from 'zod/mini';
import { servedAt } from './served-at.ts';

/** How a pull request is opened at the host of a repository. `plain`: a branch is pushed, and people open it. */
export const GIT_HOSTS = ['gitea', 'github', 'gitlab', 'plain'] as const;
export const gitHost = z.enum(GIT_HOSTS);
export type GitHost = z.infer<typeof gitHost>;

/**
 * Where a bad commit does not revert cleanly. `paths`: the service's paths return to what the baseline's commit holds;
 * `pull-request`: people are asked.
 */
export const ON_GIT_CONFLICT = ['paths', 'pull-request'] as const;
export const onGitConflict = z.enum(ON_GIT_CONFLICT);
export type OnGitConflict = z.infer<typeof onGitConflict>;

/** An Application of Argo CD: `cluster` is a key of the environment's `clusters`, the one where the Application stands. */
export const argoApplication = z.strictObject({
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
});
export type ArgoApplication = z.infer<typeof argoApplication>;

/**
 * A branch of a Git repository that holds what is deployed. Its value is a commit (40 hex digits), of which only
 * `paths` count: folders or files, `.` for all. `others` are the paths of other services of the environment on the same
 * branch: a commit that touches them is not reverted as a whole. With `application` the value is what Argo CD has
 * synced. `secret` is the ARN of a secret with `{"username","password"}` or `{"token"}`, read at use.
 */
export const gitLever = z.strictObject({
  kind: z.literal('git'),
  name: z.string(),
  repository: z.string(),
  branch: z.string(),
  paths: z.array(z.string()),
  others: z.array(z.string()),
  secret: z.optional(z.string()),
  host: gitHost,
  conflict: onGitConflict,
  application: z.optional(argoApplication),
  cacheSeconds: z.number(),
  served: z.optional(servedAt),
});
export type GitLever = z.infer<typeof gitLever>;

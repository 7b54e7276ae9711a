import * as z from 'zod/mini';
import { servedAt } from './served-at.ts';

/** How a pull request is opened at the host of a repository. `plain`: a branch is pushed, and people open it. */
export const GIT_HOSTS = ['gitea', 'github', 'gitlab', 'plain'] as const;
const gitHost = z.enum(GIT_HOSTS);
export type GitHost = z.infer<typeof gitHost>;

/**
 * Where a bad commit does not revert cleanly. `paths`: the service's paths return to what the baseline's commit holds;
 * `pull-request`: people are asked.
 */
export const ON_GIT_CONFLICT = ['paths', 'pull-request'] as const;
const onGitConflict = z.enum(ON_GIT_CONFLICT);

/** An Application of Argo CD: `cluster` is a key of the environment's `clusters`, the one where the Application stands. */
const argoApplication = z.strictObject({
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

/** The name of a commit: SHA-1, in full. Short names and branches are moved by others. */
export const COMMIT = /^[0-9a-f]{40}$/;

/** The commit that a value of a git lever names, also where it is said that it is not synced: `<sha> (OutOfSync)`. */
export const commitIn = (value: string): string | undefined => /^([0-9a-f]{40})(?= \(|$)/.exec(value)?.[1];

/**
 * What is suspected or quarantined of a target's value. Of a branch that is its commit in full, whatever is said of how
 * it is synced: no baseline and no promotion holds anything else. @returns nothing where it names none
 */
export const barredOf = (target: string, value: string): string | undefined =>
  target.startsWith('git:') ? commitIn(value) : value;

/** Whether two values name one commit, in full or by its first digits, whatever is said of how it is synced. */
export function sameCommit(one: string | null, other: string | null): boolean {
  const [a, b] = [one, other].map((value) => /^[0-9a-f]{7,40}(?= \(|$)/.exec(value ?? '')?.[0]);
  return a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a));
}

/** Equal for URLs of one repository: case of the host, default port, a user, `.git` and slashes at the end do not count. */
export function sameRepository(typed: string): string {
  const url = URL.parse(typed);
  const path = (text: string) => text.replace(/\/+$/, '').replace(/\.git$/, '');
  return url?.host ? `${url.protocol}//${url.host}${path(url.pathname)}` : path(typed);
}

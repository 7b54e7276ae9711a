import type { GitLever } from '../../lib/core/service.ts';
import type { LeverPort, Order } from '../../lib/ports/lever.ts';

/** A repository with its host, and what a test needs to play everybody else who pushes to it. */
export interface GitScene {
  readonly port: LeverPort<GitLever>;
  /** Owns `churn`; without an Application. */
  readonly lever: GitLever;
  /** A push of somebody else; `null` takes a file away. @returns the commit */
  commit(files: Readonly<Record<string, string | null>>, change?: Change): Promise<string>;
  /** @default main */
  head(branch?: string): Promise<string | undefined>;
  /** Text by path, at the head. @default main */
  files(branch?: string): Promise<Record<string, string>>;
  /** Subjects of main, newest first. */
  log(): Promise<string[]>;
  message(commit: string): Promise<string>;
  /** A hook or a protection says no to every push to this branch. */
  decline(branch: string, why: string): Promise<void>;
  /** Runs before our next push is taken. */
  beforePush(what: () => Promise<unknown>): void;
  /** Our next push is taken, its answer is lost. */
  losePush(): void;
  /** Whether the host answers. */
  host(state: 'up' | 'down'): Promise<void>;
  requests(): Promise<{ readonly from: string; readonly into: string; readonly body: string }[]>;
}

export interface Change {
  readonly message?: string;
  readonly author?: string;
  /** @default main */
  readonly branch?: string;
}

export const INCIDENT = 'churn-20261121T090000-0123abcd';

/** Looks first, as a step does. */
export async function pullTo(
  { port, lever }: Pick<GitScene, 'port' | 'lever'>,
  to: string,
  over: Partial<Order> = {},
): ReturnType<LeverPort<GitLever>['act']> {
  const before = over.before ?? (await port.observe(lever, to));
  return port.act(lever, { to, incident: INCIDENT, fence: 7, ...over, before });
}

import type { GitHost } from '../../../core/service.ts';
import { gitea } from './gitea.ts';
import { apiOf, github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { HostDeps, OpenRequest } from './host.ts';

/** A host without pull requests: the branch is there, and people open what they have. */
const plain = (): OpenRequest => async () => undefined;

/** Complete by type. */
export const HOSTS: Record<GitHost, (deps: HostDeps) => OpenRequest> = { gitea, github, gitlab, plain };

/** The host of the API, where it is another one than the repository's. */
export const apiHost = (host: GitHost, origin: string): string[] =>
  host === 'github' ? [new URL(apiOf(origin)).host] : [];

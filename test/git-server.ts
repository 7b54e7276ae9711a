/** A real Git server for a test file: `git http-backend` behind HTTP on 127.0.0.1, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { gitServer } from '../local/git/backend.ts';
import { git, requireGit } from '../local/git/program.ts';
import {
  addCommit,
  type CommitOptions,
  type Files,
  makeRepository,
  type RepositoryOptions,
  setHook,
} from '../local/git/repository.ts';

export const BOT = { username: 'release-bot', password: 'hunter2-of-the-bot' };
export const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:git-AbCdEf';

/** One repository of the server, as the people who use it do. */
export interface Repository {
  readonly url: string;
  readonly folder: string;
  commit(files: Files, options?: CommitOptions): Promise<string>;
  /** `git <args>` in the bare repository. */
  git(...args: string[]): Promise<string>;
  hook(name: string, script: string): void;
  /** What `git revert` makes of these commits, newest first: the tree. */
  revertedTree(commits: readonly string[], ...options: string[]): Promise<string>;
}

export interface GitServer {
  repository(options?: RepositoryOptions): Promise<Repository>;
  /** From now on nobody answers; until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts with the file's tests and ends with them. Only `BOT` may push; everybody may read. */
export function useGitServer(): GitServer {
  const root = mkdtempSync(join(tmpdir(), 'reinstate-git-'));
  let server: Server | undefined;
  let port = 0;
  let made = 0;
  const up = async () => {
    server = gitServer({ root, users: { [BOT.username]: BOT.password } });
    await new Promise<void>((resolve) => {
      server?.listen(port, '127.0.0.1', resolve);
    });
    port = (server.address() as AddressInfo).port;
  };
  const down = async () => {
    await new Promise<void>((resolve) => {
      server?.close(() => resolve());
      server?.closeAllConnections();
    });
  };
  beforeAll(async () => {
    requireGit();
    await up();
  });
  afterAll(async () => {
    await down();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    up,
    down,
    repository: async (options) => {
      made += 1;
      const name = `shop/deploy-${made}.git`;
      const folder = await makeRepository(root, name, options);
      return repositoryAt(`http://127.0.0.1:${port}/${name}`, folder);
    },
  };
}

function repositoryAt(url: string, folder: string): Repository {
  return {
    url,
    folder,
    commit: (files, options) => addCommit(folder, files, options),
    git: (...args) => git(folder, args),
    hook: (name, script) => setHook(folder, name, script),
    revertedTree: async (commits, ...options) => {
      const work = mkdtempSync(join(tmpdir(), 'reinstate-revert-'));
      try {
        await git(work, ['clone', '--quiet', folder, '.']);
        await git(work, ['revert', '--no-edit', ...options, ...commits]);
        return await git(work, ['rev-parse', 'HEAD^{tree}']);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    },
  };
}

/** A Secrets Manager that has this one secret, and counts how often it is read. */
export function secretsWith(value: object): { readonly client: SecretsManagerClient; reads: number } {
  const secrets = {
    reads: 0,
    client: {
      send: async (_: GetSecretValueCommand) => {
        secrets.reads += 1;
        return { SecretString: JSON.stringify(value) };
      },
    } as unknown as SecretsManagerClient,
  };
  return secrets;
}

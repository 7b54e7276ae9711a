/** A real Git server for a test file: `git http-backend` behind HTTP on 127.0.0.1, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll } from '@jest/globals';
import { gitServer } from '../local/git/backend.ts';
import { git, requireGit } from '../local/git/program.ts';
import {
  addCommit,
  addHistory,
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
  /** So many commits that change this file. */
  history(commits: number, path: string): Promise<void>;
  hook(name: string, script: string): void;
  /** What `git revert` makes of these commits, newest first: the tree. */
  revertedTree(commits: readonly string[], ...options: string[]): Promise<string>;
}

export interface GitServer {
  repository(options?: RepositoryOptions): Promise<Repository>;
  /** Runs before the next push is taken. */
  beforePush(what: () => Promise<unknown>): void;
  /** The next push is taken, its answer is lost. */
  losePush(): void;
  /** What its API was asked to open, as Gitea does. */
  readonly requests: PullRequest[];
  /** From now on nobody answers; until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export interface PullRequest {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** Starts with the file's tests and ends with them. Only `BOT` may push; everybody may read. */
export function useGitServer(): GitServer {
  const root = mkdtempSync(join(tmpdir(), 'reinstate-git-'));
  let server: Server | undefined;
  let port = 0;
  let made = 0;
  const before: (() => Promise<unknown>)[] = [];
  const lost: true[] = [];
  const requests: PullRequest[] = [];
  const backend = gitServer({ root, users: { [BOT.username]: BOT.password } });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/api/')) return openRequest(requests, request, response);
    if (request.method === 'POST' && request.url?.endsWith('/git-receive-pack')) {
      await before.shift()?.();
      if (lost.shift()) loseAnswer(response);
    }
    backend.emit('request', request, response);
  };
  const up = async () => {
    server = createServer((request, response) => void handle(request, response));
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
    requests,
    beforePush: (what) => void before.push(what),
    losePush: () => void lost.push(true),
    repository: async (options) => {
      made += 1;
      const name = `shop/deploy-${made}.git`;
      const folder = await makeRepository(root, name, options);
      return repositoryAt(`http://127.0.0.1:${port}/${name}`, folder);
    },
  };
}

/** Gitea's `POST /api/v1/repos/{owner}/{repo}/pulls`, and the list of open ones. */
async function openRequest(
  requests: PullRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = (status: number, body: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const shown = ({ head, base }: PullRequest, n: number) => ({
    html_url: `http://git.example.com/pulls/${n + 1}`,
    head: { ref: head },
    base: { ref: base },
  });
  if (request.method === 'GET') return answer(200, requests.map(shown));
  const asked = JSON.parse(Buffer.concat(chunks).toString()) as PullRequest;
  if (requests.some(({ head }) => head === asked.head)) return answer(409, { message: 'it exists already' });
  requests.push(asked);
  return answer(201, shown(asked, requests.length - 1));
}

function loseAnswer(response: ServerResponse): void {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => response.destroy();
}

function repositoryAt(url: string, folder: string): Repository {
  return {
    url,
    folder,
    commit: (files, options) => addCommit(folder, files, options),
    git: (...args) => git(folder, args),
    history: (commits, path) => addHistory(folder, commits, path),
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

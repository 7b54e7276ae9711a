/** The local Git server as a part of the local environment: a process of its own, on 127.0.0.1. */
import { mkdirSync } from 'node:fs';
import { localPath, sourcePath } from '../paths.ts';
import { freePort } from '../port.ts';
import { findPart, type Recorded, startPart } from '../process.ts';
import { requireGit } from './program.ts';

const USUAL_PORT = 13000;

/** Folder with its bare repositories. */
export const gitRoot = (): string => localPath('git', 'repositories');

/** Who may push to it. It is reached from this machine alone. */
export const GIT_USER = { name: 'release-bot', password: 'local-only' } as const;

/** @throws MissingPrerequisite where there is no git */
export async function startGit(): Promise<Recorded> {
  requireGit();
  const root = gitRoot();
  mkdirSync(root, { recursive: true });
  const port = await freePort(findPart('git')?.port ?? USUAL_PORT);
  return startPart({
    name: 'git',
    command: process.execPath,
    args: [sourcePath('git', 'main.ts'), root, String(port)],
    port,
    health: `http://127.0.0.1:${port}/healthz`,
    seconds: 20,
  });
}

/** Debian's or anybody's `git`, as a program: the project itself needs none, its real parts and tests do. */
import { execFile, execFileSync } from 'node:child_process';
import { MissingPrerequisite } from '../python.ts';

/** Nothing of the person's own settings, and never a question on the terminal. */
export const gitEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'dev',
  GIT_AUTHOR_EMAIL: 'dev@example.com',
  GIT_COMMITTER_NAME: 'dev',
  GIT_COMMITTER_EMAIL: 'dev@example.com',
});

/** @throws MissingPrerequisite where there is no git, or one without its HTTP backend */
export function requireGit(): void {
  try {
    execFileSync('git', ['http-backend'], { env: gitEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    // Asked outside of a request it complains of missing variables: so it is there.
    if (/REQUEST_METHOD/.test(said)) return;
    throw new MissingPrerequisite(
      'There is no git with its HTTP backend: install it (Debian: apt install git; Alpine: apk add git git-daemon).',
    );
  }
}

/** Runs git to its end. @returns what it printed, without the last line break @throws with what it said */
export function git(folder: string, args: readonly string[], input?: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: gitEnvironment(), maxBuffer: 64 * 1024 * 1024 };
    const child = execFile('git', [...args], options, (error, out, said) => {
      if (error) reject(new Error(`git ${args.join(' ')}: ${said.trim() || error.message}`));
      else resolve(out.replace(/\n$/, ''));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** Bare repositories for the local Git server, and commits in them without a working tree. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from './program.ts';

export interface RepositoryOptions {
  /** Whether a client may leave contents out of a fetch, as the large hosts allow. @default true */
  readonly filter?: boolean;
}

/** @param name `shop/deploy.git` @returns its folder */
export async function makeRepository(
  root: string,
  name: string,
  { filter = true }: RepositoryOptions = {},
): Promise<string> {
  const folder = join(root, name);
  mkdirSync(dirname(folder), { recursive: true });
  await git(root, ['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  await git(folder, ['config', 'http.receivepack', 'true']);
  await git(folder, ['config', 'uploadpack.allowFilter', String(filter)]);
  return folder;
}

/** Content by path; `null` takes the path away. A content with a mode is a script, a symlink or a submodule. */
export type Files = Readonly<Record<string, string | Entry | null>>;
export interface Entry {
  readonly mode: '100755' | '120000' | '160000';
  /** For a submodule the commit. */
  readonly content: string;
}

export interface CommitOptions {
  /** @default main */
  readonly branch?: string;
  readonly message?: string;
  /** What it continues. @default the branch's head */
  readonly from?: string;
  /** A second parent: this is a merge. */
  readonly merge?: string;
  readonly author?: string;
}

/** Adds a commit to a branch as a push would. @returns its id */
export async function addCommit(folder: string, files: Files, options: CommitOptions = {}): Promise<string> {
  const { branch = 'main', message = 'Change', author = 'dev <dev@example.com>', merge } = options;
  const ref = `refs/heads/${branch}`;
  const from = options.from ?? (hasRef(folder, ref) ? `${ref}^0` : undefined);
  const stream = [
    `commit ${ref}\nmark :1\n`,
    `author ${author} 1795255200 +0000\ncommitter ${author} 1795255200 +0000\n`,
    data(message),
    ...(from ? [`from ${from}\n`] : []),
    ...(merge ? [`merge ${merge}\n`] : []),
    ...Object.entries(files).map(([path, content]) => change(path, content)),
    '\nget-mark :1\n',
  ].join('');
  return git(folder, ['fast-import', '--quiet', '--force'], stream);
}

/** So many commits on main that change this file, one after the other. */
export async function addHistory(folder: string, commits: number, path: string): Promise<void> {
  const ref = 'refs/heads/main';
  const who = 'dev <dev@example.com> 1795255200 +0000';
  const stream = Array.from({ length: commits }, (_, n) =>
    [
      `commit ${ref}\nauthor ${who}\ncommitter ${who}\n${data(`Change ${n + 1}`)}`,
      n === 0 ? `from ${ref}^0\n` : '',
      change(path, `${n + 1}\n`),
      '\n',
    ].join(''),
  );
  await git(folder, ['fast-import', '--quiet', '--force'], stream.join(''));
}

const hasRef = (folder: string, ref: string): boolean =>
  existsSync(join(folder, ref)) || packedRefs(folder).includes(` ${ref}\n`);

const packedRefs = (folder: string): string => {
  const file = join(folder, 'packed-refs');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

function change(path: string, content: string | Entry | null): string {
  if (content === null) return `D ${path}\n`;
  if (typeof content === 'string') return `M 100644 inline ${path}\n${data(content)}`;
  if (content.mode === '160000') return `M 160000 ${content.content} ${path}\n`;
  return `M ${content.mode} inline ${path}\n${data(content.content)}`;
}

/** A shell script that git runs at this moment of a push: `pre-receive`, `update`. */
export function setHook(folder: string, name: string, script: string): void {
  const file = join(folder, 'hooks', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Repositories of 10,000 files and so many commits, as `git gc` leaves them at a host. */
import { git } from '../../local/git/program.ts';
import { makeRepository } from '../../local/git/repository.ts';

export const BENCH_USER = { username: 'bench', password: 'bench-only' };

export interface Task {
  readonly url: string;
  /** What the bad commit, the last one, changed. */
  readonly path: string;
  readonly to: string;
  readonly seen: string;
}

export interface BigRepository {
  readonly name: string;
  readonly folder: string;
  readonly commits: number;
}

const FILES = 10_000;
const PER_FOLDER = 20;

/** @param filter whether the server leaves contents out where it is asked to, as Gitea, GitHub and GitLab do */
export async function bigRepository(root: string, commits: number, filter = true): Promise<BigRepository> {
  const name = `deploy-${commits}${filter ? '' : '-whole'}.git`;
  const folder = await makeRepository(root, name, { filter });
  const stream = [
    commit(
      0,
      Array.from({ length: FILES }, (_, n) => n),
    ),
  ];
  for (let n = 1; n < commits; n += 1) stream.push(commit(n, [(n * 7919) % FILES]));
  await git(folder, ['fast-import', '--quiet', '--force'], stream.join(''));
  // As hosts have it, and Git itself since 2.41: an older one sorts the whole pack anew for each fetch.
  await git(folder, ['config', 'pack.writeReverseIndex', 'true']);
  await git(folder, ['gc', '--quiet']);
  return { name, folder, commits };
}

/** The last commit is the bad one. */
export async function taskIn({ name, folder, commits }: BigRepository, origin: string): Promise<Task> {
  const [seen = '', to = ''] = (await git(folder, ['rev-parse', 'main', 'main~1'])).split('\n');
  return { url: `${origin}/${name}`, path: folderOf(((commits - 1) * 7919) % FILES), to, seen };
}

/** The branch as it was before a run. */
export const reset = ({ folder }: BigRepository, { seen }: Task): Promise<string> =>
  git(folder, ['update-ref', 'refs/heads/main', seen]);

const folderOf = (file: number): string => `services/s${Math.floor(file / PER_FOLDER)}`;

function commit(n: number, files: readonly number[]): string {
  const who = `dev <dev@example.com> ${1_700_000_000 + n * 60} +0000`;
  const changes = files.map(
    (file) => `M 100644 inline ${folderOf(file)}/f${file % PER_FOLDER}.yaml\n${data(valuesOf(file, n))}`,
  );
  const head = `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(`change ${n}`)}`;
  return `${head}${changes.join('')}\n`;
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** About a kilobyte, as a values file has. */
const valuesOf = (file: number, version: number): string =>
  [
    ...Array.from({ length: 40 }, (_, n) => `key-${n}: value ${file * 31 + n} of ${file}`),
    `image: shop/s${file}:${version}`,
    '',
  ].join('\n');

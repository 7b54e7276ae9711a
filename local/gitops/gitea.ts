/** The few calls of Gitea's API that a person makes: repositories, commits, protected branches, pull requests. */

export interface Gitea {
  /** From this machine and from inside the cluster alike, without a closing slash. */
  readonly url: string;
  /** Of an administrator: as password with any user, or in `Authorization: token ...`. */
  readonly token: string;
  /** Made when it is not there: public, with one commit on `main`. */
  repository(name: string): Promise<Repository>;
  /** Any call below `/api/v1`. Throws with what Gitea said. */
  call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

export interface Repository {
  /** Of its smart HTTP: what goes into an Application and a service file. */
  readonly url: string;
  /** `owner/name`, as paths of the API have it. */
  readonly name: string;
  /** One commit that writes files by path; null removes one. @returns its SHA */
  commit(message: string, files: Readonly<Record<string, string | null>>, branch?: string): Promise<string>;
  /** A file on `main`; nothing where there is none. */
  read(path: string): Promise<string | undefined>;
  /** The newest commit of a branch. @default main */
  head(branch?: string): Promise<string>;
  /** Nobody pushes to `main` any more: it changes by pull requests alone. */
  protect(): Promise<void>;
  unprotect(): Promise<void>;
  remove(): Promise<void>;
}

export function giteaAt(url: string, token: string): Gitea {
  const call: Gitea['call'] = (...what) => asked({ url, token }, ...what);
  return { url, token, call, repository: (name) => repository(url, call, name) };
}

async function repository(url: string, call: Gitea['call'], short: string): Promise<Repository> {
  const { login } = (await call('GET', '/user')) as { login: string };
  const name = `${login}/${short}`;
  const all = (await call('GET', `/repos/search?limit=50&q=${short}`)) as { data: { full_name: string }[] };
  if (!all.data.some(({ full_name }) => full_name === name))
    await call('POST', '/user/repos', {
      name: short,
      auto_init: true,
      default_branch: 'main',
      private: false,
    });
  const at = `/repos/${name}`;
  return {
    url: `${url}/${name}.git`,
    name,
    commit: async (message, files, branch = 'main') => {
      const tree = (await call('GET', `${at}/git/trees/${branch}?recursive=true&per_page=1000`)) as Tree;
      const known = new Map(tree.tree.map(({ path, sha }) => [path, sha]));
      const changes = Object.entries(files).map(([path, text]) => change(path, text, known.get(path)));
      const made = await call('POST', `${at}/contents`, { branch, message, files: changes });
      return (made as Committed).commit.sha;
    },
    read: async (path) => {
      const tree = (await call('GET', `${at}/git/trees/main?recursive=true&per_page=1000`)) as Tree;
      const sha = tree.tree.find((entry) => entry.path === path)?.sha;
      if (sha === undefined) return undefined;
      const { content } = (await call('GET', `${at}/git/blobs/${sha}`)) as { content: string };
      return Buffer.from(content, 'base64').toString();
    },
    head: async (branch = 'main') =>
      ((await call('GET', `${at}/branches/${branch}`)) as { commit: { id: string } }).commit.id,
    protect: async () =>
      void (await call('POST', `${at}/branch_protections`, { rule_name: 'main', enable_push: false })),
    unprotect: async () => void (await call('DELETE', `${at}/branch_protections/main`)),
    remove: async () => void (await call('DELETE', at)),
  };
}

interface Committed {
  readonly commit: { readonly sha: string };
}

interface Tree {
  readonly tree: readonly { readonly path: string; readonly sha: string }[];
}

/** A file that is there is named by its object, too. */
function change(path: string, text: string | null, sha: string | undefined): object {
  const content = Buffer.from(text ?? '').toString('base64');
  if (text === null) return { operation: 'delete', path, sha };
  return sha === undefined
    ? { operation: 'create', path, content }
    : { operation: 'update', path, sha, content };
}

async function asked(
  { url, token }: Pick<Gitea, 'url' | 'token'>,
  ...[method, path, body]: Parameters<Gitea['call']>
): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`cannot ${method} ${path}: Gitea said ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

import { makeObject, objectIn, type Store } from './objects.ts';

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  /** The first one is the branch it was made on. */
  readonly parents: readonly string[];
  /** Name without address. */
  readonly author: string;
  readonly subject: string;
  readonly message: string;
}

/** @throws OutsideTrouble where it is not there */
export function readCommit(store: Store, oid: string): Commit {
  const text = objectIn(store, oid, 'commit').toString('utf8');
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const message = end < 0 ? '' : text.slice(end + 2);
  const lines = head.split('\n').map((line) => line.split(/ (.*)/s));
  const named = (name: string) => lines.filter(([key]) => key === name).map(([, value = '']) => value);
  return {
    oid,
    tree: named('tree')[0] ?? '',
    parents: named('parent'),
    author: (named('author')[0] ?? '').replace(/\s*<.*$/, ''),
    subject: message.split('\n', 1)[0] ?? '',
    message,
  };
}

export interface NewCommit {
  readonly tree: string;
  readonly parent: string;
  readonly message: string;
  readonly email: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A commit by Reinstate. @returns its name */
export function writeCommit(store: Store, { tree, parent, message, email, at }: NewCommit): string {
  const who = `Reinstate <${email}> ${Math.floor(at / 1000)} +0000`;
  const head = [`tree ${tree}`, `parent ${parent}`, `author ${who}`, `committer ${who}`];
  return makeObject(store, { kind: 'commit', data: Buffer.from(`${head.join('\n')}\n\n${message}\n`) });
}

/** The value of the last trailer of this name. @see https://git-scm.com/docs/git-interpret-trailers */
export function trailerOf({ message }: Commit, name: string): string | undefined {
  const last = message.trimEnd().split(/\n\n/).at(-1) ?? '';
  const lines = last.split('\n').filter((line) => line.startsWith(`${name}: `));
  return lines.at(-1)?.slice(name.length + 2);
}

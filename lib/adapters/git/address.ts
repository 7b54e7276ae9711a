import { BadInput } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';

/** What the files have refused is refused here again: an armed service is a text that anybody may have written. */
export interface RepositoryAddress {
  /** Without a slash or `.git` at its end. */
  readonly base: string;
  readonly host: string;
  /** `shop/deploy` */
  readonly path: string;
}

/** @throws BadInput */
export function addressOf(repository: string, insecureLocal: boolean): RepositoryAddress {
  const url = URL.parse(repository);
  const cannot = `Cannot use repository "${printable(withoutUser(repository)).slice(0, 200)}"`;
  if (!url) throw new BadInput(`${cannot}: expected an https URL`);
  if (url.username || url.password)
    throw new BadInput(`${cannot}: a user or password stands in it; expected a secret`);
  if (url.protocol !== 'https:' && !(insecureLocal && url.protocol === 'http:'))
    throw new BadInput(`${cannot}: the scheme is "${url.protocol.slice(0, -1)}"; expected https`);
  if (url.search || url.hash) throw new BadInput(`${cannot}: expected neither a query nor a fragment`);
  const path = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (path === '') throw new BadInput(`${cannot}: expected the path of a repository`);
  return { base: `${url.origin}/${url.pathname.replace(/^\/+|\/+$/g, '')}`, host: url.host, path };
}

/** For messages: a user may have a password, with an @ in it. */
export const withoutUser = (text: string): string => text.replace(/\/\/[^/]*@/, '//');

/** The rules of `git check-ref-format` that keep a name from being taken for something else. */
const REF = /^(?!-)(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))(?![./])[^\p{Cc} ~^:?*[\\]+(?<![./])$/u;

/** @throws BadInput */
export function branchChecked(branch: string): string {
  if (REF.test(branch) && branch !== '@' && branch.length <= 200) return branch;
  throw new BadInput(`Cannot use branch "${printable(branch).slice(0, 200)}": expected the name of a branch`);
}

/** @throws BadInput */
export function pathsChecked(paths: readonly string[]): readonly string[] {
  const wrong = paths.find((path) => path !== '.' && !PATH.test(path));
  if (wrong === undefined && paths.length > 0) return paths;
  const shown = printable(wrong ?? '').slice(0, 200);
  throw new BadInput(`Cannot use path "${shown}": expected a folder or file inside of the repository`);
}

const PATH = /^(?!\/)(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\p{Cc}\\*?[\]]+$/u;

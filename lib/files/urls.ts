import { isWrong, type Wrong, wrong } from './problem.ts';

/** Values for the placeholders of URLs, by name: `${mlflow}` is `replacements.mlflow`. */
export type Replacements = Readonly<Record<string, string>>;

/** What an environment allows its URLs, and what fills their placeholders; none given: they are left standing. */
export interface UrlRules {
  readonly insecureLocal: boolean;
  readonly replacements?: Replacements | undefined;
}

/** A URL of a lever, at these keys below it; what is wrong with it is noted. */
export type ReadUrl = (keys: readonly string[], typed: string) => string;

/** The strictest rules: for whatever leaves the environment, such as a call. */
export const STRICT: UrlRules = { insecureLocal: false };

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const URL_SHAPE = /^https?:\/\/[^\s/?#\\]+[^\s\\]*$/;
/** Loopback and link-local: a function would reach itself or the metadata service, not the target. */
const LOCAL_HOST =
  /^(localhost|.*\.localhost|127\.[\d.]+|0\.0\.0\.0|169\.254\.[\d.]+|\[(::1?|::ffff:.*|fe80:.*|fd00:ec2::.*)\])$/;

/** The URL with its placeholders filled, when the environment allows it. */
export function readUrl(typed: string, rules: UrlRules): string | Wrong {
  const stranger = unknownPlaceholder(typed, rules);
  if (stranger) return stranger;
  const filled = typed.replace(PLACEHOLDER, (whole, name: string) => rules.replacements?.[name] ?? whole);
  // What is left standing is checked as the local address that it will become.
  return checkUrl(filled.replace(PLACEHOLDER, 'http://127.0.0.1'), rules) ?? filled;
}

function unknownPlaceholder(typed: string, { insecureLocal, replacements }: UrlRules): Wrong | undefined {
  for (const [whole, name = ''] of typed.matchAll(PLACEHOLDER)) {
    if (replacements && !Object.hasOwn(replacements, name)) {
      const known = Object.keys(replacements).map((key) => `\${${key}}`);
      return wrong(
        `placeholder "${whole}" is unknown`,
        known.length > 0 ? `one of ${known.join(', ')}` : 'a whole URL',
      );
    }
    if (!replacements && !insecureLocal) return wrong(`placeholder "${whole}" has no value`, 'a whole URL');
  }
  return undefined;
}

function checkUrl(filled: string, { insecureLocal }: UrlRules): Wrong | undefined {
  const url = URL_SHAPE.test(filled) ? URL.parse(filled) : null;
  if (!url) return wrong('not a URL', 'a URL such as https://recommender.example.com/version');
  if (url.username || url.password)
    return wrong('a user or password stands in the URL', 'a URL without them');
  if (insecureLocal) return undefined;
  if (url.protocol !== 'https:') return wrong('URL is not encrypted', 'https://');
  return LOCAL_HOST.test(url.hostname)
    ? wrong(`host "${url.hostname}" is loopback or link-local`, 'a host that a function can reach')
    : undefined;
}

/** What is loopback, and the private ranges of IPv4 (RFC 1918). */
const NEAR_HOST =
  /^(localhost|127\.[\d.]+|\[::1\]|10\.[\d.]+|192\.168\.[\d.]+|172\.(1[6-9]|2\d|3[01])\.[\d.]+)$/;
const REPOSITORY = 'a URL such as https://git.example.com/shop/deploy.git';

/** The URL of a Git repository, when the environment allows it: nothing that runs a program, or reads this machine. */
export function readRepository(typed: string, rules: UrlRules): string | Wrong {
  const foreign = foreignTransport(typed);
  if (foreign) return foreign;
  const filled = readUrl(typed, rules);
  if (isWrong(filled)) return filled;
  const url = URL.parse(filled.replace(PLACEHOLDER, 'http://127.0.0.1'));
  if (/[?#]/.test(filled)) return wrong('a query or a fragment stands in the URL', REPOSITORY);
  if (!url || url.pathname === '/' || /(\/\.\.?(\/|$))|%2[ef]/i.test(filled))
    return wrong('URL names no repository', REPOSITORY);
  // Credentials are sent to it.
  if (url.protocol === 'http:' && !NEAR_HOST.test(url.hostname))
    return wrong('URL is not encrypted', 'https://');
  return filled;
}

function foreignTransport(typed: string): Wrong | undefined {
  const [, helper] = /^([\w+.-]{1,40})::/.exec(typed) ?? [];
  if (helper) return wrong(`transport "${helper}::" runs a program`, REPOSITORY);
  if (/^(file:|[/.~\\])/i.test(typed)) return wrong('a folder of one machine is no repository', REPOSITORY);
  const [, host, path] =
    /^(?:ssh|git\+ssh):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/i.exec(typed) ??
    /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(typed) ??
    [];
  if (host === undefined) return undefined;
  return wrong('SSH is not supported', `https://${host}/${path}, with a token in "secret"`);
}

/** Equal for URLs that lead to the same place: case of the host, default port and closing slashes do not count. */
export const sameUrl = (url: string): string => (URL.parse(url)?.href ?? url).replace(/\/+$/, '');

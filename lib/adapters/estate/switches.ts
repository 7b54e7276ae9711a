import type { FoundParameter } from '../../core/estate.ts';

/** Whoever names a parameter so means to hide it, whatever its type. */
const SECRET_NAME =
  /pass(word|wd|phrase)?([^a-z]|$)|pwd|secret|token|credential|(^|[^a-z])keys?([^a-z]|$)|(api|access|private|signing|encryption|ssh)[-_.]?key|private|cert(ificate)?([^a-z]|$)|connection[-_.]?string|dsn([^a-z]|$)/i;

/** Words for on and off, each with the one that means off. */
const SWITCHES: readonly (readonly [on: string, off: string])[] = [
  ['true', 'false'],
  ['on', 'off'],
  ['yes', 'no'],
  ['enabled', 'disabled'],
  ['1', '0'],
];

/** What may be told of a parameter: of its value only which word turns it off, if it is a switch. */
export function parameterOf(name: string, type: string | undefined, value: string): FoundParameter {
  if (type === 'SecureString' || SECRET_NAME.test(worded(name))) return { kind: 'secret', name };
  const off = type === 'String' ? offWord(value.trim()) : undefined;
  return off === undefined ? { kind: 'text', name } : { kind: 'switch', name, off };
}

/** `apiKey` as `api-Key`. */
const worded = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2');

/** In the letters of the word that stands there: a reader may know only `False`. */
function offWord(value: string): string | undefined {
  const [, off] = SWITCHES.find((pair) => pair.includes(value.toLowerCase())) ?? [];
  if (off === undefined) return undefined;
  if (value === value.toLowerCase()) return off;
  return value === value.toUpperCase() ? off.toUpperCase() : `${off.charAt(0).toUpperCase()}${off.slice(1)}`;
}

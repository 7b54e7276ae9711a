/** What stands in place of a credential. */
const MARK = '[redacted]';

/** Names whose value is a credential, however they are written: `db_password`, `X-Amz-Security-Token`, `apiKey`. */
const NAME =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access|secret|private|account|routing|integration)[_-]?key|amz-signature|authorization)';
const QUOTE = String.raw`\\*["']`;
/** `=`, `:=`, `==`, `=>`, and `=` as URLs escape it. */
const EQUALS = String.raw`\s{0,20}(?::?={1,3}>?(?![=>])|%3D)\s{0,20}`;
const COLON = String.raw`\s{0,20}:(?!=)\s{0,20}`;
/** A word without the punctuation of the sentence around it; not an ARN, and not what was redacted already. */
const WORD = String.raw`(?!arn:|\[redacted\][.,;:)}\]]*(?:[\s"'&]|$))[^\s"'&]*[^\s"'&.,;:)}\]]`;
/** Not in a path or an ARN: after these a colon begins a sentence. */
const NOT_IN_PATH = String.raw`(?<!\/[\w.-]{0,80}|arn:[\w:./-]{0,200})`;
/** A text in quotes, also where its end was cut off, and in JSON inside of JSON. */
const QUOTED = [
  String.raw`(")(?!arn:)(?:\\[\s\S]|[^"\\])*"?`,
  String.raw`(')(?!arn:)(?:\\[\s\S]|[^'\\])*'?`,
  String.raw`(\\+["'])(?!arn:)[\s\S]*?(?:(?<!\\)\4|$)`,
].join('|');
const SCHEME = String.raw`(?:basic|bearer|token|digest|negotiate|aws4-hmac-sha256)\s{1,2}`;

const anyCase = (text: string): RegExp => new RegExp(text, 'gi');

/**
 * In this order: what is whole by itself, then values by their names. Each takes time linear in the text: what repeats
 * without bound begins behind a text of its own, so that nothing is read twice, and what looks back is bounded.
 */
const RULES: readonly (readonly [shape: RegExp, instead: string])[] = [
  // PEM, also where its end was cut off.
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY\b[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,40}-----|$)/g,
    MARK,
  ],
  // AWS access keys, JWTs, tokens of GitHub, GitLab and Slack.
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16,}/g, MARK],
  [/(?<![A-Za-z0-9])eyJ[\w-]{8,}(?:\.[\w-]+){0,4}/g, MARK],
  [/(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|xapp-)[\w-]{16,}/g, MARK],
  // https://user:password@host
  [/(:\/\/)(?!git@)[^\s/?#"'<>\\]+@/g, `$1${MARK}@`],
  // URLs that are credentials themselves.
  [
    anyCase(String.raw`(hooks\.slack\.com\/[a-z]{1,20}|events\.pagerduty\.com\/integration)\/[\w/-]+`),
    `$1/${MARK}`,
  ],
  // The signature of a signed AWS request.
  [/\b(signature=)[0-9a-f]{16,}[\w-]*/gi, `$1${MARK}`],
  [anyCase(`(${NAME}(?:${QUOTE})?(?:${EQUALS}|${COLON})[bru]?)(?:${QUOTED})`), `$1$2$3$4${MARK}$2$3$4`],
  [anyCase(`(authorization(?:${EQUALS}|${COLON}))(?:${SCHEME})?${WORD}`), `$1${MARK}`],
  [anyCase(`(${NAME}(?:${QUOTE})?${EQUALS})${WORD}`), `$1${MARK}`],
  // "name": 1234 is JSON; "name": without a number is a sentence about that name.
  [
    anyCase(
      String.raw`(?=${NAME}(?:${QUOTE})?\s{0,20}:)${NOT_IN_PATH}(${NAME}(?:${QUOTE}${COLON}(?=\d)|${COLON}))${WORD}`,
    ),
    `$1${MARK}`,
  ],
  // Without a name beside it; "basic authentication" is none. With what a colon joins to it: cut out of an ARN, a name
  // behind it would begin a value only when redacted again.
  [
    /\b((?:[Bb]asic|BASIC|[Bb]earer|BEARER)\s{1,2})(?!realm=)(?=[\w.~+/=-]*(?:[\d=]|[a-z][A-Z]))[\w.~+/=-]{8,}(?::[\w.~+/=:-]*[\w~+/=-])?/g,
    `$1${MARK}`,
  ],
];

/**
 * The text with `[redacted]` for every part that has the shape of a credential (F55, I9). A value that has none, and
 * no name beside it, cannot be told from any other word. Redacting again changes nothing.
 */
export const redacted = (text: string): string =>
  RULES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), text);

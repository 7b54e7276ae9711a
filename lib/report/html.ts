/** Markup that may stand in a page as it is: made by `html` only, which escapes whatever is put into it. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | false | undefined | readonly Part[];

/** The longest text shown; whole texts are in the report's JSON. */
const LONGEST_TEXT = 500;
/** A command is to be copied: what would not fit into any shell is cut all the same. */
const LONGEST_COMMAND = 8000;
/** Most of a page, and quickly told: no character that hides or turns others, and no letter from right to left. */
const ORDINARY = /^[\t\n -~\u202f·–−…✓✗]*$/;
/** Letters that are written from right to left, in runs with what stands between them. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}](?:[^\p{L}<>&]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}])*/gu;

/**
 * A template whose values are escaped, so that no string of an incident is ever markup.
 * @example html`<p>${reason}</p>`
 */
export function html(literals: TemplateStringsArray, ...values: readonly Part[]): Html {
  const [head = '', ...rest] = literals;
  return { markup: rest.reduce((all, literal, i) => all + markupOf(values[i]) + literal, head) };
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeHtml(part);
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

/**
 * Harmless in text and in quoted attributes. Characters that hide or turn others are spelled out; letters from right to
 * left are isolated (as `bdi` does, which attributes cannot hold), so that what stands beside them stays where it is.
 */
export function escapeHtml(text: string, longest = LONGEST_TEXT): string {
  const shown = shortened(text, longest);
  if (ORDINARY.test(shown)) return withoutMarkup(shown);
  const spelled = shown.replace(
    /[^\P{C}\n\t]/gu,
    (c) => `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
  return withoutMarkup(spelled).replace(RIGHT_TO_LEFT, (run) => `&#8296;${run}&#8297;`);
}

const withoutMarkup = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Never within a character of two halves. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const shown = text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
  return `${shown} … and ${text.length - shown.length} more characters`;
}

/** A command, to be copied. */
const code = (command: string): Html => ({
  markup: `<code>${escapeHtml(command, LONGEST_COMMAND)}</code>`,
});

/** The same with lines of its own. */
export const commandBlock = (command: string): Html => html`<pre>${code(command)}</pre>`;

/** Text in which commands stand between backticks. */
export const withCode = (text: string): Html => html`${text.split('`').map(codeIfOdd)}`;

const codeIfOdd = (part: string, i: number): Html => (i % 2 === 0 ? html`${part}` : code(part));

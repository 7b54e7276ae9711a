/** Markup that may stand in a page as it is: made by `html` only, which escapes whatever is put into it. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | false | undefined | readonly Part[];

/** The longest text shown; whole texts are in the report's JSON. */
const LONGEST_TEXT = 2000;

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
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

/** Harmless in text and in quoted attributes; characters that hide or turn others are spelled out. */
export function escapeHtml(text: string): string {
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}${more(text)}` : text;
  return shown
    .replace(
      /[^\P{C}\n\t]/gu,
      (c) => `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const more = (text: string): string => ` … and ${text.length - LONGEST_TEXT} more characters`;

/** Text in which commands stand between backticks. */
export const withCode = (text: string): Html => html`${text.split('`').map(codeIfOdd)}`;

const codeIfOdd = (part: string, i: number): Html =>
  i % 2 === 0 ? html`${part}` : html`<code>${part}</code>`;

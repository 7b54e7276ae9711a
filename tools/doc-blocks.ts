/** The shell blocks of the docs, each with the mark above it that says who runs it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `<!-- run: offline -->` by the unit suite, `<!-- run: local -->` or `cluster` by test/real/docs, in the order of the page;
 * `<!-- run by: <test> "<words that stand there>" -->`; `<!-- not run: <why> -->`.
 */
export type Mark =
  | { readonly kind: 'run'; readonly where: string }
  | { readonly kind: 'run by'; readonly file: string; readonly words: string }
  | { readonly kind: 'not run'; readonly why: string }
  | { readonly kind: 'unknown'; readonly text: string };

export interface Block {
  readonly page: string;
  /** Of its first command, from 1. */
  readonly line: number;
  readonly language: string;
  /** The file that it quotes: what stands behind the language of a fence. */
  readonly quotes?: string;
  readonly text: string;
  readonly mark?: Mark;
  /** What the page says it prints: the `text` block that comes next. `…` stands for anything. */
  readonly prints?: string;
}

const PAGES = ['README.md', 'CONTRIBUTING.md'];

/** From the top of the repository. */
export const pagesUnder = (root: string): string[] => [
  ...PAGES,
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

export const readPage = (root: string, page: string): string => readFileSync(join(root, page), 'utf8');

/** What an indented block of commands begins with; fenced ones say `sh`. */
const PROGRAMS =
  /^(npm|npx|node|git|curl|aws|kubectl|helm|python3?|cd|export|until|sh|bash|docker|pip)\b|^\. /;

/** Shell blocks only. */
export function shellBlocks(page: string, text: string): Block[] {
  const blocks = allBlocks(page, text);
  return blocks.flatMap((block, n) => {
    const next = blocks[n + 1];
    const shell = block.language === 'sh' || (block.language === '' && PROGRAMS.test(block.text));
    if (!shell) return [];
    return [{ ...block, ...(next?.language === 'text' && { prints: next.text }) }];
  });
}

/** Fenced and indented ones; an indented one has no language. */
export function allBlocks(page: string, text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let n = 0; n < lines.length; n++) {
    const found = blockAt(lines, n);
    if (!found) continue;
    const mark = markAbove(lines, n);
    blocks.push({ page, ...found.block, ...(mark && { mark }) });
    n = found.end;
  }
  return blocks;
}

/** @returns a block that begins at this line, and the line at which it ends. */
function blockAt(lines: readonly string[], n: number) {
  const line = lines[n] ?? '';
  const [fence, language = '', quotes = ''] = /^```(\w*) ?(\S*)/.exec(line) ?? [];
  if (fence !== undefined) {
    const end = endOfFence(lines, n + 1);
    const text = lines
      .slice(n + 1, end)
      .join('\n')
      .trimEnd();
    return { end, block: { line: n + 2, language, text, ...(quotes && { quotes }) } };
  }
  if (!/^ {4}\S/.test(line) || (lines[n - 1] ?? '').trim() !== '') return undefined;
  const end = endOfIndent(lines, n);
  const body = lines.slice(n, end).map((one) => one.slice(4));
  return { end: end - 1, block: { line: n + 1, language: '', text: body.join('\n').trimEnd() } };
}

function endOfFence(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, n) => n >= from && line.startsWith('```'));
  return end < 0 ? lines.length : end;
}

function endOfIndent(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, n) => n >= from && !/^( {4}|\s*$)/.test(line));
  return end < 0 ? lines.length : end;
}

/** The last line above that is not blank, if it is a comment of ours. */
function markAbove(lines: readonly string[], n: number): Mark | undefined {
  const above = lines.slice(0, n).findLast((line) => line.trim() !== '');
  const [, text] = /^<!-- ((?:run|not run)\b.*?) -->$/.exec(above?.trim() ?? '') ?? [];
  return text === undefined ? undefined : markOf(text);
}

function markOf(text: string): Mark {
  const [, where] = /^run: (offline|local|cluster)$/.exec(text) ?? [];
  if (where) return { kind: 'run', where };
  const [, file, words] = /^run by: (\S+) "(.+)"$/.exec(text) ?? [];
  if (file && words) return { kind: 'run by', file, words };
  const [, why] = /^not run: (.+)$/.exec(text) ?? [];
  return why ? { kind: 'not run', why } : { kind: 'unknown', text };
}

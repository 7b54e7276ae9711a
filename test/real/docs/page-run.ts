/** A page's commands in one shell, in the order in which they stand there, as somebody would type them. */
import { spawn } from 'node:child_process';
import { projectRoot } from '../../../local/paths.ts';
import { type Block, readPage, shellBlocks } from '../../../tools/doc-blocks.ts';

/** The blocks of a page that are marked `run: <where>`. */
export const blocksOf = (page: string, where: string): Block[] =>
  shellBlocks(page, readPage(projectRoot, page)).filter(
    ({ mark }) => mark?.kind === 'run' && mark.where === where,
  );

export interface Ran {
  /** What each block printed, in their order; nothing of those behind one that failed. */
  readonly printed: readonly string[];
  readonly seconds: readonly number[];
  readonly exit: number | null;
}

const MARK = '@@ block';

export interface Setting {
  readonly env?: NodeJS.ProcessEnv;
  /** Shows nothing while it runs. @default false */
  readonly quiet?: boolean;
}

export async function runBlocks(
  blocks: readonly Block[],
  { env, quiet = false }: Setting = {},
): Promise<Ran> {
  const script = blocks.map(({ text }, n) => `echo "${MARK} ${n} $(date +%s)"\n${text}`).join('\n');
  const child = spawn(
    'bash',
    ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}\necho "${MARK} end $(date +%s)"`],
    {
      cwd: projectRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let all = '';
  child.stdout.on('data', (data: Buffer) => {
    all += data.toString();
    if (!quiet) process.stdout.write(data);
  });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ...cutAtMarks(all), exit };
}

function cutAtMarks(all: string): Pick<Ran, 'printed' | 'seconds'> {
  const [, ...parts] = all.split(`${MARK} `);
  const begun = parts.map((part) => Number(/^\S+ (\d+)/.exec(part)?.[1]));
  return {
    printed: parts.map((part) => part.slice(part.indexOf('\n') + 1)),
    seconds: begun.slice(1).map((at, n) => at - (begun[n] ?? at)),
  };
}

/** `…` is anything within a line; alone, any number of lines. npm's own remarks are no part of it. */
export function shownIn(prints: string): RegExp {
  const lines = prints.split('\n').map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?';
    return `${line.split('…').map(escaped).join('.*')}\\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
}

export const withoutNpm = (printed: string): string =>
  `${printed.replace(/^npm (warn|notice).*\n/gm, '').trim()}\n`;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

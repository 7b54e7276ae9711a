/**
 * `npm run pictures`: takes the two pictures of README anew, from the demo over twins: docs/pictures/tree.svg, the live
 * tree while the second rung is proven, and docs/pictures/report.png, the top of the closing report in Chromium.
 * Needs script(1) of util-linux for a terminal, and Chromium (`CHROMIUM`, else /usr/bin/chromium).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { terminalSvg } from './terminal-svg.ts';

const root = join(import.meta.dirname, '..');
const FOLDER = join(root, 'docs/pictures');
const [COLUMNS, ROWS] = [100, 60];
const PAGE = { width: 1000, height: 930 };
/** Together, in bytes: README loads them. */
const MOST = 150_000;

/** The whole demo as a terminal of this size gets it. */
function demo(): string {
  const command = `stty cols ${COLUMNS} rows ${ROWS}; node local/demo.ts --embedded`;
  return execFileSync('script', ['-qec', command, '/dev/null'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color' },
    maxBuffer: 64 * 1024 * 1024,
  }).replaceAll('\r\n', '\n');
}

/** Each picture of the tree begins by going up over the one before. */
const framesOf = (shown: string): string[] =>
  shown
    .split('\u001b[J')
    .slice(1)
    .map((frame) => frame.replace(/.\[\d+A\r$/, ''));

/** One in the middle of proving the second rung: the first did not help, and something still is under way. */
function midway(frames: readonly string[]): string {
  const proving = frames.filter((frame) => /not-recovered[\s\S]*●[^\n]*\s[1-5]\/6/.test(frame));
  const found = proving[Math.floor(proving.length * 0.7)];
  if (found === undefined) throw new Error('Cannot take a picture: the tree was never halfway');
  return found.trimEnd();
}

async function photograph(page: string, file: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
  });
  const context = await browser.newContext({ viewport: PAGE, colorScheme: 'light', offline: true });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: file });
  await browser.close();
}

const shown = demo();
const report = /^Report: (.*)$/m.exec(shown)?.[1] ?? '';
mkdirSync(FOLDER, { recursive: true });
const files = ['tree.svg', 'report.png'].map((name) => join(FOLDER, name));
const [tree = '', page = ''] = files;
writeFileSync(tree, terminalSvg(midway(framesOf(shown)), COLUMNS));
await photograph(report, page);
const bytes = files.map((file) => statSync(file).size);
console.log(`tree.svg ${bytes[0]} bytes, report.png ${bytes[1]} bytes`);
if (bytes.reduce((sum, one) => sum + one, 0) > MOST) {
  console.error(`Cannot accept the pictures: expected at most ${MOST} bytes together`);
  process.exitCode = 1;
}

/** Chromium as the suites start it: quiet, offline, and one page at a time. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const VIEWS = [
  { width: 1440, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
  { width: 375, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
] as const;
export type View = (typeof VIEWS)[number];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: QUIET });

/** Keeps a page in a folder. @returns its URL. */
export async function keep(folder: string, name: string, html: string): Promise<string> {
  const file = join(folder, `${name}.html`);
  await writeFile(file, html);
  return pathToFileURL(file).href;
}

export interface Opened {
  readonly page: Page;
  readonly troubles: string[];
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

/** @param scripts only for what asks the page from outside. @default false */
export async function open(
  browser: Browser,
  url: string,
  view: View & { scripts?: boolean },
): Promise<Opened> {
  const { width, colorScheme, scripts = false } = view;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled: scripts,
    offline: true,
  });
  const page = await context.newPage();
  const [troubles, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, troubles, requests, close: () => context.close() };
}

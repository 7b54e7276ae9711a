import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { renderPage } from '../../lib/report/page.ts';
import { aReport } from '../report/fixtures.ts';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const VIEWS = [
  { width: 1440, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
  { width: 375, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
] as const;

interface Opened {
  readonly page: Page;
  readonly troubles: string[];
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

let browser: Browser;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reinstate-report-'));
  const file = join(folder, 'report.html');
  await writeFile(file, renderPage(aReport({ reasons: ['<b>"x'.repeat(500), 'long'.repeat(400)] })));
  url = pathToFileURL(file).href;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: QUIET,
  });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function open(view: (typeof VIEWS)[number]): Promise<Opened> {
  const { width, colorScheme } = view;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled: false,
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

/** With scripts off the page cannot be asked; a picture of all of it is as wide as what can be scrolled to. */
const widthOf = async (page: Page): Promise<number> => {
  const png = await page.screenshot({ fullPage: true });
  return png.readUInt32BE(16);
};

describe.each(VIEWS)(
  'The report in Chromium at $width px, $colorScheme, offline and without scripts',
  (view) => {
    let opened: Opened;

    beforeAll(async () => {
      opened = await open(view);
    }, 30_000);

    afterAll(() => opened.close());

    it('shows the ending sentence', async () => {
      const sentence = opened.page.getByRole('heading', { level: 1 });

      expect(await sentence.isVisible()).toBe(true);
      expect(await sentence.textContent()).toBe('recommender recovered in 2 min 41 s (goal 5 min)');
    });

    it('shows one chart for each signal, with its line and its marks', async () => {
      const charts = opened.page.locator('svg:visible');

      expect(await charts.count()).toBe(2);
      expect(await charts.first().locator('polyline').count()).toBeGreaterThan(0);
      expect(await charts.first().locator('.mark circle').count()).toBe(10);
      expect(await opened.page.getByRole('img', { name: 'errors against its threshold' }).count()).toBe(1);
    });

    it('does not scroll sideways', async () => {
      expect(await widthOf(opened.page)).toBe(view.width);
    });

    it('asks for nothing but itself and reports no trouble', () => {
      expect(opened.requests).toEqual([url]);
      expect(opened.troubles).toEqual([]);
    });
  },
);

describe('The report on paper', () => {
  it('shows the commands that are folded on screen', async () => {
    const { page, close } = await open({ width: 1440, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

    const command = page.getByText('aws ssm put-parameter').first();
    const shown = await command.boundingBox();
    await close();

    expect(shown?.height).toBeGreaterThan(0);
  });
});

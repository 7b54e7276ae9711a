import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { renderPage } from '../../lib/report/page.ts';
import { aReport } from '../report/fixtures.ts';
import { keep, launch, type Opened, open, VIEWS } from './chromium.ts';

let browser: Browser;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reinstate-report-'));
  const reasons = ['<b>"x'.repeat(500), 'long'.repeat(400)];
  url = await keep(folder, 'report', renderPage(aReport({ reasons })));
  browser = await launch();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

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
      opened = await open(browser, url, view);
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

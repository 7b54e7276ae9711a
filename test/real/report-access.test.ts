/** Whether people can read it: axe over every state, in every view; and what is left of it on paper. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { renderIndex } from '../../lib/report/index-page.ts';
import { renderPage } from '../../lib/report/page.ts';
import { anIndex } from '../report/listed.ts';
import { STATES } from '../report/states.ts';
import { keep, launch, open, VIEWS } from './chromium.ts';

const PAGES = new Map<string, () => string>([
  ...Object.entries(STATES).map(([name, make]) => [name, () => renderPage(make())] as const),
  ['index', () => renderIndex(anIndex())],
]);

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reinstate-report-'));
  browser = await launch();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** What axe finds, as sentences; scripts from outside are not the page's. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults;
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Both colours and both widths for every page, and the largest in all four. */
const [, wideDark, narrowLight] = VIEWS;
const LOOKS = [...PAGES.keys()].flatMap((name) =>
  (name === 'recovered' ? VIEWS : [wideDark, narrowLight]).map((view) => ({ name, view, ...view })),
);

describe('axe finds nothing, and nothing scrolls sideways, in', () => {
  it.each(LOOKS)(
    '$name at $width px, $colorScheme',
    async ({ name, view }) => {
      const url = await keep(folder, name, PAGES.get(name)?.() ?? '');
      const { page, troubles, requests, close } = await open(browser, url, { ...view, scripts: true });

      const found = await findings(page);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      await close();

      expect([found, width]).toEqual([[], view.width]);
      expect([troubles, requests]).toEqual([[], [url]]);
    },
    60_000,
  );
});

describe('The report on paper', () => {
  const styleOf = (page: Page, selector: string, property: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`);

  async function onPaper<T>(look: (page: Page) => Promise<T>): Promise<T> {
    const url = await keep(folder, 'paper', PAGES.get('recovered')?.() ?? '');
    const { page, close } = await open(browser, url, { width: 1440, colorScheme: 'dark', scripts: true });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = await look(page);
    await close();
    return seen;
  }

  it('shows the commands that are folded on screen', async () => {
    const shown = await onPaper((page) => page.getByText('aws ssm put-parameter').first().boundingBox());

    expect(shown?.height).toBeGreaterThan(0);
  });

  it('is dark on white, whatever the screen is', async () => {
    const seen = await onPaper((page) =>
      Promise.all([styleOf(page, 'body', 'backgroundColor'), styleOf(page, 'h1', 'color')]),
    );

    expect(seen).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  });

  it('cuts no chart, row or step between two pages', async () => {
    const broken = await onPaper((page) =>
      Promise.all(['figure', 'tr', '.steps li', '.checks li'].map((s) => styleOf(page, s, 'breakInside'))),
    );

    expect(new Set(broken)).toEqual(new Set(['avoid']));
  });

  it('is a PDF of a few pages', async () => {
    const pdf = await onPaper((page) => page.pdf({ preferCSSPageSize: true, format: 'A4' }));
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThan(10);
  }, 30_000);
});

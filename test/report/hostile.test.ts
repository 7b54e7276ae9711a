import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import type { ClosingReport } from '../../lib/core/report.ts';
import { renderPage } from '../../lib/report/page.ts';
import { aCanaryReport } from './canary.ts';
import { aReport, someFacts } from './fixtures.ts';
import { HOSTILE, spoiled } from './spoiled.ts';
import { STATES } from './states.ts';

const pages = Object.entries(STATES).map(([name, make]) => [name, renderPage(spoiled(make()))] as const);

describe('F55: a report whose every field is hostile', () => {
  it.each(pages)('makes no markup of it: %s', (_, page) => {
    expect(page.match(/<script|<img|javascript:|<\/title>(?!\n|<circle)/i)).toBeNull();
    expect(page.split('</style>')).toHaveLength(2);
    expect(page.match(/\shref="[^"]*"/g)).toEqual([' href="data:,"', ' href="#next"']);
    expect(page.match(/<[a-z]+[^>]*\son\w+=/gi)).toBeNull();
  });

  it.each(pages)('is not turned round by it: %s', (_, page) => {
    expect(page.match(/(?!\n)\p{C}/u)).toBeNull();
    expect(page.includes('[U+202E]gnp.exe[U+2066]')).toBe(true);
    expect(page.includes('&#8296;שלום&#8297;')).toBe(true);
  });

  it.each(pages)('cuts what is long, and says how much is missing: %s', (_, page) => {
    expect(page.includes('w'.repeat(8001))).toBe(false);
    expect(/… and \d+ more characters/.test(page)).toBe(true);
  });

  it('is hostile all over: no field of the outside was left out', () => {
    const kept = JSON.stringify(spoiled(aCanaryReport())).replaceAll(JSON.stringify(HOSTILE), '""');

    expect(kept).not.toMatch(/recommender|model-svc|9f8e7d6c5b4a|example\.com|reinstate-prod/);
  });

  it('was built from hostile records, too', () => {
    expect(renderPage(buildReport(spoiled(someFacts()))).match(/<script|<img/)).toBeNull();
  });
});

describe('renderPage', () => {
  it('keeps commands whole: they are to be copied', () => {
    const command = `helm ${'--set x=1 '.repeat(100)}`;
    const leftOut = [{ lever: 'chart', reason: 'r', manual: command }];

    expect(renderPage(aReport({ leftOut }))).toContain(command);
  });

  it('cuts no character in two halves', () => {
    const reasons = [`${'x'.repeat(499)}😀${'x'.repeat(99)}`];

    expect(renderPage(aReport({ reasons }))).toContain('x … and 101 more characters');
  });

  it('leaves what stands beside letters from right to left where it is', () => {
    expect(renderPage(aReport({ reasons: ['flag "שלום 12 עולם" (rung 1)'] }))).toContain(
      'flag &#34;&#8296;שלום 12 עולם&#8297;&#34; (rung 1)',
    );
  });

  it('survives times and values that are none', () => {
    const report = aReport();
    const series = report.series.map((s) => ({
      ...s,
      datapoints: [{ at: Number.NaN, value: Number.NaN }, ...s.datapoints],
    }));
    const { checklist: _, ...old } = { ...report, series, rcaDueAt: Number.POSITIVE_INFINITY };

    expect(renderPage(old as ClosingReport)).toContain('unknown date');
  });
});

import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { ENDINGS } from '../../lib/core/incident.ts';
import type { ClosingReport } from '../../lib/core/report.ts';
import { renderPage } from '../../lib/report/page.ts';
import { aReport, someFacts } from './fixtures.ts';
import { largeFacts } from './large.ts';

describe('renderPage', () => {
  it('shows the measured share of each version beside what is configured', () => {
    const facts = someFacts();
    const shares = { windowSeconds: 30, requests: { '5': 990, '6': 10 } };
    const verdicts = facts.verdicts.map((v) => ({ ...v, served: v.served.map((s) => ({ ...s, shares })) }));

    const page = renderPage(buildReport({ ...facts, verdicts }));

    expect(page).toContain('measured: 5 99.0 %, 6 1.0 % of 1000 requests in 30 s');
  });

  it('says the ending in one plain sentence, first', () => {
    expect(renderPage(aReport())).toContain('<h1>recommender recovered in 2 min 41 s (goal 5 min)</h1>');
  });

  it('gives the same bytes for the same report', () => {
    expect(renderPage(aReport())).toBe(renderPage(aReport()));
  });

  it('renders what was stored and read back, the same', () => {
    expect(renderPage(JSON.parse(JSON.stringify(aReport())) as ClosingReport)).toBe(renderPage(aReport()));
  });

  it('needs no script and loads nothing', () => {
    const page = renderPage(aReport());

    expect(page).not.toMatch(/<script|javascript:|\son\w+=|@import|url\(|\ssrc=/i);
    expect(page.match(/\shref="[^"]*"/g)).toEqual([' href="data:,"', ' href="#next"']);
    expect(page).toContain("default-src 'none'");
  });

  it('draws every signal with its threshold and the numbered marks', () => {
    const page = renderPage(aReport());

    expect(page.match(/<polyline class="line"/g)?.length).toBeGreaterThanOrEqual(4);
    expect(page.match(/<line class="at threshold"/g)).toHaveLength(4);
    expect(page.match(/<g class="mark /g)).toHaveLength(40);
    expect(page).toContain('Healthy at or above 0.7. 25 datapoints, 12 unhealthy');
  });

  it('leaves a gap where datapoints are missing', () => {
    expect(renderPage(aReport())).toContain('>no data</text>');
  });

  it('shows receipts before and after, and what the verdict rests on', () => {
    const page = renderPage(aReport());

    expect(page).toContain(
      '<b>&#34;6&#34;</b> <span aria-hidden="true">→</span><span class="sr">to</span> <b>&#34;5&#34;</b>',
    );
    expect(page).toContain('&#34;5&#34; on 3 instances');
    expect(page).toContain('<b>0.5663</b> ✗');
  });

  it('shows the exact commands of the next steps as code', () => {
    expect(renderPage(aReport())).toContain('<code>npx reinstate quarantine list --env prod</code>');
  });

  it('does not say that what was only planned was done', () => {
    expect(renderPage(aReport())).toContain('>What was done</h2>');
    expect(renderPage(aReport({ receipts: [] }))).toContain('>What was planned</h2>');
  });

  it('says whether a page went out', () => {
    expect(renderPage(aReport())).toContain('✗ failed: the subscription is not confirmed');
  });

  it.each(ENDINGS)('has a page for the ending %s', (ending) => {
    const page = renderPage(aReport({ ending }));

    expect(page).toContain(`${ending}</span> Closing report`);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
  });

  it('has a page for an incident that was refused before anything was known', () => {
    const { armed: _armed, plan: _plan, hold: _hold, ...facts } = someFacts();
    const none = {
      receipts: [],
      verdicts: [],
      series: [],
      pages: [],
      quarantined: [],
      leftOut: [],
      alarms: [],
    };
    const report = buildReport({
      ...facts,
      ...none,
      incident: { ...facts.incident, ending: 'refused', acted: false },
    });

    expect(renderPage(report)).not.toMatch(/undefined|\[object|NaN|<svg/);
  });

  it('keeps a five-signal, ten-step incident under 200 KB', () => {
    expect(Buffer.byteLength(renderPage(buildReport(largeFacts())))).toBeLessThanOrEqual(200 * 1024);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type Index, renderIndex } from '../../lib/report/index-page.ts';
import { aListed, anIndex } from './listed.ts';
import { spoiled } from './spoiled.ts';

/** The rows of a table as their cells: text alone. */
const rowsOf = (page: string, section: string): string[][] => {
  const [, part = ''] = page.split(`<h2 id="${section}">`);
  const [table = ''] = part.split('</section>');
  return (table.match(/<tr>.*?<\/tr>/gs) ?? []).slice(1).map((row) =>
    (row.match(/<t[hd].*?<\/t[hd]>/gs) ?? []).map((cell) =>
      cell
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  );
};

describe('the index of incidents', () => {
  it('has p50 and p95 of each service against its goal', () => {
    expect(rowsOf(renderIndex(anIndex()), 'figures').map((row) => row.slice(0, 6))).toEqual([
      ['fraud-scorer', '2 of 2', '2 min 20 s', '2 min 29 s', '5 min', '0'],
      ['recommender', '4 of 5', '2 min 41 s', '7 min 2 s past the goal', '5 min', '1'],
    ]);
  });

  it('lists the newest first, with ending, times, and the way to its report', () => {
    const page = renderIndex(anIndex());

    expect(
      rowsOf(page, 'incidents')
        .map(([opened, ...rest]) => [opened?.slice(0, 16), ...rest])
        .slice(0, 2),
    ).toEqual([
      [
        '2026-11-21 09:04',
        'recommender',
        '! escalated waits for a person: ada looks after it',
        '31 s',
        '14 s',
        '–',
      ],
      ['2026-11-20 09:04', 'fraud-scorer', '✓ recovered', '31 s', '14 s', '2 min 20 s'],
    ]);
    expect(page).toContain('<a href="recommender-2-1a2b3c4d.html">');
  });

  it('keeps dry runs and drills apart, and out of the figures', () => {
    const page = renderIndex(anIndex());

    expect(rowsOf(page, 'drills')).toHaveLength(2);
    expect(rowsOf(page, 'incidents')).toHaveLength(8);
    expect(page).toContain('8 incidents, 1 is open, and 2 dry runs or drills.');
  });

  it('says one where there is one', () => {
    const all = anIndex();
    const [drill] = all.incidents.filter(({ dryRun }) => dryRun === true);
    const incidents = all.incidents.filter((one) => one.dryRun !== true || one === drill);

    expect(renderIndex({ ...all, incidents })).toContain(' and 1 dry run or drill.');
  });

  it('draws each recovery as a dot, in words for those who do not see it', () => {
    expect(renderIndex(anIndex())).toContain(
      'aria-label="recommender: recoveries from 1 min 28 s to 7 min 2 s, 1 past the goal"',
    );
  });

  it('is a page of its own, without script or network, the same bytes each time', () => {
    const page = renderIndex(anIndex());

    expect(page).not.toMatch(/<script|javascript:|\son\w+=|@import|url\(|\ssrc=/i);
    expect(page).toContain("default-src 'none'");
    expect(renderIndex(anIndex({ incidents: anIndex().incidents.toReversed() }))).toBe(page);
  });

  it('says so where there was none, and how many older ones there are', () => {
    expect(renderIndex({ environment: 'prod', incidents: [] })).toContain('There was none yet.');
    expect(renderIndex(anIndex({ older: 7 }))).toContain('7 older incidents not listed.');
  });

  it('takes an incident that is under way, and one of before times were kept', () => {
    const { ending: _, endedAt: __, times: ___, href: ____, ...running } = aListed(0);
    const page = renderIndex({ environment: 'prod', incidents: [{ ...running, state: 'running' }] });

    expect(rowsOf(page, 'incidents')[0]?.slice(1)).toEqual(['recommender', 'running', '–', '–', '–']);
    expect(page).not.toMatch(/undefined|NaN/);
  });

  it('F55: makes no markup of what comes from outside', () => {
    const page = renderIndex(spoiled(anIndex()) as Index);

    expect(page).not.toMatch(/<script|<img|[\u202a-\u202e\u2066-\u2069]/);
  });
});

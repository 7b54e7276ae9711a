import { describe, expect, it } from '@jest/globals';
import { renderPage } from '../../lib/report/page.ts';
import { aCanaryReport, BAD, GOOD, workload } from './canary.ts';
import { aReport } from './fixtures.ts';

/** The table of ReplicaSets as rows of cells: text alone. */
function tableOf(page: string): string[][] {
  const [table = ''] = /<table class="stack sets">.*?<\/table>/s.exec(page) ?? [];
  return (table.match(/<tr>.*?<\/tr>/gs) ?? []).map((row) =>
    (row.match(/<t[hd].*?<\/t[hd]>/gs) ?? []).map((cell) =>
      cell.replace(/<[^>]+>/g, '|').replace(/^\||\|+$/g, ''),
    ),
  );
}

describe('issue 5: the closing report shows a Rollout, its ReplicaSets, and weights beside measured shares', () => {
  it('in the block of its step: before, configured, and measured when it was judged', () => {
    expect(tableOf(renderPage(aCanaryReport()))).toEqual([
      ['ReplicaSet', 'Weight before', 'Weight configured', 'Share measured', 'Pods ready'],
      [`${BAD}|canary, revision 12, image v5`, '10 %', '0 %', '0 %', '0 of 0'],
      [`${GOOD}|stable, revision 11, image 9f8e7d6c5b4a`, '90 %', '100 %', '100 %', '4 of 4'],
    ]);
  });

  it('and says how many are not shown', () => {
    expect(renderPage(aCanaryReport())).toContain('4 more not shown');
  });

  it('in the verdict: what is configured beside what was measured', () => {
    const page = renderPage(aCanaryReport());

    expect(page).toContain(
      `; configured: ${GOOD} 100 %, ${BAD} 0 %; measured: ${GOOD} 100 %, ${BAD} 0 % of 1490 requests in 30 s`,
    );
  });

  it('with a mismatch in plain words', () => {
    const problem = `rollout:shop/ml/model-svc: the router is told to give 10 % to "${BAD}"`;

    const page = renderPage(aCanaryReport({ good: false, problem, workload: workload(10) }));

    expect(page).toContain('✗ rollout:shop/ml/model-svc: the router is told to give 10 %');
    expect(tableOf(page)[1]?.slice(1, 4)).toEqual(['10 %', '10 %', '0 %']);
  });

  it('without weights where no router is told any, and without shares where nobody counts', () => {
    const { weights: _, ...pods } = workload(0);
    const report = aCanaryReport({ workload: pods });
    const [verdict] = report.verdicts;
    const [served] = verdict?.served ?? [];
    if (!verdict || !served) throw new Error('the fixture has a reading');
    const { shares: _shares, ...uncounted } = served;

    const page = renderPage({ ...report, verdicts: [{ ...verdict, served: [uncounted] }] });

    expect(tableOf(page)[0]).toEqual(['ReplicaSet', 'Weight before', 'Pods ready']);
  });

  it('right after the step where nobody judged it', () => {
    const page = renderPage({ ...aCanaryReport(), verdicts: [] });

    expect(page).toContain('ReplicaSets right after this step');
    expect(tableOf(page)[0]).not.toContain('Share measured');
  });

  it('not at all for levers that have none', () => {
    expect(renderPage(aReport())).not.toContain('stack sets');
  });

  it('F55: with nothing of a cluster as markup', () => {
    const [set] = workload(0).sets;
    if (!set) throw new Error('the fixture has sets');
    const sets = [{ ...set, image: '<img src=x>' }];

    expect(renderPage(aCanaryReport({ workload: { ...workload(0), sets } }))).not.toContain('<img');
  });

  it('the same bytes each time', () => {
    expect(renderPage(aCanaryReport())).toBe(renderPage(aCanaryReport()));
  });
});

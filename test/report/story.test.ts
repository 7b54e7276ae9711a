import { describe, expect, it } from '@jest/globals';
import type { Incident } from '../../lib/core/incident.ts';
import type { Receipt } from '../../lib/core/step.ts';
import { renderPage } from '../../lib/report/page.ts';
import { story } from '../../lib/report/story.ts';
import { aReport } from './fixtures.ts';

const CHAMPION = 'Rung 2: champion from "6" to "5": recovered';

const withFirst = (change: Partial<Receipt>) => {
  const { receipts, verdicts } = aReport();
  return story({ receipts: receipts.map((r) => (r.rung === 1 ? { ...r, ...change } : r)), verdicts });
};

describe('why an incident began', () => {
  it('leaves out the datapoints that CloudWatch lists: the charts have them', () => {
    const report = aReport();
    const reason =
      'Threshold Crossed: 3 out of the last 5 datapoints [0.61 (22/11/26 02:54:00)] were less than 0.7.';
    const trigger = { ...report.incident.trigger, reason };

    expect(renderPage({ ...report, incident: { ...report.incident, trigger } as Incident })).toContain(
      'Threshold Crossed: 3 out of the last 5 datapoints were less than 0.7.</p>',
    );
  });
});

describe('the story of an incident', () => {
  it('says of each rung what it pulled, and what came of it, near the top of the page', () => {
    expect(story(aReport())).toEqual([
      'Rung 1: new-features from "true" to "false": not recovered',
      CHAMPION,
    ]);
    expect(renderPage(aReport())).toContain(
      'Rung 2: champion from &#34;6&#34; to &#34;5&#34;: recovered.</p>',
    );
  });

  it.each([
    ['failed', { outcome: 'failed' }, 'new-features (failed)'],
    ['was not begun', { outcome: 'not-begun' }, 'new-features (not begun)'],
    ['stood right already', { outcome: 'already' }, 'new-features (stood right)'],
    ['has a value that is long', { to: 'x'.repeat(50) }, 'new-features'],
  ] as const)('names a step that %s', (_, change, words) => {
    expect(withFirst(change)).toEqual([`Rung 1: ${words}: not recovered`, CHAMPION]);
  });

  it('says nothing where no rung was begun', () => {
    expect(story({ receipts: [], verdicts: [] })).toEqual([]);
  });

  it('says where a rung was not judged', () => {
    const { receipts } = aReport();

    expect(story({ receipts, verdicts: [] })[1]).toBe('Rung 2: champion from "6" to "5": not judged');
  });
});

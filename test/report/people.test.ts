import { describe, expect, it } from '@jest/globals';
import type { PageRecord } from '../../lib/core/report.ts';
import { doors, people } from '../../lib/report/people.ts';
import { later } from './armed.ts';
import { aReport } from './fixtures.ts';

const page: PageRecord = {
  at: later(60),
  urgency: 'page',
  subject: 'recommender (prod) needs you',
  channel: 'slack',
  to: 'C024BE91L',
  outcome: 'failed',
  problem: 'Cannot wait as long as Slack asks for: 30 s',
};
const words = (over: Parameters<typeof aReport>[0]) =>
  people({ ...aReport({}), ...over })
    .markup.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe('who was told', () => {
  it('F48: says how it went, channel by channel', () => {
    const said = words({
      pages: [page, { ...page, channel: 'pagerduty', to: 'ML platform', outcome: 'sent' }],
    });

    expect(said).toContain('C024BE91L slack ✗ failed: Cannot wait as long as Slack asks for: 30 s');
    expect(said).toContain('ML platform pagerduty ✓ sent');
  });

  it('F48: says so where no channel took anything', () => {
    const nobody = 'Nobody had been told when this report was written : no channel took anything.';
    const sent: PageRecord = { ...page, channel: 'pagerduty', outcome: 'sent' };

    expect(words({ pages: [page, { ...page, to: 'C2' }] })).toContain(nobody);
    expect(words({ pages: [page, sent] })).not.toContain(nobody);
    expect(words({ pages: [] })).not.toContain(nobody);
  });

  it('says who acknowledged, and that nobody had', () => {
    expect(words({ pages: [page], acknowledged: { by: 'Ada', at: later(90) } })).toMatch(
      /Acknowledged by Ada at \d\d:\d\d/,
    );
    expect(words({ pages: [page] })).toContain('Nobody had acknowledged');
    expect(words({ pages: [{ ...page, urgency: 'notification' }] })).not.toContain('acknowledged');
  });

  it('says who is called only later', () => {
    const call = [{ kind: 'pagerduty', to: 'Managers', afterSeconds: 600 }] as const;

    expect(words({ call: [...call] })).toContain('Managers (pagerduty, unless acknowledged within 10 min)');
  });
});

describe('hold and quarantine', () => {
  it('says that a quarantine ends by itself', () => {
    const quarantined = [{ target: 'alias:recommender@champion', value: '2' }];

    expect(doors({ ...aReport({}), quarantined }).markup).toContain(
      'Quarantined for 90 days, unless a person lifts it before',
    );
  });
});

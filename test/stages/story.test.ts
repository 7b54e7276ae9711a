import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../lib/core/report.ts';
import { CHAMPION, FLAG } from '../builders.ts';
import { type Run, runIncident } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, notifications, outside, pages, pass, type Shop } from './shop.ts';

describe('the story of the demo: the flag off, not recovered; the alias back, recovered', () => {
  let shop: Shop;
  let run: Run;
  const id = () => run.cursor?.incident ?? '';

  beforeAll(async () => {
    shop = await aBrokenShop();
    pass(shop, 3);
    run = await runIncident(shop, alarmEvent(shop), {
      before: async (state) => {
        // The alarm of the AUC comes in a moment after the first one.
        if (state === 'HoldPromotion') await runIncident(shop, alarmEvent(shop, 'auc'));
      },
    });
  });

  it('goes through the states that it should, and through no more looks than it needs', () => {
    expect(run.states).toEqual([
      'OpenIncident',
      'PlanRollback',
      'HoldPromotion',
      ...['ApplyRung', 'SettleRung', 'VerifyRecovery', 'WaitForDatapoints', 'VerifyRecovery'],
      ...['ApplyRung', 'SettleRung', 'VerifyRecovery', 'WaitForDatapoints', 'VerifyRecovery'],
      ...['WaitForDatapoints', 'VerifyRecovery', 'CloseIncident'],
    ]);
    expect(run.status).toBe('succeeded');
  });

  it('leaves the flag off and the champion at the baseline, read back and served', () => {
    expect(outside(shop)).toMatchObject({
      flag: ['false', 'true', 'false'],
      aliases: { champion: '3' },
      serving: ['3', '3'],
    });
  });

  it('settles: rolled_back names the bad version, previous_champion never equals champion', () => {
    const { aliases } = outside(shop);

    expect(aliases.rolled_back).toBe('4');
    expect(aliases).not.toHaveProperty('previous_champion');
  });

  it('is closed as recovered, with both verdicts', async () => {
    expect(await shop.read.incident(id())).toMatchObject({
      state: 'closed',
      ending: 'recovered',
      acted: true,
      alarms: 2,
    });
    expect((await shop.read.verdicts(id())).map((v) => [v.rung, v.verdict])).toEqual([
      [1, 'not-recovered'],
      [2, 'recovered'],
    ]);
  });

  it('I8: keeps a receipt of each step, in order', async () => {
    expect((await shop.read.receipts(id())).map((r) => [r.step, r.outcome, r.before?.value, r.to])).toEqual([
      ['1.1', 'applied', 'true', 'false'],
      ['2.1', 'applied', '4', '3'],
      ['2.1.s1', 'applied', null, '4'],
      ['2.1.s2', 'already', null, null],
    ]);
  });

  it('I10: quarantines what the rungs removed, in the ledger and at the registry', async () => {
    const quarantine = await shop.read.quarantine('recommender');

    expect(quarantine.map((q) => [q.target, q.value, q.state])).toEqual([
      [CHAMPION, '4', 'quarantined'],
      [FLAG, 'true', 'quarantined'],
    ]);
    expect(shop.world.models.get('recommender')?.versions.get('4')?.tags.get('reinstate.state')).toBe(
      'quarantined',
    );
  });

  it('holds promotion until a person lifts it', async () => {
    expect(await shop.read.hold('recommender')).toMatchObject({ state: 'standing', incident: id() });
  });

  it('puts the report, as JSON and as a page', async () => {
    expect([...shop.world.reports.keys()]).toEqual([
      `recommender/${id()}/1.json`,
      `recommender/${id()}/1.html`,
    ]);
    expect((await shop.read.incident(id()))?.reportUrl).toBe(`memory://reports/recommender/${id()}/1.html`);
  });

  it('reports the truth: ending, time to recover, what was quarantined and who was told', () => {
    const report: ClosingReport = JSON.parse(
      shop.world.reports.get(`recommender/${id()}/1.json`)?.body ?? '{}',
    );

    expect(report).toMatchObject({
      ending: 'recovered',
      quarantined: [{ target: CHAMPION }, { target: FLAG }],
    });
    expect(report.timeToRecoverSeconds).toBeLessThan(300);
    expect(report.pages).toEqual([expect.objectContaining({ urgency: 'notification', outcome: 'sent' })]);
  });

  it('tells people once, and wakes nobody', () => {
    expect(notifications(shop).map((m) => m.subject)).toEqual(['recommender (local) recovered']);
    expect(pages(shop)).toEqual([]);
  });

  it('leaves nothing for the sweeper', async () => {
    expect(await shop.read.open()).toEqual([]);
  });
});

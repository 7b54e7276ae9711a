import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { itemKey } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { seriesText } from '../../lib/core/reference.ts';
import { choosePlan } from '../../lib/stages/plan-rollback.ts';
import {
  aCondition,
  alarmArn,
  aPolicy,
  aQuarantine,
  aSignal,
  at,
  CHAMPION,
  ENVIRONMENT,
} from '../builders.ts';
import { runSweeper } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import {
  alarmEvent,
  aShop,
  notifications,
  outside,
  pages,
  pass,
  recordBaseline,
  type Shop,
  shipBadRelease,
} from './shop.ts';

const relative = { percent: -3 };
const when = [aCondition('error-ratio'), { signal: 'auc', is: '<', relative, datapoints: 3, of: 5 } as const];
const verify = [{ signal: 'auc', is: '>', relative, datapoints: 6, of: 6 } as const];
const against = { service: { policy: aPolicy({ when, verify }) } };
const AUC = alarmArn('auc');

const referenceOf = (value: number) => ({
  references: {
    auc: {
      value,
      series: seriesText(aSignal({ name: 'auc' })),
      datapoints: 90,
      from: at(-1500),
      to: at(-600),
    },
  },
});

/** The demo, with AUC held against the baseline, and the bad release out for long enough. */
async function brokenAgainst(value: number): Promise<Shop> {
  const shop = await aShop(against);
  await recordBaseline(shop, referenceOf(value));
  await runSweeper(shop);
  pass(shop, 35);
  shipBadRelease(shop);
  pass(shop, 25);
  return shop;
}

describe('an incident of a service that is held against its baseline', () => {
  it('fires at the share of the baseline, is proven against it, and says so in the report', async () => {
    const shop = await brokenAgainst(0.8);

    const { incident, report, verdicts } = await endOf(shop, { input: alarmEvent(shop, 'auc') });

    const well = { is: '>', threshold: 0.776, relative: { percent: -3, reference: 0.8 } };
    expect(incident).toMatchObject({ ending: 'recovered' });
    expect(verdicts.at(-1)?.signals).toMatchObject([{ signal: 'auc', well, verdict: 'recovered' }]);
    const auc = report.series.find(({ signal }) => signal.name === 'auc');
    expect(auc).toMatchObject({ well });
    expect(auc?.well.relative?.baseline).toBe('recommender-b20261114T101500');
  });

  it('is not recovered where the baseline was better than what came back', async () => {
    const shop = await brokenAgainst(0.9);

    const { verdicts } = await endOf(shop);

    expect(verdicts.at(-1)?.verdict).toBe('not-recovered');
  });

  it('F52: keeps the reference it opened with, whatever is recorded meanwhile', async () => {
    const shop = await brokenAgainst(0.8);

    const { incident } = await endOf(shop, {
      before: async (state) => {
        if (state === 'VerifyRecovery') await recordBaseline(shop, referenceOf(0.99));
      },
    });

    expect(incident).toMatchObject({ ending: 'recovered' });
  });

  it('is refused, and pages, where the baseline has no reference: nothing is pulled that could not be judged', async () => {
    const shop = await aShop(against);
    pass(shop, 35);
    shipBadRelease(shop);
    pass(shop, 25);
    const before = outside(shop);

    const { run, incident } = await endOf(shop);

    expect(run.states).toEqual(['OpenIncident', 'CloseIncident']);
    expect(incident).toMatchObject({
      ending: 'refused',
      reasons: [
        expect.stringMatching(
          /^auc < 3 % below baseline, auc > 3 % below baseline cannot be judged: baseline recommender-b20261114T101500 has no reference for it; .* npx reinstate baseline record recommender --env local$/,
        ),
      ],
    });
    expect(outside(shop)).toEqual(before);
    expect(pages(shop)).toHaveLength(1);
  });

  it('has no plan either, for a person who asks', async () => {
    const shop = await aShop(against);
    shipBadRelease(shop);

    expect(await choosePlan(shop.ports, shop.armed, { byPerson: true })).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('has no reference for it')],
    });
  });
});

describe('the sweeper moves alarms that are held against the baseline', () => {
  it('to the threshold of the newest one, and no other alarm', async () => {
    const shop = await aShop(against);
    await recordBaseline(shop, referenceOf(0.8));

    await runSweeper(shop);

    expect([...shop.world.thresholds]).toEqual([[AUC, 0.776]]);
  });

  it('not before a reference is known', async () => {
    const shop = await aShop(against);

    await runSweeper(shop);

    expect([...shop.world.thresholds]).toEqual([]);
  });

  it('and tells people once a day which baseline is missing: no alarm would fire', async () => {
    const shop = await aShop(against);

    await runSweeper(shop);
    pass(shop, 60);
    await runSweeper(shop);
    const first = notifications(shop).length;
    pass(shop, 24 * 3600);
    await runSweeper(shop);

    expect([first, notifications(shop).length]).toEqual([1, 2]);
    expect(notifications(shop)[0]).toMatchObject({
      urgency: 'notification',
      text: expect.stringContaining(
        'reinstate baseline record recommender --env local. Until then no alarm of it fires',
      ),
    });
  });

  it('back to the one before it, once the newest is quarantined', async () => {
    const shop = await aShop(against);
    await recordBaseline(shop, referenceOf(0.8));
    const [older] = await shop.read.baselines('recommender');
    const newest = {
      ...older,
      ...referenceOf(0.9),
      id: 'recommender-b20261120T101500',
      recordedAt: at(-86_400),
    };
    const release = { ...older?.release, [CHAMPION]: { value: '4' } };
    const key = keys.baseline('recommender', newest.id);
    shop.world.items.set(itemKey(key), { ...newest, release, ...key });
    await runSweeper(shop);
    const first = shop.world.thresholds.get(AUC);
    const barred = keys.quarantine('recommender', CHAMPION, '4');
    shop.world.items.set(itemKey(barred), { ...aQuarantine({ value: '4' }), ...barred });

    await runSweeper(shop);

    expect([first, shop.world.thresholds.get(AUC)]).toEqual([0.873, 0.776]);
  });

  it('none while the mode is off: nothing is written any more', async () => {
    const shop = await aShop(against);
    await recordBaseline(shop, referenceOf(0.8));
    setMode(shop.world, { environment: ENVIRONMENT }, 'off');

    await runSweeper(shop);

    expect([...shop.world.thresholds]).toEqual([]);
  });

  it('and its heartbeat stops where it cannot, while red alarms are still looked at', async () => {
    const shop = await brokenAgainst(0.8);
    shop.world.trouble.failNext('cloudwatch.PutMetricAlarm', new OutsideTrouble('throttled'), { times: 9 });
    const beats = shop.world.beats.length;
    pass(shop, 90);

    const { problems, started } = await runSweeper(shop);

    expect(problems).toEqual(['alarms of recommender: throttled']);
    expect([started, shop.world.beats.length]).toEqual([1, beats]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { closeIncident } from '../../lib/stages/close-incident.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { aCursor, alarmArn, CHAMPION, FLAG } from '../builders.ts';
import { beforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, aShop, notifications, outside, pages, pass, type Shop } from './shop.ts';

const down = new OutsideTrouble('no answer');
const SERVICES = { services: ['recommender'] };
const later = async (shop: Shop) => {
  pass(shop, 60);
  return sweep(shop.ports, SERVICES);
};

describe('F48: close-incident and a channel that is down', () => {
  it('ends all the same; the sweeper tells it when the channel is back, once', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('sns.Publish', down, { times: 3 });

    const { incident, report } = await endOf(shop);
    const swept = [await later(shop), await later(shop), await later(shop), await later(shop)];

    expect(incident).toMatchObject({ state: 'closed', ending: 'recovered' });
    expect(report.pages).toMatchObject([{ outcome: 'failed' }]);
    expect(swept.map((s) => s.problems.length)).toEqual([1, 1, 0, 0]);
    expect(notifications(shop)).toHaveLength(1);
    expect(await shop.read.open()).toEqual([]);
  });

  it('an escalation is paged until somebody hears it', async () => {
    const shop = await aBrokenShop();
    shop.world.models.get('recommender')?.versions.delete('3');
    shop.world.trouble.failNext('sns.Publish', down, { times: 2 });

    const { incident } = await endOf(shop);
    for (let i = 0; i < 3; i++) await later(shop);

    expect(incident).toMatchObject({ state: 'ended', ending: 'escalated' });
    expect(pages(shop)).toHaveLength(1);
    expect(await shop.read.open()).toHaveLength(1);
  });

  it('stops the heartbeat as long as nobody hears it', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('sns.Publish', down, { times: 2 });
    await endOf(shop);

    await later(shop);
    expect(shop.world.beats).toEqual([]);
    await later(shop);

    expect(shop.world.beats).toHaveLength(1);
  });
});

describe('close-incident and a bucket that is down', () => {
  it('ends all the same and tells it; the sweeper puts the report when the bucket is back', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('s3.PutObject', down, { times: 2 });

    const { incident, id } = await endOf(shop);
    expect(incident).toMatchObject({ state: 'closed', ending: 'recovered' });
    expect(incident).not.toHaveProperty('reportUrl');
    expect(notifications(shop)).toHaveLength(1);
    await later(shop);
    await later(shop);

    expect([...shop.world.reports.keys()]).toEqual([`recommender/${id}/1.json`, `recommender/${id}/1.html`]);
    expect((await shop.read.incident(id))?.reportUrl).toMatch(/1\.html$/);
    expect(notifications(shop)).toHaveLength(1);
  });

  it('gives the lease away all the same: the next alarm is not kept waiting', async () => {
    const shop = await aBrokenShop();
    const second = alarmEvent(shop, 'auc');
    shop.world.trouble.failNext('s3.PutObject', down, { times: 99 });
    const first = await endOf(shop);

    const { id, incident } = await endOf(shop, { input: second });

    expect(id).not.toBe(first.id);
    expect(incident?.ending).toBe('refused');
  });
});

describe('close-incident', () => {
  it('F49: a stage that failed for good escalates, with its error in words', async () => {
    const shop = await aBrokenShop();

    const { incident } = await endOf(
      shop,
      beforeThe(1, 'PlanRollback', () => shop.world.items.delete(itemOf(shop, 'armed'))),
    );

    expect(incident).toMatchObject({
      state: 'ended',
      ending: 'escalated',
      reasons: [expect.stringMatching(/^Error: Cannot go on: the armed service of .+ is not in the table$/)],
    });
    expect(pages(shop)).toHaveLength(1);
  });

  it('takes a cause that is no JSON, and prints nothing that a terminal obeys', async () => {
    const shop = await aBrokenShop();
    const { id } = await endOf(shop, {
      before: (state, _run, stop) => (state === 'PlanRollback' ? stop('failed') : undefined),
    });

    const error = { Error: 'Lambda.Unknown', Cause: 'oh\u001b[31m no' };
    await closeIncident(shop.ports, { ...aCursor({ incident: id }), error });

    expect((await shop.read.incident(id))?.reasons).toEqual(['Lambda.Unknown: oh [31m no']);
  });

  it('is done at once with what has ended: of Catch, sweeper and watch one closes', async () => {
    const shop = await aBrokenShop();
    const { id } = await endOf(shop);
    const before = structuredClone([...shop.world.items]);

    const again = await closeIncident(shop.ports, aCursor({ incident: id, ending: 'escalated' }));

    expect(again.next).toBe('done');
    expect([...shop.world.items]).toEqual(before);
  });

  it('a chart that cannot be drawn does not keep it open', async () => {
    const shop = await aBrokenShop();

    const { report, incident } = await endOf(
      shop,
      beforeThe(1, 'CloseIncident', () =>
        shop.world.trouble.failNext('cloudwatch.GetMetricData', down, { times: 99 }),
      ),
    );

    expect(incident?.ending).toBe('recovered');
    expect(report.series.map((s) => s.datapoints.length)).toEqual([0, 0, 0]);
  });

  it('a registry that takes no mark does not keep it open, and the ledger bars the version all the same', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('mlflow.SetTag', down, { times: 99 });

    const { incident } = await endOf(shop);

    expect(incident?.ending).toBe('recovered');
    expect((await shop.read.quarantine('recommender')).map((q) => q.state)).toEqual([
      'quarantined',
      'quarantined',
    ]);
  });

  it('leaves what is only suspected to people, where recovery is not proven', async () => {
    const shop = await aBrokenShop();
    shop.measure.latency = () => 900;

    const { incident } = await endOf(shop);

    expect(incident?.ending).toBe('contained');
    expect((await shop.read.quarantine('recommender')).map((q) => [q.target, q.value, q.state])).toEqual([
      [CHAMPION, '4', 'suspected'],
      [FLAG, 'true', 'suspected'],
    ]);
  });

  it('keeps the lease of what people have to close', async () => {
    const shop = await aBrokenShop();
    shop.measure.latency = () => 900;
    const { id } = await endOf(shop);

    const next = await endOf(shop, { input: { service: 'recommender' } });

    expect(next.id).toBe(id);
    expect(await shop.read.lease('recommender')).toMatchObject({ incident: id, fence: 1 });
  });

  it('keeps an older hold as it is', async () => {
    const shop = await aBrokenShop();
    const older = { state: 'standing', incident: 'an older one', since: 1, reason: 'a person said so' };
    await shop.ports.ledger.write([{ kind: 'put', key: keys.hold('recommender'), item: older }]);

    await endOf(shop);

    expect(await shop.read.hold('recommender')).toEqual(older);
  });

  it('I11: touches nothing of another service', async () => {
    const shop = await aBrokenShop();
    const theirs = { value: 'search', state: 'standing' };
    await shop.ports.ledger.write([{ kind: 'put', key: keys.hold('search'), item: theirs }]);
    const keysBefore = new Set(shop.world.items.keys());

    await endOf(shop);

    expect(
      [...shop.world.items.keys()].filter((key) => !keysBefore.has(key) && key.includes('search')),
    ).toEqual([]);
    expect(await shop.ports.ledger.get(keys.hold('search'))).toEqual(theirs);
  });

  it('F06: a refusal says why in its report', async () => {
    const shop = await aShop();
    shop.world.alarms.set(alarmArn('auc'), {
      state: 'ALARM',
      since: shop.world.clock.now(),
      windowSeconds: 50,
    });

    const { report } = await endOf(shop, { input: alarmEvent(shop, 'auc') });

    expect(report).toMatchObject({ ending: 'refused', reasons: [expect.stringMatching(/may be forged$/)] });
    expect(outside(shop).flag).toEqual(['false']);
  });
});

/** The key of an item of the one incident there is. */
const itemOf = (shop: Shop, sk: string): string =>
  [...shop.world.items.keys()].find((key) => key.startsWith('incident#') && key.endsWith(`\n${sk}`)) ?? '';

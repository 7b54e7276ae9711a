import { describe, expect, it } from '@jest/globals';
import { putParameter, registerVersion } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { aBaseline, aLease, anIncident, aQuarantine, at } from '../builders.ts';
import { aPolicy, CHAMPION, FLAG } from '../service-builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const id = anIncident().id;
const standing = [
  keys.hold('recommender'),
  { state: 'standing', incident: id, since: at(8), reason: `incident ${id}` },
] as const;
const atWork = [
  [keys.lease('recommender'), aLease()],
  [keys.incident(id), anIncident()],
] as const;
const bad = aQuarantine({ value: '2' });
const barred = [keys.quarantine('recommender', CHAMPION, '2'), bad] as const;

describe('reinstate baseline record', () => {
  it('records every target with its digest, under an id made of service and time', async () => {
    const world = aWorld();
    world.clock.advance(10_000);
    const desk = aDesk(world);

    const { exit, json } = await type(desk, 'baseline record recommender --by release -o json');

    const baseline = {
      id: 'recommender-b20261121T090510',
      recordedAt: at(70),
      by: 'release',
      release: {
        [FLAG]: { value: 'true' },
        [CHAMPION]: { value: '2', digest: expect.stringMatching(/^[0-9a-f]{64}$/), runId: 'run-2' },
      },
    };
    expect([exit, json]).toEqual([0, baseline]);
    expect(await desk.ledger.get(keys.baseline('recommender', 'recommender-b20261121T090510'))).toEqual(
      baseline,
    );
  });

  it('F51: keeps where the clusters are, so that an incident need not ask EKS', async () => {
    const world = aWorld({ clusters: { shop: { eks: 'prod-eu' } } });
    const shop = { endpoint: 'https://1.eks.example.com', ca: 'bm9uZQ==' };

    const { json } = await type(
      aDesk(world, { addresses: async () => ({ shop }) }),
      'baseline record recommender --by release -o json',
    );

    expect(json).toMatchObject({ clusters: { shop } });
  });

  const auc = (value: number, n = 60) =>
    Array.from({ length: n }, (_, i) => ({ at: at(-10 * i), value: value + (i % 2 === 0 ? 0.01 : -0.01) }));
  const relative = { percent: -3 };
  const when = [{ signal: 'auc', is: '<', relative, datapoints: 30, of: 30 } as const];
  const against = { service: { policy: aPolicy({ when }) } };

  it('keeps what a signal is now, where a condition is held against the baseline, and says what that means', async () => {
    const world = aWorld(against);
    world.datapoints.set('auc', auc(0.8, 59));

    const desk = aDesk(world);
    const { exit, out } = await type(desk, 'baseline record recommender --by release');

    const [kept] = await desk.ledger.list('service#recommender', 'baseline#');
    expect(kept).toMatchObject({
      references: { auc: { value: 0.81, datapoints: 59, series: expect.stringMatching(/ Average 10 s$/) } },
    });
    expect([exit, out]).toEqual([
      0,
      expect.stringContaining('auc is 0.81: < 3 % below baseline is < 0.7857\n'),
    ]);
  });

  it('refuses while such a signal has too little data, or cannot be read', async () => {
    const world = aWorld(against);
    world.datapoints.set('auc', auc(0.8, 29));

    const { exit, err } = await type(aDesk(world), 'baseline record recommender');
    world.trouble.failNext('cloudwatch.GetMetricData', new OutsideTrouble('throttled'));
    const unread = await type(aDesk(world), 'baseline record recommender');

    expect([exit, err]).toEqual([
      3,
      expect.stringContaining('signal auc has 29 datapoints in 900 s, and its condition counts 30'),
    ]);
    expect(unread.err).toContain('signal auc cannot be read: throttled');
  });

  it('tells everything that stands against it at once', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, standing, barred);
    for (const [arn, alarm] of world.alarms)
      world.alarms.set(arn, { ...alarm, state: arn.endsWith('auc') ? 'ALARM' : 'OK' });
    world.serving.set('recommender@champion', ['2', '1']);

    const { exit, err } = await type(desk, 'baseline record recommender');

    expect(exit).toBe(3);
    expect(err).toContain('a hold stands; lift it: npx reinstate hold lift recommender');
    expect(err).toContain('alarm reinstate-local-recommender-auc is ALARM, not OK');
    expect(err).toContain(`${CHAMPION} holds "2", but "1" is served`);
    expect(err).toContain(`${CHAMPION} holds "2", which is quarantined since incident ${bad.incident}`);
  });

  it.each(['INSUFFICIENT_DATA', 'MISSING', 'UNKNOWN'] as const)(
    'refuses while an armed alarm is %s',
    async (state) => {
      const world = aWorld();
      for (const [arn, alarm] of world.alarms) world.alarms.set(arn, { ...alarm, state });

      const { exit, err } = await type(aDesk(world), 'baseline record recommender');

      expect([exit, err]).toEqual([3, expect.stringContaining(`is ${state}, not OK`)]);
    },
  );

  it('refuses an alias that is not set, a version that is not ready, a flag that readers do not follow', async () => {
    const world = aWorld();
    world.models.get('recommender')?.aliases.clear();
    world.stuckReaders.set('/shop/recommender/new-features', ['false']);

    const { err } = await type(aDesk(world), 'baseline record recommender');

    expect(err).toContain(`${CHAMPION} is not set`);
    expect(err).toContain(`${FLAG} holds "true", but "false" is served`);
  });

  it('refuses a version that is not ready', async () => {
    const world = aWorld();
    registerVersion(world, 'recommender', { status: 'PENDING_REGISTRATION' });
    world.models.get('recommender')?.aliases.set('champion', '3');
    world.serving.set('recommender@champion', ['3']);

    expect((await type(aDesk(world), 'baseline record recommender')).err).toContain(
      'holds "3", which is not-ready',
    );
  });

  it('refuses what moves while it looks', async () => {
    const world = aWorld();
    let looks = 0;
    world.trouble.onCall = (operation) => {
      if (operation === 'ssm.GetParameter' && looks++ === 2)
        putParameter(world, '/shop/recommender/new-features', 'x');
    };

    const { exit, err } = await type(aDesk(world), 'baseline record recommender');

    expect([exit, err]).toEqual([
      3,
      expect.stringContaining(`${FLAG} is being moved: it was "true", now it is "x"`),
    ]);
  });

  it('records nothing when a hold is set at this moment', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    world.trouble.interleave('dynamodb.TransactWriteItems', () => given(aDesk(world), standing));

    const { exit } = await type(desk, 'baseline record recommender');

    expect(exit).toBe(3);
    expect(await desk.ledger.list('service#recommender', 'baseline#')).toEqual([]);
  });

  it('refuses while an incident is at work, and a service that is not armed', async () => {
    const desk = aDesk(aWorld());
    await given(desk, ...atWork);

    expect((await type(desk, 'baseline record recommender')).exit).toBe(3);
    expect((await type(desk, 'baseline record fraud-scorer')).exit).toBe(3);
  });
});

describe('reinstate baseline list', () => {
  it('shows the newest first, which one a rollback goes to, and which hold something quarantined', async () => {
    const desk = aDesk(aWorld());
    const release = { [CHAMPION]: { value: '2' } };
    const newest = aBaseline({ id: 'recommender-b20261121T080000', recordedAt: at(-3600), release });
    const oldest = aBaseline();
    await given(
      desk,
      barred,
      [keys.baseline('recommender', newest.id), newest],
      [keys.baseline('recommender', oldest.id), oldest],
    );

    const { out } = await type(desk, 'baseline list recommender');

    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['baseline', 'recorded', 'by', 'holds', 'use'],
      [newest.id, '2026-11-21 08:04:00 UTC', 'release', '"2"', 'quarantined'],
      [oldest.id, '2026-11-14 10:15:00 UTC', 'release', '"false" "3"', 'target'],
      [''],
    ]);
  });

  it('says so when none is recorded', async () => {
    expect((await type(aDesk(aWorld()), 'baseline list recommender')).out).toBe(
      'no baseline of recommender is recorded\n',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { moveAlias, putParameter, startServing } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { at, CHAMPION, ENVIRONMENT, FLAG } from '../builders.ts';
import { endOf } from './outcome.ts';
import {
  aBrokenShop,
  alarmEvent,
  notifications,
  outside,
  PARAMETER,
  pages,
  recordBaseline,
  SERVED,
  type Shop,
} from './shop.ts';

describe('I7: observe changes nothing and reports the plan', () => {
  it.each([
    [
      'mode observe',
      async (shop: Shop) => setMode(shop.world, { environment: ENVIRONMENT }, 'observe'),
      undefined,
    ],
    ['a dry run', async () => undefined, { service: 'recommender', dryRun: true }],
  ] as const)('%s', async (_, prepare, input) => {
    const shop = await aBrokenShop();
    await prepare(shop);
    const before = outside(shop);

    const { run, incident, report } = await endOf(shop, { input });

    expect(run.states).toEqual(['OpenIncident', 'PlanRollback', 'CloseIncident']);
    expect(incident).toMatchObject({ state: 'closed', ending: 'observed' });
    expect(incident).not.toHaveProperty('acted');
    expect(outside(shop)).toEqual(before);
    expect(await shop.read.hold('recommender')).toBeUndefined();
    expect(await shop.read.quarantine('recommender')).toEqual([]);
    expect(report.plan?.rungs.map((r) => r.steps.map((s) => s.target))).toEqual([[FLAG], [CHAMPION]]);
    expect([pages(shop).length, notifications(shop).length]).toEqual([0, 1]);
  });

  it('makes no call that writes outside', async () => {
    const shop = await aBrokenShop();
    setMode(shop.world, { environment: ENVIRONMENT }, 'observe');

    await endOf(shop);

    const writes = [
      'ssm.PutParameter',
      'mlflow.SetAlias',
      'mlflow.SetTag',
      'mlflow.DeleteAlias',
      'service.Reload',
    ];
    expect(writes.filter((call) => shop.world.trouble.calls.has(call as never))).toEqual([]);
  });
});

describe('plan-rollback refuses and pages', () => {
  it('when nothing differs from the newest baseline: a proven release is never rolled back for an alarm', async () => {
    const shop = await aBrokenShop();
    await recordBaseline(shop, { id: 'recommender-b20261120T101500', recordedAt: at(-86_400) });
    const before = outside(shop);

    const { incident } = await endOf(shop);

    expect(incident).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/^nothing differs/)],
    });
    expect(outside(shop)).toEqual(before);
    expect(pages(shop)).toHaveLength(1);
  });

  it('without a baseline', async () => {
    const shop = await aBrokenShop();
    const [baseline] = await shop.read.baselines('recommender');
    await shop.ports.ledger.write([
      { kind: 'delete', key: keys.baseline('recommender', baseline?.id ?? '') },
    ]);

    expect((await endOf(shop)).incident).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/^no baseline/)],
    });
    expect(pages(shop)).toHaveLength(1);
  });

  it('when every lever is broken, naming each', async () => {
    const shop = await aBrokenShop();
    shop.world.parameters.delete(PARAMETER);
    shop.world.models.delete('recommender');

    const { incident, report } = await endOf(shop);

    expect(incident?.ending).toBe('refused');
    expect(report.leftOut.map((l) => l.lever)).toEqual(['new-features', 'champion']);
  });
});

describe('plan-rollback chooses', () => {
  it('I10: the newest baseline that holds nothing quarantined', async () => {
    const shop = await aBrokenShop();
    await recordBaseline(shop, {
      id: 'recommender-b20261120T101500',
      recordedAt: at(-86_400),
      release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '2' } },
    });
    const bad = {
      target: CHAMPION,
      value: '2',
      state: 'quarantined',
      incident: 'x',
      since: 0,
      until: at(9e6),
    };
    await shop.ports.ledger.write([
      { kind: 'put', key: keys.quarantine('recommender', CHAMPION, '2'), item: bad },
    ]);

    expect((await endOf(shop)).report.plan?.baseline).toBe('recommender-b20261114T101500');
    expect(outside(shop).aliases.champion).toBe('3');
  });

  it('previous_champion: the next newest baseline, which a second incident can go back to', async () => {
    const shop = await aBrokenShop();
    await recordBaseline(shop, { id: 'older', recordedAt: 1, release: { [CHAMPION]: { value: '1' } } });

    await endOf(shop);

    expect(outside(shop).aliases).toMatchObject({ champion: '3', previous_champion: '1', rolled_back: '4' });
  });

  it('F20: the other lever, where the flag is no plain parameter; it recovers and pages for the broken one', async () => {
    const shop = await aBrokenShop();
    const { history = [] } = shop.world.parameters.get(PARAMETER) ?? {};
    shop.world.parameters.set(PARAMETER, { type: 'SecureString', history });
    shop.measure['error-ratio'] = () => ((shop.world.serving.get(SERVED) ?? []).includes('4') ? 0.3 : 0);

    const { incident, report } = await endOf(shop);

    expect(incident?.ending).toBe('recovered');
    expect(outside(shop)).toMatchObject({ flag: ['false', 'true'], aliases: { champion: '3' } });
    expect(report.leftOut).toMatchObject([{ lever: 'new-features', unseen: true }]);
    expect(pages(shop)).toMatchObject([
      { text: expect.stringMatching(/it is SecureString; expected String/) },
    ]);
  });

  it('F21: the flag, while MLflow does not answer; people are paged when that is not enough', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('mlflow.GetAlias', new OutsideTrouble('MLflow answered 502'), { times: 99 });

    const { incident, report } = await endOf(shop);

    expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
    expect(report.leftOut).toMatchObject([{ lever: 'champion', unseen: true }]);
    expect(incident).toMatchObject({ state: 'ended', ending: 'escalated' });
    expect(pages(shop)).toHaveLength(1);
  });

  it('no lever that is not pre-approved for an alarm, but names it; a person pulls it', async () => {
    const over = { service: { runbook: { preApproved: ['new-features'] } } };
    const [alarmed, asked] = [await aBrokenShop(over), await aBrokenShop(over)];

    const byAlarm = await endOf(alarmed);
    const byPerson = await endOf(asked, { input: { service: 'recommender' } });

    expect(byAlarm.report.leftOut).toMatchObject([
      { lever: 'champion', reason: expect.stringMatching(/pre-approved/) },
    ]);
    expect(pages(alarmed)[0]?.text).toMatch(
      /Left out:\n {2}champion: it is not pre-approved.+; by hand: curl/,
    );
    expect(outside(alarmed).aliases.champion).toBe('4');
    expect(byPerson.incident?.ending).toBe('recovered');
    expect(outside(asked).aliases.champion).toBe('3');
  });

  it('an alias that stands right but is served wrong: serving is made to reload', async () => {
    const shop = await aBrokenShop();
    putParameter(shop.world, PARAMETER, 'false');
    moveAlias(shop.world, SERVED, '4');
    startServing(shop.world, SERVED, 2);
    moveAlias(shop.world, SERVED, '3');

    const { incident } = await endOf(shop, { input: alarmEvent(shop, 'auc') });

    expect(incident?.ending).toBe('recovered');
    expect(outside(shop)).toMatchObject({ aliases: { champion: '3' }, serving: ['3', '3'] });
  });
});

describe('a person who names the target', () => {
  const planFor = async (champion: string) => {
    const shop = await aBrokenShop();
    const { id } = await endOf(shop, { input: { service: 'recommender', to: { values: { champion } } } });
    const result = await shop.read.plan(id);
    if (result?.outcome !== 'planned') throw new Error('the flag alone is reason enough for a plan');
    return result.plan;
  };

  it('gets the deeper version, checked like any other', async () => {
    const { rungs } = await planFor('2');

    expect(rungs.at(-1)?.steps[0]).toMatchObject({ target: CHAMPION, to: { value: '2' } });
  });

  it('F35: gets no version that there is not', async () => {
    const { leftOut } = await planFor('99');

    expect(leftOut).toMatchObject([{ lever: 'champion', reason: 'version "99" is missing' }]);
  });
});

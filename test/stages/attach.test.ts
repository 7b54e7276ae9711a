import { describe, expect, it } from '@jest/globals';
import { alarmArn, aPolicy, at } from '../builders.ts';
import { type Run, runIncident, runSweeper } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, outside, pass, type Shop } from './shop.ts';

const incidentOf = (shop: Shop, run: Run) => shop.read.incident(run.cursor?.incident ?? '');
/** True the first time that it is asked. */
const once = () => {
  let times = 0;
  return () => {
    times += 1;
    return times === 1;
  };
};

/** A shop whose AUC is well until `spoil`, and whose policy climbs for the flag alone. */
async function onlyTheFlagIsBad() {
  const shop = await aBrokenShop({
    service: { policy: aPolicy({ verify: aPolicy().verify.filter((c) => c.signal !== 'auc') }) },
  });
  let bad = false;
  shop.measure.auc = () => (bad ? 0.6 : 0.8);
  // Everything that AUC measured until now is well, as if it had never been bad.
  shop.world.datapoints.set(
    'auc',
    (shop.world.datapoints.get('auc') ?? []).map((d) => ({ ...d, value: 0.8 })),
  );
  shop.world.alarms.set(alarmArn('auc'), { state: 'OK', since: at(-9000), windowSeconds: 50 });
  return {
    shop,
    spoil: () => {
      bad = true;
    },
  };
}

describe('an alarm that joins a running incident', () => {
  it('during verification: keeps it open until its own signal is well too', async () => {
    const { shop, spoil } = await onlyTheFlagIsBad();
    const first = once();

    const run = await runIncident(shop, alarmEvent(shop), {
      before: async (state) => {
        if (state !== 'WaitForDatapoints' || !first()) return;
        spoil();
        pass(shop, 30);
        await runIncident(shop, alarmEvent(shop, 'auc'));
      },
    });

    expect((await incidentOf(shop, run))?.alarms).toBe(2);
    const verdicts = await shop.read.verdicts(run.cursor?.incident ?? '');
    expect(verdicts[0]).toMatchObject({ verdict: 'not-recovered', alarmsSeen: 2 });
    expect(verdicts[0]?.signals.map((s) => [s.signal, s.verdict])).toContainEqual(['auc', 'not-recovered']);
  });

  it('between the verdict and the close: it is verified again', async () => {
    const { shop, spoil } = await onlyTheFlagIsBad();
    const first = once();

    const run = await runIncident(shop, alarmEvent(shop), {
      before: async (state) => {
        if (state !== 'CloseIncident' || !first()) return;
        spoil();
        pass(shop, 30);
        await runIncident(shop, alarmEvent(shop, 'auc'));
      },
    });

    const closed = run.states.indexOf('CloseIncident');
    expect(run.states.slice(closed, closed + 2)).toEqual(['CloseIncident', 'VerifyRecovery']);
    expect(
      (await shop.read.verdicts(run.cursor?.incident ?? '')).map((v) => [v.verdict, v.alarmsSeen]),
    ).toEqual([
      ['recovered', 1],
      ['not-recovered', 2],
      ['not-recovered', 2],
    ]);
    expect(await incidentOf(shop, run)).toMatchObject({ state: 'ended' });
  });

  it('while it closes: is sent back until it is closed, and then opens an incident of its own', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop, 'auc');
    let late: Run | undefined;
    shop.world.trouble.interleave('s3.PutObject', async () => {
      late = await runIncident(shop, event);
    });

    const first = await runIncident(shop, alarmEvent(shop));
    const again = await runIncident(shop, event);

    expect(late).toMatchObject({ status: 'failed', error: expect.stringMatching(/it is closing$/) });
    expect(again.status).toBe('succeeded');
    expect(again.cursor?.incident).not.toBe(first.cursor?.incident);
  });

  it('a start by a person joins what is running, and pulls nothing by itself', async () => {
    const shop = await aBrokenShop();
    let second: Run | undefined;

    const first = await runIncident(shop, alarmEvent(shop), {
      before: async (state) => {
        if (state === 'HoldPromotion') second = await runIncident(shop, { service: 'recommender' });
      },
    });

    expect(second?.cursor).toMatchObject({ incident: first.cursor?.incident, next: 'done' });
    expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
  });
});

describe('a refusal at the door does not swallow the alarms that join it', () => {
  const heal = (shop: Shop) =>
    shop.world.alarms.set(alarmArn('error-ratio'), { state: 'OK', since: at(1), windowSeconds: 50 });

  it('a real alarm that joins before the door is shut is acted on, though the first one healed', async () => {
    const shop = await aBrokenShop();
    const [first, second] = [alarmEvent(shop), alarmEvent(shop, 'auc')];
    heal(shop);
    shop.world.trouble.interleave('cloudwatch.DescribeAlarms', async () => {
      await runIncident(shop, second);
    });

    const run = await runIncident(shop, first);

    expect(await incidentOf(shop, run)).toMatchObject({ ending: 'recovered', alarms: 2 });
  });

  it('one that comes after the door was shut opens its own when the refusal is closed', async () => {
    const shop = await aBrokenShop();
    const [first, second] = [alarmEvent(shop), alarmEvent(shop, 'auc')];
    heal(shop);

    const refused = await runIncident(shop, first);
    const real = await runIncident(shop, second);

    expect((await incidentOf(shop, refused))?.ending).toBe('refused');
    expect((await incidentOf(shop, real))?.ending).toBe('recovered');
  });
});

describe('a dry run does not swallow alarms', () => {
  it('a real alarm waits until the dry run is over, and then acts', async () => {
    const shop = await aBrokenShop();
    let early: Run | undefined;
    const before = async (state: string) => {
      if (state === 'PlanRollback') early = await runIncident(shop, alarmEvent(shop));
    };

    const dry = await runIncident(shop, { service: 'recommender', dryRun: true }, { before });
    const real = await runIncident(shop, alarmEvent(shop));

    expect(early).toMatchObject({ status: 'failed', error: expect.stringMatching(/it is a dry run/) });
    expect((await incidentOf(shop, dry))?.ending).toBe('observed');
    expect((await incidentOf(shop, real))?.ending).toBe('recovered');
  });

  it('an alarm whose event was lost meanwhile is found by the sweeper', async () => {
    const shop = await aBrokenShop();
    await runIncident(shop, { service: 'recommender', dryRun: true });
    pass(shop, 61);

    const { runs } = await runSweeper(shop);

    expect(runs).toHaveLength(1);
    expect(outside(shop).aliases.champion).toBe('3');
  });

  it('another dry run joins it', async () => {
    const shop = await aBrokenShop();
    let second: Run | undefined;

    const first = await runIncident(
      shop,
      { service: 'recommender', dryRun: true },
      {
        before: async (state) => {
          if (state === 'PlanRollback')
            second = await runIncident(shop, { service: 'recommender', dryRun: true });
        },
      },
    );

    expect(second?.cursor?.incident).toBe(first.cursor?.incident);
  });
});

describe('the lease of an incident that has just closed', () => {
  it('is not given away while its execution still runs', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop, 'auc');
    const run = await runIncident(shop, alarmEvent(shop));
    const known = shop.world.executions.get(run.arn);
    if (known) known.status = 'running';

    const next = await runIncident(shop, event);

    expect(next).toMatchObject({ status: 'failed', error: expect.stringMatching(/has just closed$/) });
    expect(await shop.read.lease('recommender')).toMatchObject({ owner: run.arn, fence: 1 });
  });
});

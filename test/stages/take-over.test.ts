import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { alarmArn, CHAMPION, ENVIRONMENT, FLAG } from '../builders.ts';
import { type RunOptions, runIncident, runSweeper, stopBeforeThe } from '../incident-run.ts';
import { killAt, rightAfter } from './kill.ts';
import { endOf, outcomeOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, aShop, outside, pass, type Shop, shipBadRelease } from './shop.ts';

/** The execution dies; a minute later the sweeper comes, and its execution runs to the end. */
async function crashed(shop: Shop, options: RunOptions & { readonly input?: unknown } = {}) {
  const first = await endOf(shop, options);
  pass(shop, 60);
  const { runs } = await runSweeper(shop);
  return { first: first.run, runs, ...(await outcomeOf(shop, runs.at(-1) ?? first.run)) };
}

const oneEffect = {
  flag: ['false', 'true', 'false'],
  aliases: { champion: '3', rolled_back: '4' },
  serving: ['3', '3'],
};

describe('a crash: the sweeper takes the incident over, once, and each effect is there once', () => {
  it('F10: after the lease, before anything else', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', rightAfter('dynamodb.TransactWriteItems'));
    const first = await runIncident(shop, alarmEvent(shop));
    pass(shop, 60);

    const { runs } = await runSweeper(shop);

    const { incident } = await outcomeOf(shop, runs[0] ?? first);
    expect(first.status).toBe('failed');
    expect(incident).toMatchObject({ ending: 'recovered', takeovers: 1 });
    expect(outside(shop)).toMatchObject(oneEffect);
  });

  it('F11: after the act, before its receipt: it is found done, and what it removed is known', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', rightAfter('ssm.PutParameter'));

    const { receipts, incident } = await crashed(shop);

    expect(receipts['1.1']).toMatchObject({
      outcome: 'already',
      before: { value: 'true' },
      after: { value: 'false' },
      note: 'an earlier attempt had begun it',
      fence: 2,
    });
    expect(incident?.ending).toBe('recovered');
    expect(outside(shop)).toMatchObject(oneEffect);
    expect((await shop.read.quarantine('recommender')).map((q) => [q.target, q.state])).toEqual([
      [CHAMPION, 'quarantined'],
      [FLAG, 'quarantined'],
    ]);
  });

  it('F11: after the alias moved, before serving was told: serving is told', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', (operation) => operation === 'service.Reload');

    const { receipts } = await crashed(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'applied', before: { value: '4' }, fence: 2 });
    expect(outside(shop)).toMatchObject(oneEffect);
  });

  it('F12: after the receipt, before the next state: it goes on from there', async () => {
    const shop = await aBrokenShop();

    const { receipts, runs } = await crashed(shop, stopBeforeThe(1, 'VerifyRecovery', 'failed'));

    expect([receipts['1.1']?.fence, receipts['2.1']?.fence]).toEqual([1, 2]);
    expect(runs[0]?.states.slice(0, 4)).toEqual(['OpenIncident', 'HoldPromotion', 'ApplyRung', 'SettleRung']);
    expect(outside(shop)).toMatchObject(oneEffect);
  });

  it('F12: between the verdict and the next rung', async () => {
    const shop = await aBrokenShop();

    const { runs, verdicts } = await crashed(shop, stopBeforeThe(2, 'ApplyRung', 'timed-out'));

    expect(runs.at(-1)?.states.slice(0, 2)).toEqual(['OpenIncident', 'ApplyRung']);
    expect(verdicts.map((v) => v.rung)).toEqual([1, 2]);
  });

  it('while it was closing: the ending stays, and nobody is told twice', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', (operation) => operation === 's3.PutObject');

    const { incident, report } = await crashed(shop);

    expect(incident).toMatchObject({ state: 'closed', ending: 'recovered' });
    expect(shop.world.messages).toHaveLength(1);
    expect(report.pages).toHaveLength(1);
  });
});

describe('a takeover', () => {
  it('of an incident that nobody knows ends at once', async () => {
    const shop = await aShop();

    const run = await runIncident(shop, { incident: 'recommender-20261121T090405-1a2b3c4d' });

    expect(run).toMatchObject({ status: 'succeeded', states: ['OpenIncident'] });
  });

  it('of an incident whose lease went on to another one ends at once', async () => {
    const shop = await aBrokenShop();
    const second = alarmEvent(shop, 'auc');
    const { id } = await endOf(shop);
    await endOf(shop, { input: second });

    const run = await runIncident(shop, { incident: id });

    expect(run.states).toEqual(['OpenIncident']);
    expect(await shop.read.lease('recommender')).toMatchObject({ fence: 2 });
  });

  it('of an incident whose execution runs, or was stopped by a person, ends at once', async () => {
    const shop = await aBrokenShop();
    const { id } = await endOf(shop, stopBeforeThe(1, 'ApplyRung', 'aborted'));

    const run = await runIncident(shop, { incident: id });

    expect(run.states).toEqual(['OpenIncident']);
    expect(await shop.read.lease('recommender')).toMatchObject({ fence: 1 });
  });

  it('F16: recognises its own lease when the answer to taking it was lost', async () => {
    const shop = await aBrokenShop();
    const { id } = await endOf(shop, stopBeforeThe(1, 'ApplyRung', 'failed'));
    const lost = new OutsideTrouble('the answer was lost');
    shop.world.trouble.failNext('dynamodb.TransactWriteItems', lost, { when: 'lost' });

    await runIncident(shop, { incident: id });

    expect(await shop.read.incident(id)).toMatchObject({ ending: 'recovered', takeovers: 1 });
    expect(await shop.read.lease('recommender')).toMatchObject({ fence: 2 });
  });
});

describe('B7: Step Functions tells late that an execution has failed', () => {
  it('the takeover asks again until it reads so', async () => {
    const shop = await aBrokenShop();
    const { run } = await endOf(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    pass(shop, 60);
    const known = shop.world.executions.get(run.arn);
    shop.world.trouble.interleave('states.DescribeExecution', () => undefined);
    shop.world.trouble.interleave('states.DescribeExecution', () => {
      if (known) known.status = 'running';
    });
    shop.world.trouble.interleave('states.DescribeExecution', () => {
      if (known) known.status = 'failed';
    });

    const { runs } = await runSweeper(shop);

    expect((await outcomeOf(shop, runs.at(-1) ?? run)).incident).toMatchObject({
      ending: 'recovered',
      takeovers: 1,
    });
  });
});

describe('a crash before anything was begun', () => {
  it.each([
    ['a dry run', async () => undefined, { service: 'recommender', dryRun: true }],
    [
      'mode observe',
      async (shop: Shop) => setMode(shop.world, { environment: ENVIRONMENT }, 'observe'),
      undefined,
    ],
  ] as const)('I7: %s does not act when it is taken over', async (_, prepare, input) => {
    const shop = await aBrokenShop();
    await prepare(shop);
    const before = outside(shop);

    const { incident } = await crashed(shop, {
      ...stopBeforeThe(1, 'CloseIncident', 'failed'),
      ...(input && { input }),
    });

    expect(incident).toMatchObject({ ending: 'observed', takeovers: 1 });
    expect(outside(shop)).toEqual(before);
  });

  it('a cooldown does not act when it is taken over', async () => {
    const shop = await aBrokenShop();
    await endOf(shop);
    shipBadRelease(shop);
    pass(shop, 60);

    const { incident } = await crashed(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));

    expect(incident).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/^cooldown/)],
      takeovers: 1,
    });
    expect(outside(shop).aliases.champion).toBe('4');
  });

  it('F06: a forged alarm is doubted when it is taken over', async () => {
    const shop = await aShop();
    shop.world.alarms.set(alarmArn('auc'), {
      state: 'ALARM',
      since: shop.world.clock.now(),
      windowSeconds: 50,
    });
    killAt(shop, 'execution', (operation) => operation === 'cloudwatch.DescribeAlarms');
    const first = await runIncident(shop, alarmEvent(shop, 'auc'));
    const forged = { state: 'ALARM', since: shop.world.clock.now(), windowSeconds: 50 } as const;
    pass(shop, 60);
    shop.world.alarms.set(alarmArn('auc'), forged);

    const { runs } = await runSweeper(shop);

    const { incident } = await outcomeOf(shop, runs[0] ?? first);
    expect(incident).toMatchObject({ ending: 'refused', reasons: [expect.stringMatching(/may be forged$/)] });
  });

  it('F52: the policy that was armed when it opened stays the one it goes by', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', rightAfter('cloudwatch.DescribeAlarms'));
    const first = await runIncident(shop, alarmEvent(shop));
    shop.world.parameters.delete(`/reinstate/${ENVIRONMENT}/armed/recommender`);
    pass(shop, 60);

    const { runs } = await runSweeper(shop);

    expect((await outcomeOf(shop, runs[0] ?? first)).incident?.ending).toBe('recovered');
  });
});

import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { executionArn } from '../builders.ts';
import { type RunOptions, runIncident, runSweeper, stopBeforeThe } from '../incident-run.ts';
import { killAt, rightAfter } from './kill.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, outside, pages, pass, type Shop } from './shop.ts';

const SERVICES = { services: ['recommender'] };
const down = new OutsideTrouble('no answer');

/** Runs the alarm until the execution ends as said, and a minute more; the other red alarm has joined. */
async function stopped(shop: Shop, options: RunOptions) {
  const { id, run } = await endOf(shop, options);
  await runIncident(shop, alarmEvent(shop, 'auc'));
  pass(shop, 60);
  return { id, run, incident: () => shop.read.incident(id) };
}

describe('F50: the sweeper and an execution that a person stopped', () => {
  it('closes it as cancelled, pages, keeps the hold, and does not take it over', async () => {
    const shop = await aBrokenShop();
    const { incident } = await stopped(shop, stopBeforeThe(2, 'ApplyRung', 'aborted'));
    const before = outside(shop);

    const { runs } = await runSweeper(shop);

    expect(runs).toEqual([]);
    expect(await incident()).toMatchObject({
      state: 'closed',
      ending: 'cancelled',
      reasons: ['a person stopped the execution'],
    });
    expect(outside(shop)).toEqual(before);
    expect(await shop.read.hold('recommender')).toMatchObject({ state: 'standing' });
    expect(pages(shop)).toMatchObject([{ subject: 'recommender (local) rollback was cancelled' }]);
  });

  it('gives the lease away for the next alarm, under a greater fence', async () => {
    const shop = await aBrokenShop();
    const { run } = await endOf(shop, stopBeforeThe(1, 'HoldPromotion', 'aborted'));
    await runSweeper(shop);

    await runIncident(shop, alarmEvent(shop, 'auc'));

    expect(await shop.read.lease('recommender')).toMatchObject({ fence: 3 });
    expect((await shop.read.lease('recommender'))?.owner).not.toBe(run.arn);
  });

  it('I4: not before every function that may be writing is over', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', rightAfter('ssm.PutParameter'));
    const { id } = await endOf(shop);
    const [attempt] = await shop.read.attempts(id);
    const execution = [...shop.world.executions.values()][0];
    if (execution) execution.status = 'aborted';

    await runSweeper(shop);
    expect((await shop.read.incident(id))?.state).toBe('running');
    shop.world.clock.advance((attempt?.actUntil ?? 0) - shop.world.clock.now());
    await runSweeper(shop);

    expect((await shop.read.incident(id))?.ending).toBe('cancelled');
  });

  it('a sweeper that dies in between does not make an escalation of it', async () => {
    const shop = await aBrokenShop();
    const { incident } = await stopped(shop, stopBeforeThe(2, 'ApplyRung', 'aborted'));
    let writes = 0;
    shop.world.trouble.onCall = (operation) => {
      if (operation === 'dynamodb.TransactWriteItems' && ++writes === 2) throw new Error('the sweeper died');
    };
    await runSweeper(shop);
    shop.world.trouble.onCall = undefined;

    await runSweeper(shop);

    expect(await incident()).toMatchObject({ state: 'closed', ending: 'cancelled' });
  });
});

describe('the sweeper and an execution that failed', () => {
  it('starts one takeover, however often it looks', async () => {
    const shop = await aBrokenShop();
    const { id } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));

    for (let i = 0; i < 3; i++) await sweep(shop.ports, SERVICES);

    const started = [...shop.world.executions.values()].filter((e) => e.name.includes('-takeover'));
    expect(started).toEqual([{ name: `${id}-takeover-0`, input: { incident: id }, status: 'running' }]);
  });

  it('escalates and pages when the takeover fails too', async () => {
    const shop = await aBrokenShop();
    const { incident } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    await runSweeper(shop, stopBeforeThe(1, 'HoldPromotion', 'timed-out'));
    pass(shop, 60);

    const { runs } = await runSweeper(shop);

    expect(runs).toEqual([]);
    expect(await incident()).toMatchObject({
      state: 'ended',
      ending: 'escalated',
      reasons: ['its execution failed twice'],
    });
    expect(pages(shop)).toHaveLength(1);
  });

  it('I5: escalates and pages when the takeover never gets as far as the lease', async () => {
    const shop = await aBrokenShop();
    const { id } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    await sweep(shop.ports, SERVICES);
    const takeover = shop.world.executions.get(executionArn(`${id}-takeover-0`));
    if (takeover) takeover.status = 'failed';
    pass(shop, 480);

    await runSweeper(shop);

    expect((await shop.read.incident(id))?.ending).toBe('escalated');
  });

  it('B7, I5: starts another takeover when the first one died before it owned the lease', async () => {
    const shop = await aBrokenShop();
    const { incident } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    await runSweeper(shop, stopBeforeThe(1, 'OpenIncident', 'failed'));
    pass(shop, 120);

    await runSweeper(shop);

    expect(await incident()).toMatchObject({ ending: 'recovered', takeovers: 1 });
  });

  it('I5: escalates an incident that died before its deadline was known', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', rightAfter('dynamodb.TransactWriteItems'));
    await runIncident(shop, alarmEvent(shop));
    shop.world.trouble.failNext('states.StartExecution', down, { times: 99 });
    const endings = async () => (await shop.read.summaries('recommender')).map((s) => s.ending);

    pass(shop, 29 * 60);
    await runSweeper(shop);
    expect(await endings()).toEqual([undefined]);
    pass(shop, 60);
    await runSweeper(shop);

    expect(await endings()).toEqual(['escalated']);
    expect(pages(shop)).toHaveLength(1);
  });

  it('F57: escalates after the deadline, and begins nothing more', async () => {
    const shop = await aBrokenShop();
    const { incident } = await stopped(shop, stopBeforeThe(2, 'ApplyRung', 'failed'));
    pass(shop, 480);
    const before = outside(shop);

    const { runs } = await runSweeper(shop);

    expect(runs).toEqual([]);
    expect(await incident()).toMatchObject({
      ending: 'escalated',
      reasons: ['its execution failed and the deadline has passed'],
    });
    expect(outside(shop)).toEqual(before);
  });
});

describe('the sweeper and an execution that is running', () => {
  /** Sweeps in the middle of the run, after so many seconds. */
  const sweptAfter = async (seconds: number) => {
    const shop = await aBrokenShop();
    const before: RunOptions['before'] = async (state, _run, stop) => {
      if (state !== 'HoldPromotion') return;
      pass(shop, seconds);
      for (let i = 0; i < 3; i++) await sweep(shop.ports, SERVICES);
      stop('aborted');
    };
    const { incident } = await endOf(shop, { before });
    return { shop, incident };
  };

  it('leaves it alone in time', async () => {
    const { shop, incident } = await sweptAfter(120);

    expect(shop.world.messages).toEqual([]);
    expect(incident?.state).toBe('running');
  });

  it('pages late once when the goal has passed', async () => {
    const { shop } = await sweptAfter(301);

    expect(pages(shop)).toMatchObject([{ subject: 'recommender: rollback is late' }]);
  });

  it('B7: takes an execution that Step Functions does not know yet for running, and after a minute for gone', async () => {
    const shop = await aBrokenShop();
    const { run } = await endOf(shop, stopBeforeThe(1, 'HoldPromotion', 'running'));
    shop.world.executions.delete(run.arn);

    const early = await sweep(shop.ports, SERVICES);
    const started = shop.world.executions.size;
    pass(shop, 60);
    await sweep(shop.ports, { services: [] });

    expect([early.problems, started, shop.world.executions.size]).toEqual([[], 0, 1]);
  });

  it('leaves a close that began at the deadline half a minute before it pages', async () => {
    const shop = await aBrokenShop();
    const subjects: (string | undefined)[] = [];
    const before: RunOptions['before'] = async (state, run, stop) => {
      if (state !== 'HoldPromotion') return;
      const { deadlineAt = 0 } = (await shop.read.incident(run.cursor?.incident ?? '')) ?? {};
      pass(shop, (deadlineAt + 29_000 - shop.world.clock.now()) / 1000);
      await sweep(shop.ports, { services: [] });
      subjects.push(pages(shop).at(-1)?.subject);
      pass(shop, 1);
      await sweep(shop.ports, { services: [] });
      subjects.push(pages(shop).at(-1)?.subject);
      stop('aborted');
    };
    await endOf(shop, { before });

    expect(subjects).toEqual([
      'recommender: rollback is late',
      'recommender: past the deadline and still running',
    ]);
  });

  it('pages once more when the deadline has passed, and does not close it', async () => {
    const { shop, incident } = await sweptAfter(510);

    expect(pages(shop).map((p) => p.subject)).toEqual([
      'recommender: rollback is late',
      'recommender: past the deadline and still running',
    ]);
    expect(incident?.state).toBe('running');
  });
});

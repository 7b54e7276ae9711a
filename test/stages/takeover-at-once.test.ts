import { describe, expect, it } from '@jest/globals';
import { openIncident } from '../../lib/stages/open-incident.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { executionArn } from '../builders.ts';
import { killAt, rightAfter } from './kill.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop } from './shop.ts';

describe('I4: an execution that failed while a step may be writing', () => {
  it('is taken over by an execution that starts at once, and owns it after every actUntil and the margin', async () => {
    const shop = await aBrokenShop();
    killAt(shop, 'execution', rightAfter('ssm.PutParameter'));
    const { id } = await endOf(shop);
    const until = Math.max(...(await shop.read.attempts(id)).map(({ actUntil }) => actUntil)) + 5000;
    await sweep(shop.ports, { services: ['recommender'] });
    const execution = executionArn(`${id}-takeover-0`);
    const takeOver = () => openIncident(shop.ports, shop.rules, { event: { incident: id }, execution });
    const advanceTo = (at: number) => shop.world.clock.advance(at - shop.world.clock.now());

    expect(shop.world.executions.get(execution)?.status).toBe('running');
    advanceTo(until - 1);
    await expect(takeOver()).rejects.toMatchObject({ name: 'StepStillRunning', retryAt: until });
    expect(await shop.read.lease('recommender')).toMatchObject({ fence: 1 });
    advanceTo(until);
    expect(await takeOver()).toMatchObject({ fence: 2 });
  });
});

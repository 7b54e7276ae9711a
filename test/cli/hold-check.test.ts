import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { at } from '../builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const hold = (state: 'standing' | 'lifted', service = 'recommender') =>
  [keys.hold(service), { state, incident: 'first', since: at(8), reason: 'incident first' }] as const;

describe('reinstate hold check', () => {
  it('ends with 3 while a hold stands, and says how it is lifted', async () => {
    const desk = aDesk(aWorld());
    await given(desk, hold('standing'));

    const { exit, out } = await type(desk, 'hold check recommender');

    expect(exit).toBe(3);
    expect(out).toMatch(/on hold since 2026-11-21 09:04:08 UTC: incident first; .*hold lift recommender/);
  });

  it.each([
    ['only another service has one', [hold('standing', 'fraud-scorer')]],
    ['it was lifted', [hold('lifted')]],
  ])('ends with 0 where %s', async (_, items) => {
    const desk = aDesk(aWorld());
    await given(desk, ...items);

    expect(await type(desk, 'hold check recommender -o json')).toMatchObject({
      exit: 0,
      json: { service: 'recommender', held: false },
    });
  });

  it('lets nothing go on where the table cannot be read, or nobody knows the service', async () => {
    const world = aWorld();
    world.trouble.failNext('dynamodb.GetItem', new OutsideTrouble('Cannot reach DynamoDB'));

    expect((await type(aDesk(world), 'hold check recommender')).exit).not.toBe(0);
    expect((await type(aDesk(world), 'hold check recomender')).exit).toBe(2);
  });
});

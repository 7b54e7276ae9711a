import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { runIncident, sweepMinutes } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, outside, pages, type Shop } from './shop.ts';

/** The nth call of an incident, and so many after it, find nobody. Nothing when it made fewer calls. */
async function troubledAt(nth: number, times: number): Promise<Shop | undefined> {
  const shop = await aBrokenShop();
  let calls = 0;
  shop.world.trouble.onCall = (operation) => {
    calls += 1;
    if (calls >= nth && calls < nth + times) throw new OutsideTrouble(`Cannot call ${operation}: no answer`);
  };
  await runIncident(shop, alarmEvent(shop));
  if (calls < nth) return undefined;
  shop.world.trouble.onCall = undefined;
  await sweepMinutes(shop, 9);
  return shop;
}

/** What must hold whatever happened: one end that people know of, and nothing done twice or halfway. */
async function objectionsTo(shop: Shop): Promise<string[]> {
  const { flag, aliases, serving } = outside(shop);
  const incidents = await shop.read.summaries('recommender');
  const ending = incidents[0]?.ending;
  // What was refused in doubt pulled no lever; the alarm that it does not hold opens another.
  const others = incidents.filter((i) => i.ending !== 'refused');
  const served = aliases.champion === '3' && serving?.every((v) => v === '3');
  return [
    ...(others.length <= 1 ? [] : [`${others.length} incidents`]),
    ...(ending === undefined ? ['no ending'] : []),
    ...(flag.length <= 3 ? [] : [`flag: ${flag.join(', ')}`]),
    ...(ending === 'recovered' && !served ? ['recovered, and the bad version is served'] : []),
    ...(ending !== 'recovered' && pages(shop).length === 0 ? [`${ending}, and nobody was paged`] : []),
    ...(shop.world.messages.length > 0 ? [] : ['nobody was told']),
    ...(aliases.previous_champion === aliases.champion ? ['previous_champion is champion'] : []),
  ];
}

describe('I5: trouble at any call of an incident', () => {
  it.each([1, 5, 40])(
    '%i calls find nobody: it ends, people know of it, nothing is done twice',
    async (times) => {
      const astray: unknown[] = [];

      let nth = 1;
      for (let shop = await troubledAt(nth, times); shop; shop = await troubledAt(++nth, times)) {
        const objections = await objectionsTo(shop);
        if (objections.length > 0) astray.push({ nth, objections });
      }

      expect(astray).toEqual([]);
      expect(nth).toBeGreaterThan(40);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { runIncident, sweepMinutes } from '../incident-run.ts';
import { killAt } from './kill.ts';
import { aBrokenShop, alarmEvent, outside, type Shop } from './shop.ts';

/** Kills whoever makes the nth call of an incident, and lets the sweeper see to the rest. Nothing when it made fewer. */
async function killedAt(nth: number, what: 'function' | 'execution'): Promise<Shop | undefined> {
  const shop = await aBrokenShop();
  let calls = 0;
  killAt(shop, what, () => {
    calls += 1;
    return calls === nth;
  });
  await runIncident(shop, alarmEvent(shop));
  if (calls < nth) return undefined;
  await sweepMinutes(shop, 6);
  return shop;
}

async function whatBecameOf(shop: Shop) {
  const incidents = (await shop.read.summaries('recommender')).map(({ state, ending }) => ({
    state,
    ending,
  }));
  const { flag, aliases, serving } = outside(shop);
  const quarantined = (await shop.read.quarantine('recommender')).filter(
    (q) => q.state === 'quarantined',
  ).length;
  // Who dies between sending and noting says it again: never not at all.
  const told = [1, 2].includes(shop.world.messages.length);
  return { incidents, flag, aliases, serving, quarantined, told };
}

describe('F58: a crash at any call of an incident', () => {
  it.each(['function', 'execution'] as const)(
    'of the %s: one incident, recovered and closed, each effect once, and somebody is told',
    async (what) => {
      const astray: unknown[] = [];
      const expected = {
        incidents: [{ state: 'closed', ending: 'recovered' }],
        flag: ['false', 'true', 'false'],
        aliases: { champion: '3', rolled_back: '4' },
        serving: ['3', '3'],
        quarantined: 2,
        told: true,
      };

      let nth = 1;
      for (let shop = await killedAt(nth, what); shop; shop = await killedAt(++nth, what)) {
        const found = await whatBecameOf(shop);
        if (JSON.stringify(found) !== JSON.stringify(expected)) astray.push({ nth, ...found });
      }

      expect(astray).toEqual([]);
      expect(nth).toBeGreaterThan(100);
    },
  );
});

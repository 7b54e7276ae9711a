import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { SignalReader } from '../../lib/ports/signal-reader.ts';
import { gatherEvidence } from '../../lib/stages/closing-report.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop } from './shop.ts';

const HOUR_MS = 3600_000;

describe('closing-report', () => {
  it.each([
    ['from 5 minutes before the alarm', 0],
    ['of the last 2 h 45 min at most: CloudWatch gives no short periods from over 3 h ago', 5 * HOUR_MS],
  ])('draws its charts %s', async (_, later) => {
    const shop = await aBrokenShop();
    const { incident } = await endOf(shop);
    const asked: number[] = [];
    const signals: SignalReader = {
      ...shop.ports.signals,
      datapoints: async (_signal, from) => {
        asked.push(from);
        return [];
      },
    };
    shop.world.clock.advance(later);
    if (!incident || incident.trigger.kind === 'person') throw new Error('expected an incident of an alarm');

    await gatherEvidence({ ...shop.ports, signals }, { ...incident, ending: 'recovered' });

    const now = shop.world.clock.now();
    const from = later === 0 ? incident.trigger.at - 5 * 60_000 : now - 2.75 * HOUR_MS;
    expect(new Set(asked)).toEqual(new Set([from]));
  });

  it('F47: says of a signal that cannot be read why, and goes on with the others', async () => {
    const shop = await aBrokenShop();
    const { incident } = await endOf(shop);
    const signals: SignalReader = {
      ...shop.ports.signals,
      datapoints: async ({ name }) => {
        if (name === 'auc') throw new OutsideTrouble('Cannot read signal "auc": \u202eno answer');
        return [{ at: 1, value: 2 }];
      },
    };
    if (!incident) throw new Error('expected an incident');

    const { series } = await gatherEvidence({ ...shop.ports, signals }, { ...incident, ending: 'recovered' });

    expect(
      series.map(({ signal, datapoints, problem }) => [signal.name, datapoints.length, problem]),
    ).toEqual(
      expect.arrayContaining([
        ['auc', 0, expect.stringMatching(/^Cannot read signal "auc": .*no answer$/)],
        ['error-ratio', 1, undefined],
      ]),
    );
    expect(JSON.stringify(series)).not.toContain('\u202e');
  });
});

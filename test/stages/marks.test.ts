import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { Marker } from '../../lib/ports/lever.ts';
import { holdPromotion } from '../../lib/stages/hold-promotion.ts';
import { boundedMarker } from '../../lib/stages/mark-there.ts';
import { aCursor } from '../builders.ts';
import { beforeThe, runIncident, runSweeper, stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, outside, pass, type Shop } from './shop.ts';

const worker = { remainingMs: () => 20_000 };
const hanging: Marker = { mark: () => new Promise(() => undefined) };

/** An incident that is about to be held; the flag and the champion differ. */
async function aboutToHold() {
  const shop = await aBrokenShop();
  const { cursor = aCursor() } = await runIncident(
    shop,
    alarmEvent(shop),
    stopBeforeThe(1, 'HoldPromotion', 'running'),
  );
  return { shop, cursor };
}

const notesOf = async ({ read }: Shop, incident: string) =>
  (await read.notes<{ text?: string }>(incident)).flatMap(({ text }) => text ?? []);

describe('F21: marks and a registry that hangs', () => {
  it('costs 8 s in all, however many levers there are, and the flag is pulled all the same', async () => {
    const { shop, cursor } = await aboutToHold();
    const { ports, world } = shop;
    const began = world.clock.now();

    const next = await holdPromotion(
      { ...ports, marker: boundedMarker(hanging, world.clock) },
      cursor,
      worker,
    );

    expect(next.next).toBe('apply');
    expect(world.clock.now() - began).toBe(8000);
    expect(await notesOf(shop, cursor.incident)).toEqual([
      'champion: not marked as suspected: no answer within 8 s',
      'new-features: not marked as suspected: no answer within 8 s',
    ]);
  });

  it('what is suspected is in the ledger before anything is marked', async () => {
    const { shop, cursor } = await aboutToHold();
    const known: number[] = [];
    const marker: Marker = {
      mark: async () => void known.push((await shop.read.quarantine('recommender')).length),
    };

    await holdPromotion({ ...shop.ports, marker }, cursor, worker);

    expect(known).toEqual([2, 2]);
  });

  it('a registry that answers is not hurried, and what it refuses is what the note says', async () => {
    const never = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
    const refusing: Marker = { mark: () => Promise.reject(new OutsideTrouble('MLflow answered 502')) };
    const { shop, cursor } = await aboutToHold();

    await holdPromotion({ ...shop.ports, marker: boundedMarker(refusing, never) }, cursor, worker);

    expect((await notesOf(shop, cursor.incident))[0]).toMatch(/suspected: MLflow answered 502$/);
  });
});

describe('I4: marks are announced like acts', () => {
  it('before the first tag the table says until when it may be written, and under which fence', async () => {
    const { shop, cursor } = await aboutToHold();
    const seen: unknown[] = [];
    shop.world.trouble.interleave('mlflow.SetTag', async () => {
      seen.push(await shop.read.attempt(cursor.incident, '0.mark'));
    });

    await holdPromotion(shop.ports, cursor, worker);

    expect(seen).toEqual([{ step: '0.mark', actUntil: shop.world.clock.now() + 25_000, fence: 1 }]);
  });

  it('F50: a cancelled incident is closed only once nobody can be marking any more', async () => {
    const shop = await aBrokenShop();
    const run = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'aborted'));
    const state = async () => (await shop.read.incident(run.cursor?.incident ?? ''))?.state;

    await runSweeper(shop);
    expect(await state()).toBe('running');
    pass(shop, 60);
    await runSweeper(shop);

    expect(await state()).toBe('closed');
  });

  it('F10: whoever takes over after the marks and before the first act plans again, and recovers', async () => {
    const shop = await aBrokenShop();
    await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'failed'));
    pass(shop, 60);

    const { runs } = await runSweeper(shop);

    expect(runs[0]?.states.slice(0, 3)).toEqual(['OpenIncident', 'PlanRollback', 'HoldPromotion']);
    expect((await shop.read.incident(runs[0]?.cursor?.incident ?? ''))?.ending).toBe('recovered');
  });

  it('of two that mark under one fence one writes tags; the other says so', async () => {
    const { shop, cursor } = await aboutToHold();

    await Promise.all([holdPromotion(shop.ports, cursor, worker), holdPromotion(shop.ports, cursor, worker)]);

    expect(shop.world.trouble.calls.get('mlflow.SetTag')).toBe(3);
    expect((await notesOf(shop, cursor.incident))[0]).toMatch(/another attempt is marking$/);
  });

  it('F13: who slept through its time marks nothing', async () => {
    const { shop, cursor } = await aboutToHold();
    const asleep = { remainingMs: () => 0 };

    await holdPromotion(shop.ports, cursor, asleep);

    expect(shop.world.trouble.calls.get('mlflow.SetTag')).toBeUndefined();
  });

  it('close-incident announces too, before it tags what is quarantined', async () => {
    const shop = await aBrokenShop();
    const marked: unknown[] = [];

    const { id } = await endOf(
      shop,
      beforeThe(1, 'CloseIncident', ({ cursor }) => {
        const { now } = shop.world.clock;
        shop.world.trouble.interleave('mlflow.SetTag', async () => {
          const attempt = await shop.read.attempt(cursor?.incident ?? '', '0.mark');
          marked.push((attempt?.actUntil ?? 0) > now());
        });
      }),
    );

    expect(marked).toEqual([true]);
    expect(outside(shop).tags.find(([v]) => v === '4')?.[1]).toMatchObject({
      'reinstate.state': 'quarantined',
      'reinstate.incident': id,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyStep } from '../../lib/stages/apply-step.ts';
import { closeIncident } from '../../lib/stages/close-incident.ts';
import { openIncident } from '../../lib/stages/open-incident.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { executionArn } from '../builders.ts';
import { runIncident, stopBeforeThe } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, outside, type Shop } from './shop.ts';

const RUNS = { numRuns: 150 };

/** Every call of every twin waits until the scheduler lets it go: all interleavings are possible. */
function scheduled(shop: Shop, scheduler: fc.Scheduler): void {
  shop.world.trouble.onCall = (operation) => scheduler.schedule(Promise.resolve(), operation);
}

const open = (shop: Shop, name: string, event: unknown) => {
  const execution = executionArn(name);
  shop.world.executions.set(execution, { name, input: event, status: 'running' });
  return openIncident(shop.ports, shop.rules, { event, execution });
};

describe('I1: executions that race for one service, in any order of their calls', () => {
  it('with the same alarm: one wins, the others attach without a trace', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, contenders) => {
        const shop = await aBrokenShop();
        const event = alarmEvent(shop);
        scheduled(shop, scheduler);
        const names = Array.from({ length: contenders }, (_, i) => `race-${i}`);

        const cursors = await scheduler.waitFor(Promise.all(names.map((name) => open(shop, name, event))));
        shop.world.trouble.onCall = undefined;

        expect(cursors.map((c) => c.next).sort()).toEqual([...names.slice(1).map(() => 'done'), 'plan']);
        expect(await shop.read.summaries('recommender')).toHaveLength(1);
        expect(await shop.read.incident(cursors[0]?.incident ?? '')).toMatchObject({ alarms: 1 });
      }),
      RUNS,
    );
  });

  it('with an alarm each: one wins, and both alarms are in its incident', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const shop = await aBrokenShop();
        const events = [alarmEvent(shop), alarmEvent(shop, 'auc')];
        scheduled(shop, scheduler);

        const cursors = await scheduler.waitFor(
          Promise.all(events.map((e, i) => open(shop, `race-${i}`, e))),
        );
        shop.world.trouble.onCall = undefined;

        expect(cursors.map((c) => c.next).sort()).toEqual(['done', 'plan']);
        expect(await shop.read.lease('recommender')).toMatchObject({ fence: 1 });
        expect(await shop.read.incident(cursors[0]?.incident ?? '')).toMatchObject({ alarms: 2 });
      }),
      RUNS,
    );
  });

  it('to take an incident over: one does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const shop = await aBrokenShop();
        const first = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'HoldPromotion', 'failed'));
        const takeover = { incident: first.cursor?.incident };
        scheduled(shop, scheduler);

        const cursors = await scheduler.waitFor(
          Promise.all(['a', 'b'].map((name) => open(shop, name, takeover))),
        );
        shop.world.trouble.onCall = undefined;

        expect(cursors.map((c) => c.next).sort()).toEqual(['done', 'plan']);
        expect(await shop.read.lease('recommender')).toMatchObject({ fence: 2 });
      }),
      RUNS,
    );
  });
});

describe('an alarm that races with the close, in any order of their calls', () => {
  it('is judged, or sent back: never joined and forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const shop = await aBrokenShop();
        const late = alarmEvent(shop, 'auc');
        const { cursor } = await runIncident(
          shop,
          alarmEvent(shop),
          stopBeforeThe(1, 'CloseIncident', 'running'),
        );
        if (!cursor) throw new Error('it never came to the close');
        scheduled(shop, scheduler);

        const closing = closeIncident(shop.ports, cursor);
        const joining = open(shop, 'late', late).catch((error: Error) => error.name);
        const [closed, joined] = await scheduler.waitFor(Promise.all([closing, joining]));
        shop.world.trouble.onCall = undefined;

        const known = await shop.read.incident(cursor.incident);
        const isIn = (await shop.read.alarms(cursor.incident)).length === 2;
        if (isIn) expect([closed.next, known?.alarms, known?.state]).toEqual(['verify', 2, 'running']);
        else expect([closed.next, joined]).toEqual(['done', 'IncidentClosing']);
      }),
      RUNS,
    );
  });
});

describe('I4: a step that races with a takeover, in any order of their calls', () => {
  const worker = { remainingMs: () => 20_000 };
  const pull = (shop: Shop, incident: string, fence: number) =>
    applyStep(shop.ports, { incident, service: 'recommender', fence, rung: 1, step: { id: '1.1' } }, worker);

  it('the takeover waits for it, or it is fenced off: the flag is set once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const shop = await aBrokenShop();
        const first = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'failed'));
        const incident = first.cursor?.incident ?? '';
        scheduled(shop, scheduler);

        const zombie = pull(shop, incident, 1).catch((error: Error) => error.name);
        const successor = open(shop, 'second', { incident })
          .then(() => pull(shop, incident, 2))
          .catch((error: Error) => error.name);
        const [late, next] = await scheduler.waitFor(Promise.all([zombie, successor]));
        shop.world.trouble.onCall = undefined;

        if (next !== 'StepStillRunning') expect(late).toBe('FenceLost');
        expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
      }),
      RUNS,
    );
  });

  it('the sweeper that cancels waits for it, or it is fenced off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const shop = await aBrokenShop();
        const stopped = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'aborted'));
        const incident = stopped.cursor?.incident ?? '';
        scheduled(shop, scheduler);

        const zombie = pull(shop, incident, 1).catch((error: Error) => error.name);
        const [late] = await scheduler.waitFor(Promise.all([zombie, sweep(shop.ports, { services: [] })]));
        shop.world.trouble.onCall = undefined;

        const { state } = (await shop.read.incident(incident)) ?? {};
        if (state === 'closed') expect([late, outside(shop).flag.length]).toEqual(['FenceLost', 2]);
        expect(outside(shop).flag.length).toBeLessThan(4);
      }),
      RUNS,
    );
  });
});

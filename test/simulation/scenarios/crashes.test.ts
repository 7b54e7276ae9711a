import { describe, expect, it } from '@jest/globals';
import { day } from '../scenario.ts';
import {
  allCameTo,
  cameTo,
  executionsOf,
  flagHeld,
  ONE_ALARM,
  statusesOf,
  TAKEN_OVER,
  WELL,
} from './executions.ts';
import { all, dayOf, fate, type Script } from './faults.ts';

const WRITE = 'dynamodb.TransactWriteItems';
const GAVE_UP = ['recommender (local) needs you: the automation gave up'];

describe('F10: a crash after the lease, before the first act', () => {
  const afterLease = () => fate({ function: 'open-incident', operation: WRITE }, 'crash after');
  const neverAgain = (worker: RegExp) =>
    fate({ function: 'open-incident', operation: 'lambda.Init', worker, to: 99 }, 'crash');

  it.each<[string, Script]>([
    ['the function that took it', fate({ function: 'open-incident', operation: WRITE }, 'crash after')],
    ['the one that planned', fate({ function: 'plan-rollback', operation: WRITE }, 'crash after')],
    ['the one that held', fate({ function: 'hold-promotion', operation: WRITE }, 'crash after')],
    [
      'the one that had just announced its act',
      fate({ function: 'apply-flag', operation: WRITE }, 'crash after'),
    ],
  ])('killed once, %s: its execution goes on with its own lease', async (_, script) => {
    const seen = await dayOf(script);

    expect(cameTo(seen)).toEqual(WELL);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect([seen.incident.takeovers, seen.incident.alarms]).toEqual([0, 1]);
  });

  it('killed until its execution failed: taken over once from the receipts, and one effect', async () => {
    const seen = await dayOf(all(afterLease(), neverAgain(/@event-1-1#[23]$/)));

    expect(cameTo(seen)).toEqual(TAKEN_OVER);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.takeovers).toBe(1);
    expect(statusesOf(await executionsOf(seen))).toMatchObject({
      'event-1-1': 'failed',
      'takeover-0': 'succeeded',
    });
  });

  it('and the watch rule, which is best effort, said nothing: the next sweep takes it over', async () => {
    const seen = await day(
      (environment) => {
        environment.bus.script = () => [300];
        environment.script = all(afterLease(), neverAgain(/@event-1-1#[23]$/));
      },
      { ...ONE_ALARM, weather: { bus: { duplicate: 0, late: 0, lost: 1 } } },
    );

    expect(cameTo(seen)).toEqual(TAKEN_OVER);
    const lease = await seen.read.lease('recommender');
    expect(lease).toMatchObject({ fence: 2 });
    // Woken, it would have been a few seconds.
    expect((lease?.takenAt ?? 0) - seen.incident.openedAt).toBeGreaterThan(20_000);
  });

  it('and the takeover dies too, once it owns the incident: escalated and paged, and nothing acts', async () => {
    const seen = await dayOf(
      all(
        afterLease(),
        fate({ function: 'open-incident', operation: WRITE, worker: /-takeover-0#1$/ }, 'crash after'),
        neverAgain(/#[23]$/),
      ),
    );

    expect(allCameTo(seen)).toEqual({
      ends: ['escalated: its execution failed twice'],
      changes: [],
      pages: GAVE_UP,
      violations: [],
    });
    expect(seen.incident.state).toBe('ended');
    expect(flagHeld(seen)).toEqual(['false', 'true']);
  });

  it('and no function starts any more until the deadline: people are called, and it ends escalated', async () => {
    const seen = await dayOf(all(afterLease(), neverAgain(/#[23]$|-takeover-/)), { minutes: 40 });

    expect(allCameTo(seen)).toMatchObject({
      ends: ['escalated: its execution failed and the deadline has passed'],
      changes: [],
      pages: GAVE_UP,
      violations: [],
    });
    const [first = 0] = seen.environment.witness.platformPages;
    expect(first - seen.incident.openedAt).toBeLessThan(120_000);
  });

  it('a stage that crashes whenever it is tried: escalated and paged, and nothing acts', async () => {
    const seen = await dayOf(fate({ function: 'plan-rollback', operation: 'lambda.Init', to: 3 }, 'crash'));

    expect(allCameTo(seen)).toEqual({
      ends: [expect.stringMatching(/^escalated: Runtime.ExitError: /)],
      changes: [],
      pages: GAVE_UP,
      violations: [],
    });
  });
});

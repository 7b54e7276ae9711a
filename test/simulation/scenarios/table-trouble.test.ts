import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import { BREAKS_AFTER_MS, type Day, day } from '../scenario.ts';
import {
  allCameTo,
  cameTo,
  counted,
  executionsOf,
  flagHeld,
  ONE_ALARM,
  statusesOf,
  WELL,
} from './executions.ts';
import { alarmsArrive, all, type Calls, endingExecution, fate, outage, type Script } from './faults.ts';

const MINUTE = 60_000;
/** Just before the alarm turns red. */
const JUST_BEFORE = BREAKS_AFTER_MS + 20_000;
const WRITE = 'dynamodb.TransactWriteItems';
const ORPHAN = 'Reinstate: an execution failed and holds no incident';

/** The first calls of these kinds are refused by the table, after the client's own patience is over. */
function refused(calls: readonly Calls['operation'][], times: number): Script {
  let left = times;
  return (worker, moment) => {
    if (worker.function !== 'open-incident' || !calls.includes(moment) || left === 0) return undefined;
    left -= 1;
    throw new OutsideTrouble('Cannot write 7 items: ThrottlingError for 2 s');
  };
}

/** Seconds from the bad release until somebody was called, by whichever path. */
function heardAfter({ environment: { witness }, pages }: Day): number {
  const calls = [...witness.platformPages, ...pages.map(({ at }) => at)];
  return (Math.min(...calls) - witness.startedAt - BREAKS_AFTER_MS) / 1000;
}

describe('F15: the table throttles, or fails, at the lease', () => {
  it.each([
    ['the reading', 'dynamodb.GetItem', 1],
    ['the writing', WRITE, 1],
    ['the writing, twice', WRITE, 2],
  ] as const)('%s: tried again within seconds, and nobody is paged', async (_, operation, times) => {
    const seen = await day((environment) => {
      environment.script = refused([operation], times);
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual(WELL);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    const openedAfter = seen.incident.openedAt - seen.environment.witness.startedAt - JUST_BEFORE;
    expect(openedAfter).toBeLessThan(15_000);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, refused: 1 });
  });

  it('beyond the tries of its state: a page and no act by that execution; the sweeper opens the alarm', async () => {
    const seen = await day((environment) => {
      environment.script = refused([WRITE], 3);
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual({ ...WELL, pages: [ORPHAN], platformPages: 1 });
    expect(seen.incident.trigger.kind).toBe('red-alarm');
    expect(counted(await executionsOf(seen))).toEqual({ nothing: 1, owner: 1, refused: 1 });
  });

  it('down for 2 minutes: people are called, nothing acts until it is back, and then once', async () => {
    const seen = await day(
      (environment) => outage(environment, 'dynamodb', { at: JUST_BEFORE, ms: 2 * MINUTE }),
      ONE_ALARM,
    );

    expect(cameTo(seen)).toEqual({ ...WELL, pages: [ORPHAN], platformPages: 1 });
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.openedAt).toBeGreaterThan(
      seen.environment.witness.startedAt + JUST_BEFORE + 2 * MINUTE,
    );
  });

  it.each(['dynamodb', WRITE])(
    '%s down for good: no act, and people are called within minutes',
    async (what) => {
      const seen = await day(
        (environment) => outage(environment, what, { at: JUST_BEFORE, ms: 60 * MINUTE }),
        ONE_ALARM,
      );

      expect(allCameTo(seen)).toEqual({ ends: [], changes: [], pages: [], violations: [] });
      expect(flagHeld(seen)).toEqual(['false', 'true']);
      expect(heardAfter(seen)).toBeLessThan(180);
      expect(Object.values(counted(await executionsOf(seen)))).toHaveLength(1);
    },
  );

  it.each([20, 40, 60, 120, 400])(
    'down for %s s from the first act on: its effect is one, and it recovers or people are called',
    async (seconds) => {
      const seen = await day(
        (environment) => {
          const begins = fate({ function: 'apply-flag', operation: 'ssm.PutParameter' }, 'slow');
          environment.script = (worker, moment) => {
            const slow = begins(worker, moment);
            if (slow) environment.down.set('dynamodb', environment.scheduler.clock.now() + seconds * 1000);
            return slow;
          };
        },
        { ...ONE_ALARM, minutes: 45 },
      );

      expect(cameTo(seen)).toMatchObject({ violations: [], running: [] });
      expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
      if (seen.incident.ending !== 'recovered') expect(seen.pages).not.toEqual([]);
    },
  );
});

describe('F16: the lease is written, and the answer is lost', () => {
  const leaseAnswerLost = (worker = /@event-1-/) =>
    fate({ function: 'open-incident', operation: WRITE, worker }, 'loseReply');

  it('its execution finds the lease its own, and goes on: one incident, one alarm, no takeover', async () => {
    const seen = await day((environment) => {
      environment.script = leaseAnswerLost();
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual(WELL);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident).toMatchObject({ alarms: 1, takeovers: 0 });
    expect(await seen.read.lease('recommender')).toMatchObject({ fence: 1 });
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, refused: 1 });
  });

  it('among five copies of the event: the others attach to it', async () => {
    const seen = await day((environment) => {
      alarmsArrive(environment, 300, 300, 300, 400, 3000);
      environment.script = leaseAnswerLost();
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual(WELL);
    expect(seen.incident.alarms).toBe(1);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, attached: 4, refused: 1 });
  });

  it('and nothing can be read until its execution has failed: the incident is found, and taken over', async () => {
    const seen = await day((environment) => {
      const unreadable = { function: 'open-incident', operation: 'dynamodb.GetItem', to: 99 } as const;
      environment.script = all(
        leaseAnswerLost(),
        fate({ ...unreadable, worker: /@event-1-1#[23]$/ }, 'drop'),
      );
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: 1 });
    expect(seen.incident.takeovers).toBe(1);
    expect(statusesOf(await executionsOf(seen))).toMatchObject({ 'takeover-0': 'succeeded' });
  });

  it('of a takeover: it finds the lease its own, under the next fence', async () => {
    const seen = await day((environment) => {
      const dies = fate({ function: 'plan-rollback', operation: 'lambda.Init' }, 'crash');
      environment.script = all(endingExecution(environment, 'failed', dies), leaseAnswerLost(/-takeover-0#/));
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: 1 });
    expect(seen.incident.takeovers).toBe(1);
    expect(await seen.read.lease('recommender')).toMatchObject({ fence: 2 });
  });

  it('so it is of each that attaches: every alarm is in the incident once', async () => {
    const seen = await day((environment) => {
      const lost = new Set<string | undefined>();
      alarmsArrive(environment, 300, 2000);
      environment.script = ({ function: name, execution }, moment) => {
        if (name !== 'open-incident' || moment !== WRITE || lost.has(execution)) return undefined;
        lost.add(execution);
        return 'loseReply';
      };
    });

    expect(cameTo(seen)).toEqual(WELL);
    expect(seen.incident.alarms).toBe(3);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, attached: 5, refused: 3 });
  });
});

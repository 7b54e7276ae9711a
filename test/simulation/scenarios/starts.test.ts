import { describe, expect, it } from '@jest/globals';
import { BREAKS_AFTER_MS, type Day, day } from '../scenario.ts';
import {
  callsOf,
  cameTo,
  counted,
  executionsOf,
  flagHeld,
  ONE_ALARM,
  statusesOf,
  WELL,
} from './executions.ts';
import { alarmsArrive, all, endingExecution, fate, outage } from './faults.ts';

const MINUTE = 60_000;
/** Just before the alarm turns red. */
const JUST_BEFORE = BREAKS_AFTER_MS + 20_000;
const START = 'states.StartExecution';

/** Seconds from the bad release until each letter in the dead letter queue called people. */
const deadLetters = ({ environment: { witness } }: Day): number[] =>
  witness.trace
    .filter((line) => line.endsWith('CloudWatch calls people: an event was not delivered'))
    .map((line) => Number.parseFloat(line) - BREAKS_AFTER_MS / 1000);

/** Five minutes, and those 25 s that the alarm takes to turn red. */
const BY_THEN = 5 * 60 + 30;

describe('F08: StartExecution is throttled', () => {
  it('for 40 s: EventBridge tries again, and the event opens its incident; nobody is paged', async () => {
    const seen = await day(
      (environment) => outage(environment, START, { at: JUST_BEFORE, ms: 40_000 }),
      ONE_ALARM,
    );

    expect(cameTo(seen)).toEqual(WELL);
    expect(seen.incident.trigger.kind).toBe('alarm');
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, refused: 1 });
  });

  it('for the event alone, beyond 5 minutes: its dead letter calls people; the sweeper opened the alarm before', async () => {
    const seen = await day((environment) => alarmsArrive(environment), ONE_ALARM);

    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: 1 });
    expect(seen.incident.trigger.kind).toBe('red-alarm');
    expect(deadLetters(seen)).toEqual([expect.any(Number)]);
    expect(deadLetters(seen)[0]).toBeLessThan(BY_THEN);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, refused: 1 });
  });

  it('for 8 minutes, the sweeper too: people are called within 5 minutes, and what is red is opened after', async () => {
    const seen = await day(
      (environment) => outage(environment, START, { at: JUST_BEFORE, ms: 8 * MINUTE }),
      ONE_ALARM,
    );

    expect(deadLetters(seen)).toEqual([expect.any(Number)]);
    expect(deadLetters(seen)[0]).toBeLessThan(BY_THEN);
    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: expect.any(Number) });
    expect(seen.incident.trigger.kind).toBe('red-alarm');
    expect(seen.incident.openedAt).toBeGreaterThan(
      seen.environment.witness.startedAt + JUST_BEFORE + 8 * MINUTE,
    );
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, refused: 1 });
  });

  it('for good: nothing acts, and people are called again and again', async () => {
    const seen = await day(
      (environment) => outage(environment, START, { at: JUST_BEFORE, ms: 60 * MINUTE }),
      ONE_ALARM,
    );

    expect([seen.incidents, seen.violations, flagHeld(seen)]).toEqual([[], [], ['false', 'true']]);
    expect(deadLetters(seen)[0]).toBeLessThan(BY_THEN);
    // The dead letter, and each minute the sweeper that cannot do its work.
    expect(seen.environment.witness.platformPages.length).toBeGreaterThan(10);
  });
});

/** Seconds between two heartbeats at most. */
function longestSilence({ environment: { world } }: Day): number {
  const gaps = world.beats.slice(1).map((at, n) => (at - (world.beats[n] ?? at)) / 1000);
  return Math.max(...gaps);
}

describe('F09: the name of an execution is taken', () => {
  /** So many times, for 20 s each, it does not get to the lease: the next sweeps find no incident, and start again. */
  const slowToOpen = (worker: RegExp, times: number) =>
    fate(
      { function: 'open-incident', operation: 'dynamodb.TransactWriteItems', worker, from: 1, to: times },
      'hang',
    );

  it('the sweeper takes it for started: one execution, one incident, and a heartbeat each minute', async () => {
    const seen = await day((environment) => {
      alarmsArrive(environment);
      environment.script = slowToOpen(/@red-/, 3);
    }, ONE_ALARM);
    const ran = await executionsOf(seen);

    // The first execution is killed thrice; its name is free again after five minutes.
    expect(callsOf(seen.environment, 'sweeper')['states']).toBeGreaterThanOrEqual(3);
    expect(ran.filter(({ name }) => name.startsWith('red-')).map(({ as }) => as)).toEqual([
      'nothing',
      'owner',
    ]);
    expect(longestSilence(seen)).toBeLessThan(75);
    expect(cameTo(seen)).toEqual({
      ...WELL,
      pages: ['Reinstate: an execution failed and holds no incident'],
      platformPages: expect.any(Number),
    });
  });

  it('also where the answer of the first start was lost', async () => {
    const seen = await day((environment) => {
      alarmsArrive(environment);
      environment.script = all(
        fate({ function: 'sweeper', operation: START }, 'loseReply'),
        slowToOpen(/@red-/, 2),
      );
    }, ONE_ALARM);
    const ran = await executionsOf(seen);

    expect(callsOf(seen.environment, 'sweeper')['states']).toBeGreaterThanOrEqual(2);
    expect(ran.filter(({ name }) => name.startsWith('red-')).map(({ as }) => as)).toEqual(['owner']);
    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: 1 });
  });

  it('a takeover is started once, however often the sweeper looks until it owns the incident', async () => {
    const seen = await day((environment) => {
      environment.script = all(
        endingExecution(
          environment,
          'failed',
          fate({ function: 'plan-rollback', operation: 'lambda.Init' }, 'crash'),
        ),
        slowToOpen(/-takeover-0#/, 2),
      );
    }, ONE_ALARM);

    expect(statusesOf(await executionsOf(seen))).toEqual({
      'event-1-1': 'failed',
      'event-2-1': 'succeeded',
      'takeover-0': 'succeeded',
    });
    expect(callsOf(seen.environment, 'sweeper')['states']).toBeGreaterThanOrEqual(4);
    expect(seen.incident.takeovers).toBe(1);
    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: 1 });
  });

  it('a person who starts the same request twice gets one execution', async () => {
    const seen = await day((environment) => {
      const start = () =>
        environment.machine.start('cli-20261121', { service: 'recommender', reason: 'it is slow' });
      alarmsArrive(environment, 12 * MINUTE);
      for (const ms of [190_000, 190_000, 230_000, 500_000]) environment.later(ms, start);
    }, ONE_ALARM);
    const people = (await executionsOf(seen)).filter(({ name }) => name.startsWith('cli-'));

    expect(people).toMatchObject([{ as: 'owner', status: 'succeeded' }]);
    expect(cameTo(seen)).toEqual(WELL);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Attributes } from '../../../lib/core/write.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { type Day, day } from '../scenario.ts';
import {
  alarmOf,
  allCameTo,
  cameTo,
  counted,
  executionsOf,
  flagHeld,
  ONE_ALARM,
  WELL,
} from './executions.ts';
import { alarmsArrive, setAlarm } from './faults.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const itemsUnder = ({ environment }: Day, partition: string): Attributes[] =>
  [...environment.world.items.values()].filter(({ pk }) => pk === partition);

/** What was told of refusals at the door, the OKs of alarms aside. */
const refusalsTold = ({ notifications }: Day): string[] =>
  notifications.map(({ text }) => text).filter((text) => /^Refused: (?!the alarm's state is OK)/.test(text));

describe('F05: the event comes two hours late', () => {
  const stale = [expect.stringContaining('the event is 120 minutes old (stale)')];

  it('its alarm is well by then: refused with a notification, no page and no act', async () => {
    const seen = await day(
      (environment, shop) => {
        alarmsArrive(environment, 2 * HOUR);
        environment.later(215_000, () => environment.witness.somebody('it heals', () => shop.bad.clear()));
      },
      { ...ONE_ALARM, minutes: 130 },
    );

    expect(allCameTo(seen)).toEqual({ ends: [], changes: [], pages: [], violations: [] });
    expect(refusalsTold(seen)).toEqual(stale);
    expect(counted(await executionsOf(seen))).toEqual({ refused: 2 });
  });

  it('its alarm stays red: the sweeper has opened it minutes after, and the event is a duplicate', async () => {
    const seen = await day((environment) => alarmsArrive(environment, 2 * HOUR), {
      ...ONE_ALARM,
      minutes: 130,
    });

    expect(cameTo(seen)).toEqual(WELL);
    expect(seen.incident.trigger.kind).toBe('red-alarm');
    expect(seen.incident.openedAt - seen.environment.witness.startedAt).toBeLessThan(6 * MINUTE);
    expect(refusalsTold(seen)).toEqual([]);
    expect((await executionsOf(seen)).map(({ as }) => as)).toEqual(['owner', 'refused', 'attached']);
  });

  it('no sweeper ran until then: the event is refused, and the next sweep opens the alarm that is red', async () => {
    const seen = await day(
      (environment) => {
        alarmsArrive(environment, 2 * HOUR);
        environment.script = (worker, moment) =>
          worker.function === 'sweeper' &&
          moment === 'lambda.Init' &&
          worker.startedAt < environment.witness.startedAt + 2 * HOUR + 5 * MINUTE
            ? 'crash'
            : undefined;
      },
      { ...ONE_ALARM, minutes: 140 },
    );

    expect(refusalsTold(seen)).toEqual(stale);
    expect(cameTo(seen)).toEqual({ ...WELL, platformPages: expect.any(Number) });
    expect(seen.incident.trigger.kind).toBe('red-alarm');
    // A sweeper that is silent is heard of by another path.
    expect(seen.environment.witness.platformPages.length).toBeGreaterThan(100);
  });
});

describe('F06: somebody sets the alarm to ALARM, and its metric is healthy', () => {
  const HEALTHY = { ...ONE_ALARM, breaks: [] };
  const REFUSED = 'refused: the alarm says ALARM and its metric is healthy: it may be forged';
  const PAGE = 'recommender (local) was not rolled back';

  it('refused with the reason, one page, and no act', async () => {
    const seen = await day(
      (environment) => environment.later(100_000, () => setAlarm(environment, 'ALARM')),
      HEALTHY,
    );

    expect(allCameTo(seen)).toEqual({ ends: [REFUSED], changes: [], pages: [PAGE], violations: [] });
    expect(seen.pages[0]?.text).toContain('its metric is healthy: it may be forged');
    expect(flagHeld(seen)).toEqual(['false']);
    expect(await seen.read.hold('recommender')).toBeUndefined();
  });

  it('ten times in five minutes: ten refusals, and one page', async () => {
    const seen = await day((environment) => {
      for (let n = 0; n < 10; n++)
        environment.later(100_000 + n * 30_000, () => setAlarm(environment, 'ALARM'));
    }, HEALTHY);

    expect(allCameTo(seen)).toEqual({
      ends: new Array(10).fill(REFUSED),
      changes: [],
      pages: [PAGE],
      violations: [],
    });
  });

  it('an event alone, with its alarm OK: a notification and no page', async () => {
    const seen = await day((environment) => {
      const since = environment.scheduler.clock.now() + 100_000;
      environment.later(100_000, () => environment.bus.publish({ arn: alarmOf(), state: 'ALARM', since }));
    }, HEALTHY);

    expect(allCameTo(seen)).toEqual({
      ends: ['refused: the alarm is OK again'],
      changes: [],
      pages: [],
      violations: [],
    });
  });

  it('just before a release breaks it: the real alarm acts all the same', async () => {
    const seen = await day((environment) => environment.later(181_000, () => setAlarm(environment, 'ALARM')));

    expect(allCameTo(seen)).toEqual({
      ends: [REFUSED, 'recovered'],
      changes: WELL.changes,
      pages: [PAGE],
      violations: [],
    });
  });
});

/** What came from nobody's CloudWatch, beside a real event. */
function malformed({ bus }: Environment): Record<string, unknown> {
  const real = () => JSON.parse(JSON.stringify(bus.eventOf({ arn: alarmOf(), state: 'ALARM', since: 1 })));
  const changed = (change: (event: ReturnType<typeof real>) => unknown) => {
    const event = real();
    change(event);
    return event;
  };
  return {
    number: 42,
    text: 'ALARM',
    list: [real()],
    empty: {},
    oversized: changed((event) => (event.detail.padding = 'x'.repeat(256 * 1024 - 1000))),
    'right-to-left': changed((event) => (event.resources[0] += '\u202e\u0000')),
    polluting: JSON.parse('{"__proto__": {"service": "recommender"}, "constructor": {"prototype": 1}}'),
    'polluting-event': changed((event) => (event.detail = JSON.parse('{"__proto__": {"state": "ALARM"}}'))),
    'no-time': changed((event) => (event.detail.state.timestamp = '9'.repeat(40))),
    'a-command': { service: 'recommender', to: 'version 4', run: 'rm -rf /' },
    'an-alarm-of-yours': { service: '--all', alarm: alarmOf(), at: 1 },
    'another-incident': { incident: '../../lease' },
    deep: JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`),
  };
}

describe('F07: malformed, oversized and hostile input starts executions', () => {
  const sentAt = (ms: number) => (environment: Environment) => {
    for (const [nth, [name, input]] of Object.entries(malformed(environment)).entries())
      environment.later(ms + nth * 200, () => environment.machine.start(name, input));
  };

  it('each is refused in three transitions with a record of its own; one page; no lease, no act, no crash', async () => {
    const seen = await day(sentAt(100_000), { ...ONE_ALARM, breaks: [] });
    const ran = await executionsOf(seen);
    const many = Object.keys(malformed(seen.environment)).length;

    expect(counted(ran)).toEqual({ refused: many });
    for (const { states } of ran) expect(states).toEqual(['OpenIncident', 'NextStage', 'Done']);
    expect(itemsUnder(seen, 'refused').map(({ reason }) => reason)).toEqual(
      new Array(many).fill(expect.stringMatching(/^malformed input: /)),
    );
    expect(allCameTo(seen)).toEqual({
      ends: [],
      changes: [],
      pages: ['Reinstate refused to act'],
      violations: [],
    });
    expect(itemsUnder(seen, 'service#recommender').map(({ sk }) => sk)).not.toContain('lease');
    expect(seen.environment.witness.platformPages).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'service')).toBe(false);
  });

  it('a real alarm among them acts', async () => {
    const seen = await day(sentAt(204_000), ONE_ALARM);

    expect(cameTo(seen)).toEqual({ ...WELL, pages: ['Reinstate refused to act'] });
  });
});

describe('F07: a thousand of them within 1.5 s', () => {
  it('a record each, and one page', async () => {
    const seen = await day(
      (environment) => {
        for (let n = 0; n < 1000; n++)
          environment.later(100_000 + ((n * 37) % 1500), () => environment.machine.start(`m-${n}`, { n }));
      },
      { ...ONE_ALARM, breaks: [] },
    );

    expect(counted(await executionsOf(seen))).toEqual({ refused: 1000 });
    expect(itemsUnder(seen, 'refused')).toHaveLength(1000);
    expect(allCameTo(seen)).toMatchObject({
      changes: [],
      pages: ['Reinstate refused to act'],
      violations: [],
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../../lib/core/report.ts';
import { CANARY } from '../../../lib/simulation/call.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { BREAKS_AFTER_MS, type Day, day } from '../scenario.ts';
import { ALL_WELL, came, FLAG_ONLY } from './came.ts';
import { FLAG_BREAKS } from './variants.ts';

describe('F55: outside systems echo a secret, and an alarm carries one', () => {
  /** All that is kept, sent, or handed from state to state once an event has passed the door. */
  async function toldOn(
    happens: (environment: Environment, service: Day['service']) => void,
  ): Promise<string> {
    const handedOn: unknown[] = [];
    const { environment, violations } = await day((stage, service) => {
      const { witness } = stage;
      const payload = witness.payload.bind(witness);
      Object.assign(witness, {
        payload: (state: string, what: unknown) => {
          payload(state, what);
          if (state !== 'OpenIncident') handedOn.push(what);
        },
      });
      happens(stage, service);
    });
    const { items, messages, reports } = environment.world;

    expect(violations).toEqual([]);
    return JSON.stringify([[...items.values()], messages, [...reports.values()], handedOn]);
  }

  it('no call that fails leaves what was sent with it anywhere', async () => {
    const calls = new Set<string>();
    await day((environment) => {
      environment.script = (worker, moment) => {
        if (moment !== 'lambda.Init' && worker.execution) calls.add(`${worker.function} ${moment}`);
        return undefined;
      };
    });
    const told: string[] = [];
    for (const call of calls)
      told.push(
        await toldOn((environment) => {
          environment.script = (worker, moment) =>
            `${worker.function} ${moment}` === call ? 'loseReply' : undefined;
        }),
      );

    expect(told.length).toBeGreaterThan(30);
    expect(told.filter((text) => text.includes(CANARY))).toEqual([]);
    expect(told.filter((text) => text.includes('[redacted]')).length).toBeGreaterThan(10);
  });

  it('nor does what an alarm says, or how it is named', async () => {
    const told = await toldOn((environment, { armed }) =>
      environment.later(BREAKS_AFTER_MS + 60_000, () => {
        const { scheduler, bus } = environment;
        const [{ arn } = { arn: '' }] = armed.alarms;
        const since = scheduler.clock.now();
        bus.publish({ arn, state: 'ALARM', since, reason: `set by hand, password=${CANARY}` });
        bus.publish({ arn: `${arn}-token=${CANARY}`, state: 'ALARM', since });
      }),
    );

    expect(told).toContain('[redacted]');
    expect(told).not.toContain(CANARY);
  });
});

describe('F60: the clock goes back an hour', () => {
  const HOUR = 3600_000;
  const reportOf = ({ environment: { world } }: Day): ClosingReport => {
    const [, kept] = [...world.reports].find(([name]) => name.endsWith('.json')) ?? [];
    return JSON.parse(kept?.body ?? '') as ClosingReport;
  };

  it.each([
    ['while the flag is pulled', /^apply-flag/, {}, ALL_WELL],
    ['before it is closed', /^close-incident/, FLAG_BREAKS, FLAG_ONLY],
  ] as const)('%s: no duration of the report is negative, and nothing goes on backwards', async (...row) => {
    const [, whose, setting, expected] = row;
    const seen = await day((environment) => {
      environment.skew = (worker) => (whose.test(worker) ? -HOUR : undefined);
    }, setting);

    const { phases, timeToRecoverSeconds = 0 } = reportOf(seen);
    expect(came(seen)).toEqual(expected);
    expect(phases.filter(({ from, to }) => to < from)).toEqual([]);
    expect(phases.slice(1).every(({ from }, n) => from === phases[n]?.to)).toBe(true);
    expect(timeToRecoverSeconds).toBeGreaterThan(30);
    expect(seen.incident.endedAt).toBeGreaterThanOrEqual(seen.incident.openedAt);
  });

  it('all times are told in UTC', async () => {
    const { environment } = await day();
    const pages = [...environment.world.reports].filter(([name]) => name.endsWith('.html'));

    expect(pages).toHaveLength(1);
    for (const [, { body }] of pages) {
      expect(body).toContain('All times are UTC.');
      expect(body.match(/datetime="[^"]*"/g)?.filter((time) => !/Z"$/.test(time))).toEqual([]);
    }
  });
});

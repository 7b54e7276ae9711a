import { describe, expect, it } from '@jest/globals';
import type { MemoryWorld } from '../../lib/adapters/memory/world.ts';
import type { StopSignal } from '../../lib/cli/answer.ts';
import type { Desk } from '../../lib/cli/desk.ts';
import type { Terminal } from '../../lib/cli/host.ts';
import type { IncidentView } from '../../lib/cli/incident-view.ts';
import { countOf } from '../../lib/cli/progress.ts';
import { showIncident } from '../../lib/cli/show-incident.ts';
import { watchIncident } from '../../lib/cli/watch-incident.ts';
import { OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import type { Incident } from '../../lib/core/incident.ts';
import { keys } from '../../lib/core/keys.ts';
import { anArmedService, anIncident, aPlan, aReceipt, at } from '../builders.ts';
import { aDesk, aWorld, given, meanwhile, type } from './desk.ts';

const id = anIncident().id;
const header = (over: Partial<Incident> = {}) => [keys.incident(id), anIncident(over)] as const;
const pointer = [keys.open(id), { incident: id, service: 'recommender' }] as const;
const closed = header({ state: 'closed', ending: 'recovered', endedAt: at(90) });

async function running(world: MemoryWorld): Promise<Desk> {
  const desk = aDesk(world);
  await given(desk, header(), pointer, [keys.armed(id), anArmedService()]);
  return desk;
}

const never = () => new Promise<never>(() => undefined);

/** Somebody who presses Ctrl-C, or closes the window. */
function keyboard() {
  let told: (signal: StopSignal) => void = () => undefined;
  const onInterrupt = (callback: typeof told) => {
    told = callback;
    return () => undefined;
  };
  return { onInterrupt, press: (signal: StopSignal) => told(signal) };
}

/** So many looks at which nothing happens. */
const nothing = (times: number) => Array.from({ length: times }, () => () => 0);

describe('reinstate watch', () => {
  it('prints each change as a line of its own until it is over', async () => {
    const world = aWorld();
    const desk = await running(world);
    const plan = { outcome: 'planned', plan: aPlan() };
    const script = meanwhile(
      world,
      () => given(desk, [keys.plan(id), plan]),
      () => given(desk, [keys.receipt(id, '1.1'), aReceipt()]),
      () => given(desk, closed),
    );

    const { exit, out } = await type({ ...desk, ...script }, `watch ${id}`);

    expect(exit).toBe(0);
    expect(out.split('\n').slice(0, 5)).toEqual([
      `${id} (local) running 1:00 of 5:00`,
      '[0:05] ✓ opened by alarm reinstate-local-recommender-error-ratio',
      '[1:00] ● planning',
      '[0:05] ✓ planned: 2 rungs back to recommender-b20261114T101500, deadline 7 min 50 s',
      '[1:00] ● holding promotion',
    ]);
    expect(out).toContain('[0:10] ✓ rung 1: new-features "true" -> "false": applied in 1 s\n');
    expect(out).toContain('[1:30] ✓ ended: recovered in');
  });

  it('finds the open incident of a service, or of the environment', async () => {
    const world = aWorld();
    const desk = await running(world);
    const over = () => meanwhile(world, () => given(desk, closed));

    const bySerivce = await type({ ...desk, ...over() }, 'watch recommender');
    await given(desk, header(), pointer);
    const any = await type({ ...desk, ...over() }, 'watch');

    expect([bySerivce.out, any.out]).toEqual([expect.stringContaining(id), expect.stringContaining(id)]);
  });

  it('waits for the next incident when none is open', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    const script = meanwhile(
      world,
      () => 0,
      () => given(desk, header(), pointer),
      () => given(desk, closed),
    );

    const { out } = await type({ ...desk, ...script }, 'watch');

    expect(out).toContain('no incident of local is open; waiting for the next one\n');
    expect(out).toContain('ended: recovered');
  });

  it('gives a stream of events as JSON', async () => {
    const desk = aDesk(aWorld());
    await given(desk, closed, [keys.armed(id), anArmedService()]);

    const { out } = await type(desk, `watch ${id} -o json`);

    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toEqual({
      type: 'stage',
      at: '2026-11-21T09:04:05.000Z',
      incident: id,
      key: 'open',
      state: 'done',
      text: 'opened by alarm reinstate-local-recommender-error-ratio',
      clockSeconds: 5,
      goalSeconds: 300,
      late: false,
    });
    expect(events.map((e) => e['type'])).toEqual(['stage', 'ended']);
  });

  it('draws over its last picture on a terminal, and leaves what stands above', async () => {
    const world = aWorld();
    const desk = await running(world);
    const script = meanwhile(world, () => given(desk, closed));

    const { out } = await type({ ...desk, ...script }, `watch ${id}`, {
      terminal: { isTty: true, columns: 40 },
    });

    expect(out).toContain('\u001b[4A\r\u001b[J');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'stops watching on %s, with exit code %d, and says that the incident goes on',
    async (signal, code) => {
      const world = aWorld();
      const desk = await running(world);
      const { onInterrupt, press } = keyboard();
      const script = meanwhile(world, () => press(signal));

      const typed = await type({ ...desk, ...script }, `watch ${id}`, { onInterrupt });

      expect(typed.exit).toBe(code);
      expect(typed.out.split('\n').slice(-4)).toEqual([
        `stopped watching; ${id} goes on without you`,
        `watch it again: npx reinstate watch ${id} --env local`,
        `stop it: npx reinstate cancel ${id} --env local`,
        '',
      ]);
      expect(await desk.ledger.get(keys.incident(id))).toEqual(anIncident());
    },
  );

  it('ends its stream with left when it is stopped, whatever it waits for', async () => {
    const desk = await running(aWorld());
    const { onInterrupt, press } = keyboard();
    const ledger = {
      ...desk.ledger,
      list: () => {
        press('SIGINT');
        return new Promise<never>(() => undefined);
      },
    };

    const { exit, out } = await type({ ...desk, ledger }, `watch ${id} -o json`, { onInterrupt });

    expect(exit).toBe(130);
    expect(JSON.parse(out)).toMatchObject({
      type: 'left',
      at: '2026-11-21T09:05:00.000Z',
      cancel: `npx reinstate cancel ${id} --env local`,
    });
  });

  it('waits for the next incident until it is stopped', async () => {
    const world = aWorld();
    const { onInterrupt, press } = keyboard();
    const script = meanwhile(world, ...nothing(3), () => press('SIGINT'));

    const { exit, out } = await type({ ...aDesk(world), ...script }, 'watch recommender', { onInterrupt });

    expect([exit, out]).toEqual([
      130,
      'no incident of recommender is open; waiting for the next one\nstopped waiting; nothing else was stopped\n',
    ]);
  });

  it('waits on for the next incident while the table cannot be read', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    const down = () =>
      world.trouble.failNext('dynamodb.Query', new OutsideTrouble('Cannot list: no route'), { times: 3 });
    const script = meanwhile(
      world,
      down,
      ...nothing(3),
      () => given(desk, header(), pointer),
      () => given(desk, closed),
    );

    const { out } = await type({ ...desk, ...script }, 'watch');

    expect(out).toContain('waiting for the next one\nCannot list: no route; asking again\n');
    expect(out).toContain('ended: recovered');
  });

  it('prints the end of an incident that has ended, and returns', async () => {
    const desk = await running(aWorld());
    await given(
      desk,
      header({ state: 'ended', ending: 'escalated', endedAt: at(90), reasons: ['no lever'] }),
    );

    const { exit, out } = await type({ ...desk, clock: { now: () => at(999), sleep: never } }, `watch ${id}`);

    expect(exit).toBe(0);
    expect(out).toContain('[1:30] ✗ ended: escalated\n');
  });

  it('clears a window that was resized: its lines were broken anew', async () => {
    const world = aWorld();
    const desk = await running(world);
    let [columns, out] = [100, ''];
    const script = meanwhile(
      world,
      () => {
        columns = 40;
      },
      () => given(desk, closed),
    );
    const terminal: Terminal = {
      out: (text) => {
        out += text;
      },
      err: () => undefined,
      isTty: true,
      get columns() {
        return columns;
      },
      rows: 50,
      color: false,
    };

    const { signal } = new AbortController();
    await showIncident({ ...desk, ...script }, { terminal }, { incident: id, signal, json: false });

    expect(out.split('\u001b[H\u001b[2J')).toHaveLength(2);
  });

  it('refuses an incident that is not there, with how to find one', async () => {
    const { exit, err } = await type(aDesk(aWorld()), 'watch recommender-20261121T000000-00000000');

    expect([exit, err]).toEqual([
      2,
      expect.stringContaining('see them all: npx reinstate incidents --env local'),
    ]);
  });
});

describe('watchIncident()', () => {
  const watching = (over: object) => ({
    incident: id,
    signal: new AbortController().signal,
    onChange: () => undefined,
    ...over,
  });

  it('waits trouble with the table out, says so in the tree, and since when it is over', async () => {
    const world = aWorld();
    const desk = await running(world);
    const down = () =>
      world.trouble.failNext('dynamodb.Query', new OutsideTrouble('Cannot list: throttled'), { times: 3 });
    const script = meanwhile(world, down, ...nothing(4), () => given(desk, closed));

    const { out, err } = await type({ ...desk, ...script }, `watch ${id}`);

    expect(out).toContain(
      '✗ this window cannot look since 09:05:00 UTC, and asks again; the incident goes on: Cannot list: throttled\n',
    );
    expect(out).toContain('- this window could not look from 09:05:00 to 09:05:07 UTC\n');
    expect(err).toBe('');
  });

  it('asks less and less often, and gives up after 120 attempts without a stack trace', async () => {
    const world = aWorld();
    const desk = await running(world);
    const down = () =>
      world.trouble.failNext('dynamodb.Query', new OutsideTrouble('Cannot list: no route'), { times: 999 });

    const { exit, err } = await type({ ...desk, ...meanwhile(world, down) }, `watch ${id}`);

    expect([exit, err]).toEqual([
      3,
      `stopped watching; ${id} goes on without you\nCannot go on watching after 120 attempts: Cannot list: no route; try again\n`,
    ]);
    expect((world.clock.now() - at(60)) / 60_000).toBeCloseTo(9.8, 1);
  });

  it('tells trouble at the first look once, where there is no tree yet', async () => {
    const world = aWorld();
    const desk = await running(world);
    world.trouble.failNext('dynamodb.Query', new OutsideTrouble('Cannot list: throttled'), { times: 3 });
    const script = meanwhile(world, ...nothing(4), () => given(desk, closed));
    const told: string[] = [];

    await watchIncident({ ...desk, ...script }, watching({ onTrouble: (s: string) => told.push(s) }));

    expect(told).toEqual(['Cannot list: throttled; asking again']);
  });

  it('does not wait for what asking again cannot mend', async () => {
    const world = aWorld();
    const desk = await running(world);
    world.trouble.failNext('dynamodb.Query', new OutsideRefusal('Cannot list: AccessDenied'));

    await expect(watchIncident(desk, watching({}))).rejects.toThrow('AccessDenied');
  });

  it('stops when it is told to, also between two looks', async () => {
    const world = aWorld();
    const desk = await running(world);
    const stop = new AbortController();
    const clock = { ...world.clock, sleep: () => new Promise<void>(() => stop.abort()) };

    const seen = await watchIncident({ ...desk, clock }, watching({ signal: stop.signal }));

    expect(seen?.incident.state).toBe('running');
  });

  it('reads each signal twice a period, and judges the rung that is verified by what was read', async () => {
    const world = aWorld();
    const desk = await running(world);
    await given(
      desk,
      [keys.plan(id), { outcome: 'planned', plan: aPlan() }],
      [keys.receipt(id, '1.1'), aReceipt()],
    );
    world.datapoints.set('auc', [
      { at: at(20), value: 0.8 },
      { at: at(30), value: 0.8 },
    ]);
    const script = meanwhile(world, ...nothing(20), () => given(desk, closed));
    const texts = new Set<string>();

    await watchIncident(
      { ...desk, ...script },
      watching({ onChange: ({ progress }: IncidentView) => texts.add(progress?.map(countOf).join() ?? '') }),
    );

    expect([...texts]).toEqual(['', 'error-ratio 0/6,auc 2/6,latency 0/6']);
    // 10.5 s, three signals of 10 s.
    expect(world.trouble.calls.get('cloudwatch.GetMetricData')).toBe(3 * 3);
  });

  it('shows the tree while a signal cannot be read, and asks for that less and less often', async () => {
    const world = aWorld();
    const desk = await running(world);
    world.trouble.failNext('cloudwatch.GetMetricData', new OutsideRefusal('Cannot read: AccessDenied'), {
      times: 99,
    });
    const script = meanwhile(world, ...nothing(120), () => given(desk, closed));

    const { exit, out } = await type({ ...desk, ...script }, `watch ${id}`);

    expect(exit).toBe(0);
    expect(out).toContain('- error-ratio cannot be read, well below 0.01: Cannot read: AccessDenied\n');
    expect(world.trouble.calls.get('cloudwatch.GetMetricData')).toBe(3 * 3);
  });

  it('is never kept waiting by a signal', async () => {
    const world = aWorld();
    const desk = await running(world);
    const signals = { ...desk.signals, datapoints: () => new Promise<never>(() => undefined) };
    const script = meanwhile(world, () => given(desk, closed));

    const { exit } = await type({ ...desk, signals, ...script }, `watch ${id}`);

    expect(exit).toBe(0);
  });
});

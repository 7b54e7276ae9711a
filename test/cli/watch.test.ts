import { describe, expect, it } from '@jest/globals';
import { showIncident } from '../../lib/cli/show-incident.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { anArmedService, anIncident, aPlan, aReceipt, at } from '../builders.ts';
import { aDesk, aWorld, given, meanwhile, type } from './desk.ts';
import { aWindow, closed, header, id, never, nothing, pointer, running } from './watching.ts';

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

  it('has no signal step back with the clock: a datapoint that is seen late says itself when it was', async () => {
    const world = aWorld();
    const desk = await running(world);
    world.datapoints.set('error-ratio', [{ at: at(20), value: 0.3 }]);
    const script = meanwhile(world, ...nothing(6), () => given(desk, closed));

    const { out } = await type({ ...desk, ...script }, `watch ${id}`);

    expect(out).toMatch(/^\[1:0\d\] ✗ error-ratio 0\.3 at 09:04:20, /m);
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

  it('names the last one to whoever comes too late', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, closed, [
      keys.summary('recommender', id),
      anIncident({ state: 'closed', ending: 'recovered' }),
    ]);
    const script = meanwhile(
      world,
      () => given(desk, header(), pointer),
      () => given(desk, closed),
    );

    const { out } = await type({ ...desk, ...script }, 'watch recommender');

    expect(out).toContain(`the last one ended: recovered; see it: npx reinstate watch ${id} --env local\n`);
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
    const { terminal, written, resize } = aWindow();
    const script = meanwhile(
      world,
      () => resize(40),
      () => given(desk, closed),
    );

    const { signal } = new AbortController();
    await showIncident({ ...desk, ...script }, { terminal }, { incident: id, signal, json: false });

    expect(written().split('\u001b[H\u001b[2J')).toHaveLength(2);
  });

  it('refuses an incident that is not there, with how to find one', async () => {
    const { exit, err } = await type(aDesk(aWorld()), 'watch recommender-20261121T000000-00000000');

    expect([exit, err]).toEqual([
      2,
      expect.stringContaining('see them all: npx reinstate incidents --env local'),
    ]);
  });

  it('lets its clock run while no answer comes, and says so', async () => {
    const world = aWorld();
    const desk = await running(world);
    const { terminal, written } = aWindow();
    let tick = () => undefined as unknown;
    const stop = new AbortController();
    const hangs = () => {
      world.trouble.onCall = () => new Promise(() => undefined);
    };
    const sleep = async (ms: number) => {
      hangs();
      world.clock.advance(ms);
      setImmediate(() => {
        world.clock.advance(2000);
        tick();
        world.clock.advance(2000);
        tick();
        stop.abort();
      });
    };
    const everySecond = (callback: () => void) => {
      tick = callback;
      return () => undefined;
    };

    await showIncident(
      { ...desk, clock: { now: () => world.clock.now(), sleep } },
      { terminal: { ...terminal, everySecond } },
      { incident: id, signal: stop.signal, json: false },
    );

    expect(written()).toContain('running 1:02 of 5:00');
    expect(written().split('cannot look')).toHaveLength(1 + 1);
    expect(written()).toContain(
      '✗ this window cannot look since 09:05:00 UTC, and asks again; the incident goes on: no answer yet\n',
    );
  });

  it('draws nothing anew where nothing has changed', async () => {
    const world = aWorld();
    const desk = await running(world);
    const { terminal, written } = aWindow();
    const script = meanwhile(world, ...nothing(5), () => given(desk, closed));

    const { signal } = new AbortController();
    await showIncident({ ...desk, ...script }, { terminal }, { incident: id, signal, json: false });

    // At 60, 61 and 62 s, when the signals came, and at the end; it looked seven times.
    expect(written().split('\u001b[J')).toHaveLength(1 + 5);
  });
});

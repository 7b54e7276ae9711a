import { describe, expect, it } from '@jest/globals';
import type { IncidentView } from '../../lib/cli/incident-view.ts';
import { countOf } from '../../lib/cli/progress.ts';
import { watchIncident } from '../../lib/cli/watch-incident.ts';
import { OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { aPlan, aReceipt, at } from '../builders.ts';
import { aWorld, given, meanwhile, type } from './desk.ts';
import { closed, id, nothing, running } from './watching.ts';

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
    const down = () => {
      // A timeout: nine seconds go by before it is an error.
      world.trouble.interleave('dynamodb.Query', () => world.clock.advance(9000));
      world.trouble.failNext('dynamodb.Query', new OutsideTrouble('Cannot list: throttled'), { times: 3 });
    };
    const script = meanwhile(world, down, ...nothing(4), () => given(desk, closed));

    const { out, err } = await type({ ...desk, ...script }, `watch ${id}`);

    expect(out).toContain(
      '✗ this window cannot look since 09:05:00 UTC, and asks again; the incident goes on: Cannot list: throttled\n',
    );
    expect(out).toContain('- this window could not look from 09:05:00 to 09:05:16 UTC\n');
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
    expect(out).toContain('- error-ratio cannot be read, healthy below 0.01: Cannot read: AccessDenied\n');
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

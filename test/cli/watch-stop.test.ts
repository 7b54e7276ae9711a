import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import { anIncident } from '../builders.ts';
import { aDesk, aWorld, meanwhile, type } from './desk.ts';
import { id, keyboard, nothing, running } from './watching.ts';

describe('reinstate watch, told to stop', () => {
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
});

import { describe, expect, it } from '@jest/globals';
import { memoryNotifier } from '../../lib/adapters/memory/notifier.ts';
import type { MemoryWorld } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { sendPageTests } from '../../lib/stages/page-test.ts';
import { aDesk, aWorld, type } from './desk.ts';

/** A desk whose sweeper comes by while somebody waits. */
function aSweptDesk(world: MemoryWorld) {
  const desk = aDesk(world);
  const notifier = memoryNotifier(world, 'environment', [{ kind: 'slack', to: 'C024BE91L', secret: 's' }]);
  let waits = 0;
  const sleep = async (ms: number) => {
    await world.clock.sleep(ms);
    waits += 1;
    if (waits === 20) await sendPageTests({ ...desk, notifier, clock: world.clock });
  };
  return { ...desk, clock: { now: () => world.clock.now(), sleep } };
}

describe('reinstate page test', () => {
  it('says which channel accepted it', async () => {
    const { out, exit } = await type(aSweptDesk(aWorld()), 'page test recommender');

    expect(exit).toBe(0);
    expect(out).toMatch(/sns +environment +accepted/);
    expect(out).toMatch(/slack +C024BE91L +accepted/);
    expect(out).toContain('2 of 2 accepted it');
  });

  it('ends with 3 when one did not, and says why', async () => {
    const world = aWorld();
    world.trouble.failNext('slack.PostMessage', new OutsideTrouble('Cannot write to Slack: invalid_auth'));

    const { out, exit } = await type(aSweptDesk(world), 'page test');

    expect(exit).toBe(3);
    expect(out).toMatch(/slack +C024BE91L +failed +Cannot write to Slack: invalid_auth/);
    expect(out).toContain('1 of 2 did not accept it');
  });

  it('ends with 3 where no sweeper comes by', async () => {
    const { err, exit } = await type(aDesk(aWorld()), 'page test');

    expect([exit, err]).toEqual([3, expect.stringMatching(/the sweeper did not answer in 150 s/)]);
  });

  it('knows the services that there are', async () => {
    const { err, exit } = await type(aDesk(aWorld()), 'page test recomender');

    expect([exit, err]).toEqual([2, expect.stringContaining('did you mean "recommender"?')]);
  });

  it('answers programs in JSON', async () => {
    const { json } = await type(aSweptDesk(aWorld()), 'page test -o json');

    expect(json).toMatchObject({ deliveries: [{ channel: 'sns' }, { channel: 'slack', outcome: 'sent' }] });
  });
});

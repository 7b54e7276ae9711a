import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import type { Lease } from '../../lib/core/lease.ts';
import { aLease, anIncident, at } from '../builders.ts';
import { aDesk, aWorld, given, meanwhile, type } from './desk.ts';

const id = anIncident().id;
const escalated = anIncident({ state: 'ended', ending: 'escalated', endedAt: at(50) });

describe('reinstate cancel', () => {
  const lease = (over: Partial<Lease> = {}) => [keys.lease('recommender'), aLease(over)] as const;

  async function atWork() {
    const world = aWorld();
    const desk = aDesk(world);
    await desk.machine.start('first', {});
    const owner = desk.machine.arnOf('first');
    const hold = { state: 'standing', incident: id, since: at(6), reason: 'incident' };
    await given(desk, lease({ owner }), [keys.incident(id), anIncident()], [keys.hold('recommender'), hold]);
    return { world, desk, owner };
  }

  it('stops the execution that owns the lease, and says what stays and who closes it', async () => {
    const { world, desk, owner } = await atWork();

    const { exit, out } = await type(desk, 'cancel recommender');

    expect([exit, world.executions.get(owner)?.status]).toEqual([0, 'aborted']);
    expect(out).toContain(`stopped ${id}\n`);
    expect(out).toContain('promotion stays on hold; lift it: npx reinstate hold lift recommender');
    expect(out).toContain('the sweeper closes the incident as cancelled within a minute or so');
  });

  it('names who cancelled it to Step Functions', async () => {
    const { desk } = await atWork();
    let cause = '';
    const stop = async (_: string, why: string) => {
      cause = why;
    };
    const machine = { ...desk.machine, stop };

    await type({ ...desk, machine }, `cancel ${id}`);

    expect(cause).toBe('cancelled by ada with reinstate cancel');
  });

  it('refuses an incident that has ended', async () => {
    const desk = aDesk(aWorld());
    await given(desk, lease(), [keys.incident(id), escalated]);

    const { exit, err } = await type(desk, 'cancel recommender');

    expect([exit, err]).toEqual([
      2,
      `Cannot cancel ${id}: it has ended already (escalated); nothing is running\n`,
    ]);
  });

  it('refuses what nobody can stop any more', async () => {
    const { world, desk, owner } = await atWork();
    const aborted = world.executions.get(owner);
    if (aborted) aborted.status = 'failed';

    const { exit, err } = await type({ ...desk, ...meanwhile(world) }, `cancel ${id}`);

    expect([exit, err]).toEqual([
      3,
      expect.stringContaining('its execution is failed already; the sweeper sees to it'),
    ]);
  });

  it('refuses a service that never had an incident', async () => {
    const { exit, err } = await type(aDesk(aWorld()), 'cancel recommender');

    expect([exit, err]).toEqual([2, 'Cannot find an incident of "recommender": it never had one\n']);
  });
});

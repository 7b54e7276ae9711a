import { describe, expect, it } from '@jest/globals';
import { memoryHelm, rollBackByHand } from '../../lib/adapters/memory/helm.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryLevers } from '../../lib/adapters/memory/levers.ts';
import { memoryWorld } from '../../lib/adapters/memory/world.ts';
import { keys } from '../../lib/core/keys.ts';
import { targetOf } from '../../lib/core/service.ts';
import { choosePlan } from '../../lib/stages/plan-rollback.ts';
import { aQuarantine } from '../builders.ts';
import { startWeb } from '../contracts/helm-hands.ts';
import { anArmedService, aRelease, at } from '../service-builders.ts';

const release = aRelease();
const target = targetOf(release);
const policy = { do: [[{ lever: release.name, verb: 'back' as const }]] };
const armed = anArmedService({ service: { levers: [release], policy } });

/** Revision 3 is a rollback to 1, and 4 one to 2, the bad one. */
function aPlace() {
  const world = memoryWorld(at(0));
  startWeb(world, target);
  rollBackByHand(world, target, 1);
  rollBackByHand(world, target, 2);
  const ports = { ledger: memoryLedger(world), levers: memoryLevers(world), clock: world.clock };
  const plan = (revision: string) =>
    choosePlan(ports, armed, { byPerson: true, aim: { values: { 'model-release': revision } } });
  return { world, ports, plan };
}

describe('a person who names a revision of Helm that is a rollback itself', () => {
  it('gets the revision it went back to, and a rollback to it ends well', async () => {
    const { world, plan } = aPlace();

    const result = await plan('3');

    expect(result).toMatchObject({
      outcome: 'planned',
      plan: { rungs: [{ steps: [{ target, from: { value: '2' }, to: { value: '1' } }] }] },
    });
    const order = { to: '1', incident: 'i', fence: 1, before: { value: '2' } };
    expect(await memoryHelm(world)(armed).act(release, order)).toEqual({ revision: '5' });
  });

  it('I10: gets none that went back to what is quarantined', async () => {
    const { world, ports, plan } = aPlace();
    const barred = aQuarantine({ target, value: '1', until: at(9999) });
    const key = keys.quarantine(armed.service.name, target, '1');
    await ports.ledger.write([{ kind: 'put', key, item: { ...barred } }]);

    expect(await plan('3')).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/^"1" of helm:.+ is quarantined since incident/)],
    });
    expect(world.releases.get(target)?.revisions.length).toBe(4);
  });

  it('has nothing to do where that is what stands there', async () => {
    const { plan } = aPlace();

    expect(await plan('4')).toMatchObject({ outcome: 'refused' });
  });
});

/** What keeps releases out: hold and quarantine. */
import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { aLease, anIncident, aQuarantine, at } from '../builders.ts';
import { CHAMPION } from '../service-builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const id = anIncident().id;
const standing = [
  keys.hold('recommender'),
  { state: 'standing', incident: id, since: at(8), reason: `incident ${id}` },
] as const;
const atWork = [
  [keys.lease('recommender'), aLease()],
  [keys.incident(id), anIncident()],
] as const;
const over = [atWork[0], [keys.incident(id), anIncident({ state: 'closed' })]] as const;
const bad = aQuarantine({ value: '2' });
const barred = [keys.quarantine('recommender', CHAMPION, '2'), bad] as const;

describe('reinstate hold', () => {
  it('lists the holds that stand', async () => {
    const desk = aDesk(aWorld());
    await given(desk, standing);

    expect((await type(desk, 'hold list')).out).toContain('recommender  2026-11-21 09:04:08 UTC  incident');
    expect((await type(desk, 'hold list -o json')).json).toMatchObject([
      { service: 'recommender', since: at(8) },
    ]);
  });

  it('lifts one with a reason and a name', async () => {
    const desk = aDesk(aWorld());
    await given(desk, standing, ...over);

    const { exit, out } = await type(desk, 'hold lift recommender --reason "cause found" --by grace');

    expect([exit, out]).toEqual([0, 'promotion of recommender goes on\n']);
    expect(await desk.ledger.get(keys.hold('recommender'))).toMatchObject({
      state: 'lifted',
      liftedBy: 'grace',
      liftedAt: at(60),
      liftedBecause: 'cause found',
    });
  });

  it.each([
    ['hold lift recommender', 2, "required option '--reason <text>' not specified"],
    ['hold lift recomender --reason x', 2, 'did you mean "recommender"?'],
    ['hold lift recommender --reason x', 2, 'Cannot lift the hold of "recommender": none stands'],
  ])('refuses "%s" with exit code %d', async (words, exit, why) => {
    const typed = await type(aDesk(aWorld()), words);

    expect([typed.exit, typed.err]).toEqual([exit, expect.stringContaining(why)]);
  });

  it('refuses while an incident is at work', async () => {
    const desk = aDesk(aWorld());
    await given(desk, standing, ...atWork);

    const { exit, err } = await type(desk, 'hold lift recommender --reason x');

    expect([exit, err]).toEqual([
      3,
      expect.stringContaining(`incident ${id} is running; wait until it has ended`),
    ]);
  });

  it('lifts nothing when an incident opens at this moment', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, standing);
    world.trouble.interleave('dynamodb.TransactWriteItems', () => given(aDesk(world), ...atWork));

    const { exit } = await type(desk, 'hold lift recommender --reason x');

    expect(exit).toBe(3);
    expect(await desk.ledger.get(keys.hold('recommender'))).toMatchObject({ state: 'standing' });
  });
});

describe('reinstate quarantine', () => {
  it('lists what is suspected or quarantined, without what was lifted or has expired', async () => {
    const desk = aDesk(aWorld());
    const others = [aQuarantine({ value: '7', state: 'lifted' }), aQuarantine({ value: '8', until: at(0) })];
    await given(
      desk,
      barred,
      ...others.map((q) => [keys.quarantine('recommender', q.target, q.value), q] as const),
    );

    const { json } = await type(desk, 'quarantine list recommender -o json');

    expect(json).toMatchObject([{ target: CHAMPION, value: '2', state: 'quarantined' }]);
  });

  it('lifts it in the ledger and at the registry, by target or by lever', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, barred, ...over);

    const { exit } = await type(desk, 'quarantine lift recommender champion 2 --reason "it was the feed"');

    expect(exit).toBe(0);
    expect(await desk.ledger.get(barred[0])).toMatchObject({ state: 'lifted', liftedBy: 'ada' });
    expect(world.models.get('recommender')?.versions.get('2')?.tags.get('reinstate.state')).toBe('lifted');
  });

  it('says that the mark stays when the registry cannot be reached; typed again it lifts that too', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, barred);
    world.trouble.failNext('mlflow.SetTag', new OutsideTrouble('Cannot reach MLflow'));
    const words = `quarantine lift recommender ${CHAMPION} 2 --reason x`;

    const first = await type(desk, words);
    const second = await type(desk, words);

    expect([first.exit, first.out]).toEqual([
      1,
      expect.stringContaining('the mark at the registry stays: Cannot reach'),
    ]);
    expect(second.exit).toBe(0);
    expect(world.models.get('recommender')?.versions.get('2')?.tags.get('reinstate.state')).toBe('lifted');
  });

  it('refuses what is not quarantined, and looks for what was meant', async () => {
    const desk = aDesk(aWorld());
    await given(desk, barred);

    const { exit, err } = await type(
      desk,
      'quarantine lift recommender alias:recommender@champin 2 --reason x',
    );

    expect([exit, err]).toEqual([
      2,
      expect.stringContaining(`it is not quarantined (did you mean "${CHAMPION}"?)`),
    ]);
  });

  it('does not take another value for another target', async () => {
    const desk = aDesk(aWorld());
    await given(desk, barred);

    const { err } = await type(desk, 'quarantine lift recommender champion 9 --reason x');

    expect(err).toContain(`Cannot lift "9" of ${CHAMPION}: it is not quarantined`);
    expect(err).not.toContain(`did you mean "${CHAMPION}"`);
  });

  it('refuses while an incident is at work', async () => {
    const desk = aDesk(aWorld());
    await given(desk, barred, ...atWork);

    expect((await type(desk, 'quarantine lift recommender champion 2 --reason x')).exit).toBe(3);
    expect(await desk.ledger.get(barred[0])).toMatchObject({ state: 'quarantined' });
  });
});

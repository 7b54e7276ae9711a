import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { keys } from '../../lib/core/keys.ts';
import { aBaseline, CHAMPION, FLAG } from '../builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const good = aBaseline({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '1' } } });
const recorded = [keys.baseline('recommender', good.id), good] as const;

describe('reinstate plan', () => {
  it('prints rungs from and to, settle steps, the command for each by hand, and the deadline', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);

    const { exit, out } = await type(desk, 'plan recommender');

    expect(exit).toBe(0);
    expect(out).toContain('recommender: back to recommender-b20261114T101500 in 2 rungs\nplan ');
    expect(out).toContain(
      `  [~] new-features ${FLAG}\n      - "true"\n      + "false"\n      why it sticks: `,
    );
    expect(out).toContain(
      "      by hand: aws ssm put-parameter --name '/shop/recommender/new-features' --type",
    );
    expect(out).toContain(
      '\nrung 2, only if rung 1 has not recovered it\n  clock: proven in 3 min 15 s when ',
    );
    expect(out).toMatch(
      / \[~\] champion alias:recommender@champion\n {6}- "2" \(digest .{12}\)\n {6}\+ "1"\n/,
    );
    expect(out).toMatch(/ {4}\[\+\] settle alias:recommender@rolled_back\n {8}\+ "2"/);
    expect(out).toContain('deadline 7 min 50 s after open, then people are paged\n');
    expect(out).toContain(
      'start it; it is refused once the world has changed: npx reinstate rollback recommender --plan ',
    );
  });

  it('starts no execution and writes nothing', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, recorded);
    const before = world.items.size;

    await type(desk, 'plan recommender');

    expect([world.executions.size, world.items.size]).toEqual([0, before]);
  });

  it('says why there is no plan, as an incident would', async () => {
    const { exit, out, json } = await type(aDesk(aWorld()), 'plan recommender');

    expect([exit, json]).toEqual([0, undefined]);
    expect(out).toContain('because no baseline is recorded that holds nothing quarantined');
  });

  it('names levers that an alarm alone would leave out', async () => {
    const desk = aDesk(aWorld({ service: { runbook: { preApproved: ['new-features'] } } }));
    await given(desk, recorded);

    const { out } = await type(desk, 'plan recommender');

    expect(out).toContain('champion is not pre-approved: an alarm alone leaves it out');
  });

  it('says which command switches to act, for each mode that is stricter', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    setMode(world, { environment: 'local' }, 'observe');
    setMode(world, { environment: 'local', service: 'recommender' }, 'off');

    const { out } = await type(desk, 'plan recommender');

    expect(out).toContain(
      'the mode is off; to act: npx reinstate mode act --env local && npx reinstate mode act --service recommender --env local',
    );
  });

  it('gives the same as JSON', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);

    const { json } = await type(desk, 'plan recommender -o json');

    expect(json).toMatchObject({ outcome: 'planned', plan: { baseline: good.id }, obstacles: [] });
  });

  it.each([
    [
      'plan recomender',
      2,
      'Cannot find service "recomender" in environment "local" (did you mean "recommender"?)',
    ],
    ['plan fraud-scorer', 3, 'Cannot use service "fraud-scorer": it is not armed in "local"; deploy it'],
    ['plan', 2, "Cannot run this: missing required argument 'service'; see: npx reinstate --help"],
    ['plna recommender', 2, "Cannot run this: unknown command 'plna' (Did you mean plan?)"],
    ['plan recommender -o yaml', 2, "argument 'yaml' is unknown; expected json"],
  ])('refuses "%s" with one sentence and exit code %d', async (words, exit, sentence) => {
    const typed = await type(aDesk(aWorld()), words);

    expect(typed).toMatchObject({ exit, out: '' });
    expect(typed.err).toContain(sentence);
    expect(typed.err.trimEnd()).not.toContain('\n');
  });

  it('tells an error as JSON too, with the stack only for DEBUG=reinstate', async () => {
    const plain = await type(aDesk(aWorld()), 'plan nothing -o json');
    const debugged = await type(aDesk(aWorld()), 'plan nothing', { env: { DEBUG: 'reinstate' } });

    expect(JSON.parse(plain.err)).toMatchObject({ exit: 2, error: expect.stringContaining('"nothing"') });
    expect(debugged.err).toContain('    at ');
  });
});

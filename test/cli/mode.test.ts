import { describe, expect, it } from '@jest/globals';
import { aDesk, aWorld, type } from './desk.ts';

describe('reinstate mode', () => {
  it('prints what is set, and what holds for each service', async () => {
    const desk = aDesk(aWorld());
    await desk.modes.set('observe', 'recommender');

    const { out, exit } = await type(desk, 'mode');

    expect(exit).toBe(0);
    expect(out).toBe(
      'local: not set; environment.yaml says act\n  fraud-scorer: act (its own: not set)\n  recommender: observe (its own: observe)\n',
    );
  });

  it('sets the mode of the environment, and says what it was', async () => {
    const desk = aDesk(aWorld());

    const first = await type(desk, 'mode observe');
    const second = await type(desk, 'mode act -o json');

    expect(first.out).toBe('mode of local: observe (it was not set)\n');
    expect(second.json).toEqual({ environment: 'local', service: null, mode: 'act', before: 'observe' });
    expect(await desk.modes.read()).toBe('act');
  });

  it.each(['mode off --service recommender', 'mode off recommender'])(
    'sets one service by "%s"',
    async (words) => {
      const desk = aDesk(aWorld());

      await type(desk, words);

      expect([await desk.modes.read('recommender'), await desk.modes.read()]).toEqual(['off', undefined]);
    },
  );

  it('says when a service stays stricter because of its environment, with the command that helps', async () => {
    const desk = aDesk(aWorld());
    await desk.modes.set('off');

    const { out } = await type(desk, 'mode act --service recommender');

    expect(out).toContain(
      "recommender stays in off: the environment's own mode is stricter; set that: npx reinstate mode act --env local",
    );
  });

  it.each([
    [
      'mode obsreve',
      'Cannot set mode "obsreve" (did you mean "observe"?); expected one of off, observe, act',
    ],
    ['mode act --service nothing', 'Cannot find service "nothing"'],
  ])('refuses "%s" as bad input and sets nothing', async (words, sentence) => {
    const desk = aDesk(aWorld());

    const { exit, err } = await type(desk, words);

    expect([exit, err]).toEqual([2, expect.stringContaining(sentence)]);
    expect(await desk.modes.read()).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../../lib/adapters/memory/settings.ts';
import type { Operation } from '../../../lib/adapters/memory/trouble.ts';
import type { Mode } from '../../../lib/core/environment.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { isAct } from '../../../lib/simulation/witness.ts';
import type { Moment, Worker } from '../../../lib/simulation/worker.ts';
import { type Day, day } from '../scenario.ts';
import { ALL_WELL, came } from './came.ts';
import { ESCALATED } from './variants.ts';

/** Some forty days, on a machine that has other work to do. */
const LONGEST_MS = 60_000;

/** What happened after the switch was flipped: functions that began, and who acted. */
interface Aftermath {
  readonly begun: string[];
  readonly acted: string[];
}

const acts = (moment: Moment): boolean => isAct(moment as Operation);

/** Before each look at the mode, and before each act, of those who act. */
const isTurn = ({ function: name }: Worker, moment: Moment): boolean =>
  /^(hold|apply|close)/.test(name) && (moment === 'ssm.GetParameter' || acts(moment));

function note({ begun, acted }: Aftermath, { id }: Worker, moment: Moment): void {
  if (moment === 'lambda.Init') begun.push(id);
  if (acts(moment)) acted.push(id);
}

/** A day on which the switch is flipped just before the nth turn. @returns nothing where there are less. */
async function flipped(nth: number, mode: Mode): Promise<(Aftermath & { readonly seen: Day }) | undefined> {
  const after: Aftermath = { begun: [], acted: [] };
  let turn = 0;
  const flip = ({ world, witness }: Environment) =>
    witness.somebody('a person flips the switch', () => setMode(world, { environment: 'local' }, mode));
  const seen = await day((environment) => {
    environment.script = (worker, moment) => {
      if (turn >= nth) note(after, worker, moment);
      if (isTurn(worker, moment) && ++turn === nth) flip(environment);
      return undefined;
    };
  });
  return turn < nth ? undefined : { ...after, seen };
}

describe('F54: the kill switch is flipped on the way', () => {
  it(
    'to off or observe, before each act in turn: whoever looks after it writes nothing (I7)',
    async () => {
      const ends: string[] = [];
      for (let nth = 1, left = true; left; nth++) {
        const found = await flipped(nth, nth % 2 === 0 ? 'off' : 'observe');
        left = found !== undefined;
        if (!found) continue;
        const { end, violations } = came(found.seen);
        ends.push(end);

        expect([nth, violations]).toEqual([nth, []]);
        expect([nth, found.acted.filter((id) => found.begun.includes(id))]).toEqual([nth, []]);
      }
      expect(ends.length).toBeGreaterThan(30);
      expect(new Set(ends)).toEqual(new Set([ESCALATED.end, ALL_WELL.end]));
    },
    LONGEST_MS,
  );

  it.each([1, 5, 10, 15, 20, 25])(
    'before turn %d: what is left undone is in the page, as commands',
    async (nth) => {
      const found = await flipped(nth, 'off');
      if (!found) throw new Error(`Expected more than ${nth} turns`);
      const { end, steps } = came(found.seen);

      const undone = Object.keys(ALL_WELL.steps).filter((step) => steps[step] !== 'applied');
      const [, byHand = ''] = /by hand:\n((?: {2}.+\n)+)/.exec(found.seen.pages[0]?.text ?? '') ?? [];
      expect(undone.length).toBeGreaterThan(0);
      expect(end).toBe(ESCALATED.end);
      expect(byHand.trimEnd().split('\n')).toHaveLength(undone.length);
      const hold = await found.seen.read.hold('recommender');
      expect(hold?.state).toBe(nth === 1 ? undefined : 'standing');
    },
  );
});

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { takeReferences } from '../../lib/cli/take-references.ts';
import type { SignalReader } from '../../lib/ports/signal-reader.ts';
import { anArmedService, aPolicy, aSignal, at } from '../builders.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const relative = { percent: -3 };
const armed = anArmedService({
  service: {
    signals: names.map((name) => aSignal({ name })),
    policy: aPolicy({
      when: names.map((signal) => ({ signal, is: '<', relative, datapoints: 1, of: 1 }) as const),
      verify: [],
    }),
  },
});

const reading = (datapoints: SignalReader['datapoints']) => ({
  signals: { datapoints, alarms: async () => [] },
  clock: { now: () => at(0), sleep: async () => undefined },
});

describe('the references of a new baseline', () => {
  it('are read side by side, five at a time', async () => {
    let [running, most] = [0, 0];
    const desk = reading(async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
      return [{ at: at(-10), value: 2 }];
    });

    const { references, objections } = await takeReferences(desk, armed);

    expect(most).toBe(5);
    expect([Object.keys(references), objections]).toEqual([names, []]);
  });

  it('that cannot be read are told in the order of the policy, and hide no other', async () => {
    const desk = reading(async ({ name }) => {
      if (name === 'b') await turn();
      if (name === 'b' || name === 'f') throw new Error(`no ${name}`);
      return [{ at: at(-10), value: 2 }];
    });

    const { references, objections } = await takeReferences(desk, armed);

    expect(objections).toEqual(['signal b cannot be read: no b', 'signal f cannot be read: no f']);
    expect(Object.keys(references)).toEqual(['a', 'c', 'd', 'e', 'g']);
  });
});

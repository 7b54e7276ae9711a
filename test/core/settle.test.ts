import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Baseline } from '../../lib/core/release.ts';
import { settleSteps } from '../../lib/core/settle.ts';
import type { PlannedStep } from '../../lib/core/step.ts';
import { aBaseline, anArmedService, aStep, CHAMPION, PREVIOUS, ROLLED_BACK } from '../builders.ts';

const settled = (step: PlannedStep, baselines: readonly Baseline[]) =>
  settleSteps({ armed: anArmedService(), baselines, seen: () => undefined }, step);
const holding = (...versions: (string | null)[]) =>
  versions.map((value, i) => aBaseline({ id: `b${i}`, recordedAt: -i, release: { [CHAMPION]: { value } } }));
const toOf = (steps: ReturnType<typeof settleSteps>) =>
  Object.fromEntries(steps.map((s) => [s.target, s.to.value]));

describe('settleSteps', () => {
  const champion = () => aStep('2.1');

  it('a flag needs nothing', () => {
    expect(settled(aStep('1.1'), holding('3', '2'))).toEqual([]);
  });

  it('an alias: rolled_back names the bad version, previous_champion the next newest baseline', () => {
    expect(toOf(settled(champion(), holding('3', '2', '1')))).toEqual({
      [ROLLED_BACK]: '4',
      [PREVIOUS]: '2',
    });
  });

  it('takes previous_champion away when there is no older baseline', () => {
    expect(toOf(settled(champion(), holding('3')))).toMatchObject({ [PREVIOUS]: null });
  });

  it.each([
    ['holds the same version', holding('3', '3')],
    ['holds the bad version', holding('3', '4')],
  ])('passes over a baseline that %s', (_, baselines) => {
    expect(toOf(settled(champion(), [...baselines, ...holding('1')]))).toMatchObject({
      [PREVIOUS]: '1',
    });
  });

  it('passes over a baseline that does not know the alias', () => {
    const ignorant = aBaseline({ release: {} });

    expect(toOf(settled(champion(), [ignorant, ...holding('1')]))).toMatchObject({
      [PREVIOUS]: '1',
    });
  });

  it('names no bad version where the alias stood right or was not set', () => {
    const right = { ...champion(), from: champion().to };
    const unset = { ...champion(), from: { value: null } };

    expect(toOf(settled(right, holding('3')))).not.toHaveProperty([ROLLED_BACK]);
    expect(toOf(settled(unset, holding('3')))).not.toHaveProperty([ROLLED_BACK]);
  });

  it('numbers its steps under the step that they settle, and makes no server reload', () => {
    const steps = settled(champion(), holding('3', '2'));

    expect(steps.map((s) => [s.id, s.phase])).toEqual([
      ['2.1.s1', 'settle'],
      ['2.1.s2', 'settle'],
    ]);
    expect(steps.map((s) => s.from)).toEqual([{ value: null }, { value: null }]);
    expect(steps.every((s) => !('reload' in s.lever))).toBe(true);
  });

  it('previous_champion never equals champion, whatever the ledger holds', () => {
    const versions = fc.array(fc.constantFrom('1', '2', '3', '4', null), { maxLength: 6 });

    fc.assert(fc.property(versions, (held) => toOf(settled(champion(), holding(...held)))[PREVIOUS] !== '3'));
  });
});

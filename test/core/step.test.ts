import { describe, expect, it } from '@jest/globals';
import { decide, type StepOutcome, say, tookEffect } from '../../lib/core/step.ts';
import { aStep } from '../builders.ts';

const champion = () => aStep('2.1');
const settle = () => aStep('2.1.s1');
const ready = { value: '3', fit: 'ready', digest: 'digest-3' } as const;

describe('decide', () => {
  it.each([
    ['stands and is served', ['3', '3']],
    ['stands and nobody tells what is served', undefined],
  ])('F24: does nothing where the wanted value %s', (_, served) => {
    expect(decide(champion(), { value: '3' }, served)).toEqual({ kind: 'already' });
  });

  it('acts where the wanted value stands and one instance serves another', () => {
    expect(decide(champion(), { value: '3', candidate: ready }, ['3', '4'])).toEqual({ kind: 'act' });
  });

  it('acts on the state that the plan saw', () => {
    expect(decide(champion(), { value: '4', candidate: ready }, ['4'])).toEqual({ kind: 'act' });
  });

  it.each([
    ['another version', '7', '"7"'],
    ['nothing', null, 'nothing'],
  ])('F19: leaves it to the person who moved it to %s', (_, value, found) => {
    expect(decide(champion(), { value, candidate: ready }, undefined)).toEqual({
      kind: 'conflict',
      why: `expected "4" or "3", found ${found}`,
    });
  });

  it.each(['missing', 'not-ready', 'quarantined'] as const)(
    'F23: does not put a version that is %s',
    (fit) => {
      expect(decide(champion(), { value: '4', candidate: { value: '3', fit } }, ['4'])).toEqual({
        kind: 'unfit',
        why: `version "3" is ${fit}`,
      });
    },
  );

  it('I3: does not put a version whose artifact is not the one that was recorded', () => {
    const changed = { ...ready, digest: 'other' };

    expect(decide(champion(), { value: '4', candidate: changed }, ['4'])).toMatchObject({
      kind: 'unfit',
      why: expect.stringMatching(/its digest differs$/),
    });
  });

  it('I3: does not put a version whose recorded digest cannot be computed now', () => {
    expect(decide(champion(), { value: '4', candidate: { value: '3', fit: 'ready' } }, ['4'])).toMatchObject({
      kind: 'unfit',
      why: expect.stringMatching(/cannot be confirmed/),
    });
  });

  it('acts where no digest was recorded', () => {
    const undigested = { ...champion(), to: { value: '3' } };

    expect(decide(undigested, { value: '4', candidate: { value: '3', fit: 'ready' } }, ['4'])).toEqual({
      kind: 'act',
    });
  });

  it('a settle step moves its name whatever it stood at', () => {
    expect(decide(settle(), { value: '1' }, undefined)).toEqual({ kind: 'act' });
  });

  it('a settle step may name a quarantined version: rolled_back does', () => {
    const candidate = { value: '4', fit: 'quarantined' } as const;

    expect(decide(settle(), { value: null, candidate }, undefined)).toEqual({ kind: 'act' });
  });

  it('takes an alias away without asking for a version', () => {
    const away = aStep('2.1.s2', { to: { value: null } });

    expect(decide(away, { value: '1' }, undefined)).toEqual({ kind: 'act' });
    expect(decide(away, { value: null }, undefined)).toEqual({ kind: 'already' });
    const unset = { ...champion(), to: { value: null } };
    const candidate = { value: '', fit: 'missing' } as const;
    expect(decide(unset, { value: '4', candidate }, undefined)).toEqual({ kind: 'act' });
  });
});

describe('tookEffect', () => {
  it.each<[StepOutcome, boolean]>([
    ['applied', true],
    ['already', true],
    ['failed', false],
    ['conflict', false],
    ['withheld', false],
    ['not-begun', false],
  ])('%s: %s', (outcome, effect) => {
    expect(tookEffect({ outcome })).toBe(effect);
  });
});

describe('say', () => {
  it('quotes a value, and has a word for none', () => {
    expect([say('3'), say(null)]).toEqual(['"3"', 'nothing']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { Lever } from '../../lib/core/service.ts';
import type { Observation, PlannedStep } from '../../lib/core/step.ts';
import type { BoundLever } from '../../lib/stages/lever-port.ts';
import { isProven, lookAt } from '../../lib/stages/look-at-target.ts';
import { aBranch, aFlag, anAlias, aRelease, aRollout, aStep, at } from '../builders.ts';

const step = (lever: Lever, phase: PlannedStep['phase'] = 'apply'): PlannedStep => ({
  ...aStep('1.1'),
  lever,
  phase,
  from: { value: 'bad' },
  to: { value: 'good' },
});

interface Seen {
  readonly observed?: Partial<Observation>;
  readonly served?: readonly string[];
}

const boundTo = ({ observed, served }: Seen): BoundLever => ({
  observe: async () => ({ value: 'good', ...observed }),
  act: async () => ({}),
  served: async () => served,
  owner: async () => undefined,
  versions: async () => undefined,
});
const look = (wanted: PlannedStep, seen: Seen) => lookAt(wanted, boundTo(seen), at(10));

describe('what stands at a target', () => {
  it.each<[string, Lever, PlannedStep['phase'], string]>([
    ['a flag is done when it stands there', aFlag(), 'apply', 'already'],
    ['an alias is not done while a server has another version', anAlias(), 'apply', 'act'],
    ['a name that settles an alias is done when it stands there', anAlias(), 'settle', 'already'],
    ['a Rollout is not done while another hash serves', aRollout(), 'apply', 'act'],
    ['a Helm release is not done while its objects are others', aRelease(), 'apply', 'act'],
    ['a branch is not done while Argo CD is not well', aBranch(), 'apply', 'act'],
    [
      'a branch settles a Rollout once it is synced: its pods have a step of their own',
      aBranch(),
      'settle',
      'already',
    ],
    ['nor is it settled: somebody may have changed them past Helm', aRelease(), 'settle', 'act'],
  ])('%s', async (...[, lever, phase, expected]) => {
    const seen = await look(step(lever, phase), { served: ['good', 'Rollout/model-svc runs another image'] });

    expect('outcome' in seen ? seen.outcome : 'act').toBe(expected);
  });

  it.each<[string, Lever, string]>([
    [
      'an alias whose server does not answer is reloaded: its move may have outlived its attempt',
      anAlias(),
      'act',
    ],
    ['a Rollout whose pods do not answer is judged by what it holds', aRollout(), 'already'],
  ])('F11: %s', async (...[, lever, expected]) => {
    const silent = { ...boundTo({}), served: () => Promise.reject(new OutsideTrouble('no answer')) };
    const seen = await lookAt(step(lever), silent, at(10));

    expect('outcome' in seen ? seen.outcome : 'act').toBe(expected);
  });

  it('F33: is left alone while a run of somebody else is under way, and looked at again', async () => {
    const busy = look(step(aRelease()), { observed: { value: '9 (pending-upgrade)', busyUntil: at(40) } });

    await expect(busy).rejects.toMatchObject({
      name: 'StepStillRunning',
      message: expect.stringContaining("somebody else's run is under way"),
    });
  });

  it('F33: is acted on once that run is too old to be alive', async () => {
    const seen = await look(step(aRelease()), { observed: { value: 'bad', busyUntil: at(9) } });

    expect(seen).toEqual({ before: { value: 'bad', busyUntil: at(9) } });
  });
});

describe('an act without an answer', () => {
  const proven = (lever: Lever, served?: readonly string[]) =>
    isProven(step(lever), boundTo(served ? { served } : {}));

  it('is proven by what stands there', async () => {
    expect(await proven(anAlias(), ['bad'])).toBe(true);
    expect(await proven(aRollout())).toBe(true);
  });

  it('F33: of Helm only by its objects: a run that died may have written its revision and sent nothing', async () => {
    expect(await proven(aRelease(), ['good'])).toBe(true);
    expect(await proven(aRelease(), ['good', 'Rollout/model-svc runs another image'])).toBe(false);
    expect(await proven(aRelease())).toBe(false);
  });
});

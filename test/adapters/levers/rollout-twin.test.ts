/** The controller in memory, rule by rule as the real one was seen (argo-rollouts 1.10.1). */
import { describe, expect, it } from '@jest/globals';
import {
  abortByHand,
  applyImages,
  changeSteps,
  controllerOf,
  memoryRollout,
  pauseByHand,
  podHashOf,
  promoteByHand,
  pushImage,
  rolloutAt,
  type StartRollout,
  sharesOf,
  startRollout,
} from '../../../lib/adapters/memory/rollout.ts';
import { memoryWorld } from '../../../lib/adapters/memory/world.ts';
import { anArmedService } from '../../contracts/armed.ts';
import { aRollout } from '../../service-builders.ts';

const TARGET = 'rollout:shop/ml/model-svc';
const v1 = { app: 'web:v1', sidecar: 'proxy:1' };
const good = podHashOf(v1);

function scene(over: Partial<StartRollout> = {}) {
  const world = memoryWorld();
  const rollout = startRollout(world, TARGET, { images: v1, ...over });
  const shares = () => Object.fromEntries(sharesOf(rolloutAt(world, TARGET)));
  return { world, rollout, shares, push: (image: string) => pushImage(world, TARGET, image) };
}

describe('the controller in memory', () => {
  it('gives a new template its first weight, and leaves the rest with the stable one', () => {
    const { push, shares, rollout } = scene({ firstWeight: 20 });

    const bad = push('web:v2');

    expect(shares()).toEqual({ [good]: 80, [bad]: 20 });
    expect(rollout.images).toEqual({ app: 'web:v2', sidecar: 'proxy:1' });
  });

  it('aborts, and starts again when that is taken back', () => {
    const { world, push, shares, rollout } = scene();
    const bad = push('web:v2');

    abortByHand(world, TARGET);
    expect(shares()).toEqual({ [good]: 100 });
    expect(rollout.abortedAt).toBe(world.clock.now());
    abortByHand(world, TARGET, false);

    expect(shares()).toEqual({ [good]: 90, [bad]: 10 });
    expect(rollout.abortedAt).toBeUndefined();
  });

  it('ships the bad version when somebody promotes after an abort', () => {
    const { world, push, shares, rollout } = scene();
    const bad = push('web:v2');
    abortByHand(world, TARGET);

    promoteByHand(world, TARGET);

    expect(shares()).toEqual({ [bad]: 100 });
    expect(rollout).toMatchObject({ abort: false, promoteFull: false, stableRS: bad });
  });

  it('F30: drops an abort, and a promotion, of what is promoted already', () => {
    const { world, push, shares, rollout } = scene();
    const bad = push('web:v2');
    promoteByHand(world, TARGET);

    abortByHand(world, TARGET);
    promoteByHand(world, TARGET);

    expect(shares()).toEqual({ [bad]: 100 });
    expect(rollout).toMatchObject({ abort: false, abortedAt: undefined, promoteFull: false });
  });

  it('starts anew for a new template, or new steps, while aborted', () => {
    const { world, push, shares } = scene();
    const bad = push('web:v2');
    abortByHand(world, TARGET);
    changeSteps(world, TARGET);
    expect(shares()).toEqual({ [good]: 90, [bad]: 10 });
    abortByHand(world, TARGET);

    const worse = push('web:v3');

    expect(shares()).toEqual({ [good]: 90, [worse]: 10 });
  });

  it('is done at once when the template goes back to the stable one', () => {
    const { world, push, shares, rollout } = scene();
    push('web:v2');
    abortByHand(world, TARGET);

    expect(applyImages(world, TARGET, v1)).toBe(good);

    expect(shares()).toEqual({ [good]: 100 });
    expect(rollout).toMatchObject({ abort: false, currentPodHash: good, stableRS: good });
    expect(rollout.replicaSets.get(good)?.revision).toBe(3);
  });

  it('lets a good template wait at its first weight over a promoted bad one', () => {
    const { world, push, shares } = scene();
    const bad = push('web:v2');
    promoteByHand(world, TARGET);

    applyImages(world, TARGET, v1);

    expect(shares()).toEqual({ [bad]: 90, [good]: 10 });
  });

  it('skips that within the rollbackWindow, and only there', () => {
    const { world, push, shares } = scene({ rollbackWindow: 1 });
    push('web:v2');
    promoteByHand(world, TARGET);
    applyImages(world, TARGET, v1);
    expect(shares()).toEqual({ [good]: 100 });

    push('web:v3');
    promoteByHand(world, TARGET);
    applyImages(world, TARGET, v1);

    expect(shares()).toMatchObject({ [good]: 10 });
  });

  it('promotes nothing while a person has paused it', () => {
    const { world, push, shares } = scene();
    const bad = push('web:v2');
    pauseByHand(world, TARGET);

    promoteByHand(world, TARGET);
    expect(shares()).toEqual({ [good]: 90, [bad]: 10 });
    pauseByHand(world, TARGET, false);

    expect(shares()).toEqual({ [bad]: 100 });
  });

  it('F31: does nothing while it is down, and then what was asked last', () => {
    const { world, push, shares, rollout } = scene();
    const bad = push('web:v2');
    controllerOf(world, TARGET, 'down');

    abortByHand(world, TARGET);
    expect(shares()).toEqual({ [good]: 90, [bad]: 10 });
    expect(rollout.abort).toBe(true);
    controllerOf(world, TARGET, 'up');

    expect(shares()).toEqual({ [good]: 100 });
  });

  it('sees a template that was pushed while it was down, and forgets an abort that came before it looked', () => {
    const { world, push, shares, rollout } = scene();
    push('web:v2');
    controllerOf(world, TARGET, 'down');
    abortByHand(world, TARGET);
    const worse = push('web:v3');
    expect(rollout.observedGeneration).toBeLessThan(rollout.generation);

    controllerOf(world, TARGET, 'up');

    expect(shares()).toEqual({ [good]: 90, [worse]: 10 });
    expect(rollout.observedGeneration).toBe(rollout.generation);
  });

  it('has pods that say their hash, wherever requests go', async () => {
    const { world, push } = scene();
    const lever = aRollout({ served: { url: 'https://shop/hash', path: 'hash' } });
    const port = memoryRollout(world)(anArmedService([lever]));
    expect(await port.served(lever)).toEqual([good]);

    const bad = push('web:v2');

    expect(await port.served({ ...lever, part: 'spec' })).toEqual([good, bad]);
    expect(await port.served(aRollout())).toBeUndefined();
  });

  it('takes the same template for no change', () => {
    const { world, rollout } = scene();

    applyImages(world, TARGET, { ...v1 });

    expect(rollout.generation).toBe(1);
    expect(() => rolloutAt(world, 'rollout:shop/ml/nobody')).toThrow(/^Cannot find Rollout/);
  });
});

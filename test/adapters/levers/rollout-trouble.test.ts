import { describe, expect, it } from '@jest/globals';
import { rollout } from '../../../lib/adapters/levers/rollout.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { anArmedService } from '../../contracts/armed.ts';
import { aRollout } from '../../service-builders.ts';
import { anObject, aPlace, BAD, complete, controllerOf, GOOD, withStatus } from './rollout-objects.ts';

const refused = {
  status: 422,
  message: 'the server rejected our request due to an error in our request',
} as const;
const conflict = { status: 409, message: 'the object has been modified' } as const;

describe('a patch that is refused', () => {
  it('F29: with 422, because a test did not hold: looks again and decides anew', async () => {
    const { act, sent } = aPlace({
      rollout: anObject(),
      refusals: [refused],
      passing: (object, looks) => (looks === 2 ? withStatus(object, complete(BAD)) : object),
      controller: controllerOf,
    });

    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts/status', 'rollouts', 'rollouts/status']);
  });

  it('F29: with 422, though all that it tests holds: the change itself is refused, and is not sent again', async () => {
    const { act, sent } = aPlace({ rollout: anObject(), refusals: [refused] });

    await expect(act()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `Cannot change Rollout "model-svc" in "ml" of cluster "shop": the cluster refuses the change: "${refused.message}"`,
    });
    expect(sent).toHaveLength(1);
  });

  it('F29: with 409: is sent again after another look', async () => {
    const { act, sent } = aPlace({ rollout: anObject(), refusals: [conflict], controller: controllerOf });

    expect(await act()).toEqual({});

    expect(sent).toHaveLength(2);
  });

  it('F29: with 409 without end: gives up, and may be asked again', async () => {
    const { act, sent } = aPlace({
      rollout: anObject(),
      refusals: Array.from({ length: 20 }, () => conflict),
    });

    await expect(act()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/it kept changing while it was written$/),
    });
    expect(sent.length).toBeLessThanOrEqual(6);
  });

  it('F32: with 404, because the CRD has no /status or the Rollout went: is refused', async () => {
    const gone = { status: 404, message: 'rollouts.argoproj.io "model-svc" not found' } as const;
    const { act } = aPlace({ rollout: anObject(), refusals: [gone] });

    await expect(act()).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });
});

describe('F32: what cannot be used', () => {
  it('is a cluster that the environment does not name, however often it is asked', async () => {
    const lever = aRollout();
    const port = rollout({ clock: memoryClock(0) })(anArmedService([lever]));

    const refusal = {
      name: 'OutsideRefusal',
      message: 'Cannot reach cluster "shop": environment "local" has none of that name',
    };
    await expect(port.observe(lever)).rejects.toMatchObject(refusal);
    await expect(port.observe(lever)).rejects.toMatchObject(refusal);
    expect(await port.served(lever)).toBeUndefined();
  });

  it('is a Rollout that is not there', async () => {
    const { observe, act } = aPlace({ rollout: undefined });

    const refusal = {
      name: 'OutsideRefusal',
      message: 'Cannot find Rollout "model-svc" in "ml" of cluster "shop": not found',
    };
    await expect(observe()).rejects.toMatchObject(refusal);
    await expect(act()).rejects.toMatchObject(refusal);
  });

  it('is a spec that the controller calls invalid: it does nothing for it', async () => {
    const message = 'The Rollout "model-svc" is invalid: spec.strategy.canary.stableService: not found';
    const conditions = [{ type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message }];
    const { observe } = aPlace({ rollout: anObject({ status: { conditions } }) });

    await expect(observe()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringContaining(`its controller calls the spec invalid: "${message}"`),
    });
  });

  it('is one that no controller has ever seen', async () => {
    const { observe } = aPlace({ rollout: { ...anObject(), status: {} } });

    await expect(observe()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/has not seen generation 5 of the template \(is it running\?\)$/),
    });
  });

  it('is an object of another shape', async () => {
    const { observe } = aPlace({ rollout: anObject({ status: { currentPodHash: 7 } }) });

    await expect(observe()).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });
});

describe('a candidate that is no hash', () => {
  it('F23: is missing, and never becomes a part of a selector', async () => {
    const lists: string[] = [];
    const { observe } = aPlace({ rollout: anObject(), lists });

    expect((await observe('x),app notin (y')).candidate?.fit).toBe('missing');

    expect(lists).toEqual(['rollouts-pod-template-hash']);
  });
});

describe('what the controller has not seen yet', () => {
  it('is waited for, three seconds long', async () => {
    const { observe, clock } = aPlace({
      rollout: anObject({ status: { observedGeneration: '4' } }),
      passing: (object, looks) => (looks === 6 ? withStatus(object, { observedGeneration: '5' }) : object),
    });

    expect(await observe()).toMatchObject({ value: BAD });

    expect(clock.now()).toBe(1250);
  });

  it('F31: is no effect of an abort: 200 proves nothing', async () => {
    const { act, clock, sent } = aPlace({ rollout: anObject() });

    await expect(act()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message:
        'Cannot move Rollout "model-svc" in "ml" of cluster "shop": its controller has not carried out the abort in time (is it running?); it says "CanaryPauseStep"; the router gives 10 to the newest pods',
    });
    expect(sent).toHaveLength(1);
    expect(clock.now()).toBeLessThanOrEqual(5000);
  });

  it('F31: is no effect of a promotion either', async () => {
    const status = { currentPodHash: GOOD, stableRS: BAD };
    const { act, sent } = aPlace({ rollout: anObject({ status }) });

    await expect(act()).rejects.toThrow(/has not carried out the promotion in time \(is it running\?\)/);
    expect(sent).toHaveLength(1);
  });
});

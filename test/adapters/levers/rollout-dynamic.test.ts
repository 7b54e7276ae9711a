import { describe, expect, it } from '@jest/globals';
import { ABORTED, anObject, aPlace, BAD, complete, GOOD, weights, withStatus } from './rollout-objects.ts';

describe('dynamicStableScale', () => {
  const strategy = { canary: { trafficRouting: {}, dynamicStableScale: true, steps: [{ setWeight: 50 }] } };
  const falling = (from: number, by: number) => {
    let weight = from;
    return () => {
      weight = Math.max(0, weight - by);
      return { ...ABORTED, canary: { weights: weights(weight, BAD) } };
    };
  };

  it('gives requests back as stable pods become ready: that is waited for', async () => {
    const next = falling(50, 2);
    const { act, clock, observe } = aPlace({
      rollout: anObject({ spec: { strategy } }),
      passing: (object) => (object.status['abort'] ? withStatus(object, next()) : object),
    });

    expect(await act()).toEqual({});

    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
    expect(clock.now()).toBeGreaterThan(5000);
  });

  it('goes on where that takes longer, is not called done, and says what the router still gives', async () => {
    const next = falling(50, 0);
    const { act, clock } = aPlace({
      rollout: anObject({ spec: { strategy } }),
      passing: (object) => (object.status['abort'] ? withStatus(object, next()) : object),
    });

    await expect(act()).rejects.toMatchObject({
      name: 'StepStillRunning',
      message: expect.stringMatching(
        /its controller has begun the abort and not ended it; it says "CanaryPauseStep"; the router gives 50 to the newest pods$/,
      ),
    });
    expect(clock.now()).toBeLessThanOrEqual(12_000);
  });

  it('still serves the bad version for a while after the template is back: complete is not what the hashes say', async () => {
    const { observe, act } = aPlace({
      rollout: anObject({
        spec: { strategy },
        status: { ...complete(GOOD), canary: { weights: weights(30, BAD) } },
      }),
    });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    await expect(act()).rejects.toMatchObject({ name: 'StepStillRunning' });
  });

  it('is asked for once: who comes again waits for the end of it', async () => {
    const next = falling(50, 1);
    const { act, sent } = aPlace({
      rollout: anObject({ spec: { strategy } }),
      passing: (object) => (object.status['abort'] ? withStatus(object, next()) : object),
    });
    await expect(act()).rejects.toMatchObject({ name: 'StepStillRunning' });

    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts/status']);
  });

  it('F31: is trouble where nothing has begun: its controller may be down', async () => {
    const { act } = aPlace({ rollout: anObject({ spec: { strategy } }) });

    await expect(act()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/\(is it running\?\)/),
    });
  });

  it('is paused by hand at the cost of its stable pods: the pause is ended after the abort', async () => {
    const { act, sent } = aPlace({
      rollout: anObject({ spec: { strategy, paused: true } }),
      controller: (object, { to }) => (to === 'rollouts' ? withStatus(object, ABORTED) : object),
    });

    expect(await act()).toEqual({});

    expect(
      sent.map(({ to, body }) => [to, ...body.filter(({ op }) => op !== 'test').map(({ path }) => path)]),
    ).toEqual([
      ['rollouts/status', '/status/promoteFull', '/status/abort'],
      ['rollouts', '/spec/paused'],
    ]);
  });
});

describe('a promotion that has just ended', () => {
  it('is looked at again: the router follows in a moment', async () => {
    const behind = { ...complete(GOOD), canary: { weights: weights(10, GOOD, BAD) } };
    const { observe } = aPlace({
      rollout: anObject({ status: behind }),
      passing: (object, looks) => (looks === 3 ? withStatus(object, complete(GOOD)) : object),
    });

    expect(await observe()).toMatchObject({ value: GOOD, progress: 'complete' });
  });

  it('is not believed where the router does not follow', async () => {
    const behind = { ...complete(GOOD), canary: { weights: weights(10, GOOD, BAD) } };

    const { observe, clock } = aPlace({ rollout: anObject({ status: behind }) });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(clock.now()).toBeLessThanOrEqual(3000);
  });
});

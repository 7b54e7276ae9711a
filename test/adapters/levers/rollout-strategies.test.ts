import { describe, expect, it } from '@jest/globals';
import {
  ABORTED,
  type ApiObject,
  anObject,
  aPlace,
  BAD,
  BASIC,
  BLUE_GREEN,
  complete,
  controllerOf,
  GOOD,
  type Sent,
  withStatus,
} from './rollout-objects.ts';

const verbs = (sent: readonly Sent[]) =>
  sent.map(({ to, body }) => [to, ...body.filter(({ op }) => op !== 'test').map(({ path }) => path)]);
const ABORT = ['rollouts/status', '/status/promoteFull', '/status/abort'];
const PROMOTE = ['rollouts/status', '/status/abort', '/status/promoteFull'];
const UNPAUSE = ['rollouts', '/spec/paused'];

describe('a basic canary, whose requests follow its pods', () => {
  const canary = (over: { spec?: object; status?: object } = {}) =>
    anObject({
      spec: { strategy: BASIC, ...over.spec },
      status: { canary: {}, ...over.status },
    });
  const aborted = { ...ABORTED, canary: {} };

  it('is aborted once the controller says so: there are no weights to look at', async () => {
    const { act, observe, sent } = aPlace({
      rollout: canary(),
      controller: (object) => withStatus(object, aborted),
    });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await act()).toEqual({});

    expect(verbs(sent)).toEqual([ABORT]);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
  });

  it('F31: is not taken for aborted before the controller has taken it up, or once a retry has taken it back', async () => {
    const asked = aPlace({ rollout: canary({ status: { abort: true } }) });
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'RolloutAborted' }];
    const retried = aPlace({ rollout: canary({ status: { conditions } }) });

    expect(await asked.observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await retried.observe()).toMatchObject({ value: BAD, progress: 'under-way' });
  });

  it('is not taken for aborted while a pause by hand keeps its pods as they are', async () => {
    const { act, observe, sent } = aPlace({
      rollout: canary({ spec: { paused: true }, status: aborted }),
      controller: (object) => object,
    });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await act()).toEqual({});

    expect(verbs(sent)).toEqual([UNPAUSE]);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
  });
});

describe('blue/green', () => {
  const blueGreen = (activeSelector: string, over: { spec?: object; status?: object } = {}) =>
    anObject({
      spec: { strategy: BLUE_GREEN, ...over.spec },
      status: {
        canary: {},
        currentStepIndex: undefined,
        blueGreen: { activeSelector, previewSelector: BAD },
        ...over.status,
      },
    });
  const aborted = (activeSelector: string) => ({
    abort: true,
    abortedAt: '2026-11-21T09:00:00Z',
    pauseConditions: undefined,
    blueGreen: { activeSelector, previewSelector: BAD },
  });
  const switching = (object: ApiObject, { to }: Sent): ApiObject =>
    to === 'rollouts/status' ? withStatus(object, aborted(GOOD)) : object;

  it('before the switch: is aborted, though users never had it; its preview goes on showing it', async () => {
    const { act, observe, sent } = aPlace({ rollout: blueGreen(GOOD), controller: switching });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await act()).toEqual({});

    expect(verbs(sent)).toEqual([ABORT]);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
  });

  it('after the switch, not yet stable: is aborted, and done when the active Service is back', async () => {
    const { act, observe, sent } = aPlace({ rollout: blueGreen(BAD), controller: switching });

    expect(await observe()).toMatchObject({ value: BAD });
    expect(await act()).toEqual({});

    expect(verbs(sent)).toEqual([ABORT]);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
  });

  it('after the switch and paused by hand: the pause would keep the Service where it is', async () => {
    const { act, observe, sent } = aPlace({
      rollout: blueGreen(BAD, { spec: { paused: true } }),
      controller: (object, { to }) => withStatus(object, aborted(to === 'rollouts' ? GOOD : BAD)),
    });

    expect(await act()).toEqual({});

    expect(verbs(sent)).toEqual([ABORT, UNPAUSE]);
    expect(await observe()).toMatchObject({ value: GOOD });
  });

  it('after the switch, with new pods that crash: the switch waits for them, so the template goes back', async () => {
    const { act, clock, observe, sent } = aPlace({
      rollout: blueGreen(BAD),
      controller: (object, patch) => {
        if (patch.to === 'rollouts/status') return withStatus(object, aborted(BAD));
        const served = { blueGreen: { activeSelector: GOOD, previewSelector: GOOD } };
        return withStatus(controllerOf(object, patch), { ...complete(GOOD), ...served });
      },
    });

    expect(await act()).toEqual({});

    expect(clock.now()).toBeLessThanOrEqual(2000);
    expect(sent.map(({ to }) => to)).toEqual(['rollouts/status', 'rollouts']);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'complete' });
  });

  it('F30: promoted in full: the good template, then promoteFull past its pause', async () => {
    const { act, observe, sent } = aPlace({
      rollout: blueGreen(BAD, { status: { ...complete(BAD), canary: {} } }),
      controller: (object, patch) => {
        const next = controllerOf(object, patch);
        const active = patch.to === 'rollouts' ? BAD : GOOD;
        return withStatus(next, { canary: {}, blueGreen: { activeSelector: active } });
      },
    });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'complete' });
    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts', 'rollouts/status']);
    expect(verbs(sent)[1]).toEqual(PROMOTE);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'complete' });
  });
});

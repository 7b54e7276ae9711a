import { describe, expect, it } from '@jest/globals';
import {
  ABORTED,
  anObject,
  aPlace,
  aReplicaSet,
  BAD,
  complete,
  controllerOf,
  GOOD,
  OTHER,
  type Sent,
  weights,
  withStatus,
} from './rollout-objects.ts';

const test = (path: string, value: unknown) => ({ op: 'test', path, value });
const tests = (current: string, stable: string, generation = 5) => [
  test('/metadata/uid', 'uid-1'),
  test('/metadata/generation', generation),
  test('/status/currentPodHash', current),
  test('/status/stableRS', stable),
];
const brief = (sent: readonly Sent[]) =>
  sent.map(({ to, body }) => [to, ...body.filter(({ op }) => op !== 'test').map(({ path }) => path)]);

describe('an update to the bad version in flight', () => {
  it('is aborted by one compare-and-set patch of the status, which also takes back promoteFull', async () => {
    const { act, observe, sent } = aPlace({ rollout: anObject(), controller: controllerOf });

    expect(await act()).toEqual({});

    expect(sent).toEqual([
      {
        to: 'rollouts/status',
        name: 'model-svc',
        manager: 'reinstate',
        body: [
          ...tests(BAD, GOOD),
          { op: 'add', path: '/status/promoteFull', value: false },
          { op: 'add', path: '/status/abort', value: true },
        ],
      },
    ]);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
  });

  it('that somebody aborted already is left as it is', async () => {
    const { act, observe, sent } = aPlace({ rollout: withStatus(anObject(), ABORTED) });

    expect(await observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
    expect(await act()).toEqual({});

    expect(sent).toEqual([]);
  });

  it('that a person is promoting in full is aborted all the same', async () => {
    const promoting = { promoteFull: true, currentStepIndex: 2, pauseConditions: undefined };
    const { act, observe, sent } = aPlace({
      rollout: anObject({ status: promoting }),
      controller: controllerOf,
    });

    expect(await observe()).toMatchObject({ value: BAD });
    expect(await act()).toEqual({});

    expect(brief(sent)).toEqual([['rollouts/status', '/status/promoteFull', '/status/abort']]);
  });

  it('is aborted once more where somebody aborted and then promoted: promoteFull wins over abort', async () => {
    const both = { ...ABORTED, promoteFull: true, canary: { weights: weights(10, BAD) } };
    const { act, sent } = aPlace({ rollout: anObject({ status: both }), controller: controllerOf });

    expect(await act()).toEqual({});

    expect(brief(sent)).toEqual([['rollouts/status', '/status/promoteFull', '/status/abort']]);
  });

  it('that never becomes ready is Degraded, which is no abort', async () => {
    const degraded = {
      phase: 'Degraded',
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    };
    const { act, observe, sent } = aPlace({
      rollout: anObject({ status: degraded }),
      controller: controllerOf,
    });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await act()).toEqual({});

    expect(brief(sent)).toEqual([['rollouts/status', '/status/promoteFull', '/status/abort']]);
  });

  it('as a shadow, which has no user, is aborted too: the controller takes the mirror route away', async () => {
    const steps = [{ setMirrorRoute: { name: 'shadow', percentage: 100 } }, { pause: {} }];
    const { act, observe, sent } = aPlace({
      rollout: anObject({
        spec: { strategy: { canary: { trafficRouting: { istio: {} }, steps } } },
        status: { canary: { weights: weights(0, BAD) } },
      }),
      controller: controllerOf,
    });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await act()).toEqual({});

    expect(brief(sent)).toEqual([['rollouts/status', '/status/promoteFull', '/status/abort']]);
  });

  it('with an experiment is not gone before the experiment has no requests left', async () => {
    const canary = (weight: number) => ({
      currentExperiment: 'model-svc-7b9d5f4c6-2-0',
      weights: { ...weights(0, BAD), additional: [{ weight, podTemplateHash: OTHER }] },
    });
    const running = aPlace({ rollout: withStatus(anObject(), { ...ABORTED, canary: canary(5) }) });
    const ended = aPlace({ rollout: withStatus(anObject(), { ...ABORTED, canary: canary(0) }) });

    expect(await running.observe()).toMatchObject({ value: BAD, progress: 'under-way' });
    expect(await ended.observe()).toMatchObject({ value: GOOD, progress: 'aborted' });
  });

  it('is not gone before a load balancer that confirms its weights has done so', async () => {
    const canary = { weights: { ...weights(0, BAD), verified: false } };

    const { observe } = aPlace({ rollout: withStatus(anObject(), { ...ABORTED, canary }) });

    expect(await observe()).toMatchObject({ value: BAD, progress: 'under-way' });
  });
});

describe('F30: a bad version that was promoted in full', () => {
  const promoted = () => anObject({ status: complete(BAD) });

  it('is never aborted, which would be dropped: the good template goes back, then that is promoted', async () => {
    const { act, observe, sent } = aPlace({ rollout: promoted(), controller: controllerOf });

    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts', 'rollouts/status']);
    expect(sent[0]?.body).toEqual([
      ...tests(BAD, BAD),
      {
        op: 'replace',
        path: '/spec/template',
        value: {
          metadata: { labels: { app: 'model-svc' } },
          spec: { containers: [{ name: 'model', image: `model:${GOOD}` }] },
        },
      },
      { op: 'add', path: '/metadata/annotations/reinstate~1incident', value: 'i-1' },
      { op: 'add', path: '/metadata/annotations/reinstate~1fence', value: '7' },
    ]);
    expect(sent[1]?.body).toEqual([
      ...tests(GOOD, BAD, 6),
      { op: 'add', path: '/status/abort', value: false },
      { op: 'add', path: '/status/promoteFull', value: true },
    ]);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'complete' });
  });

  it('within the rollbackWindow needs no promotion: the controller skips the steps by itself', async () => {
    const { act, sent } = aPlace({
      rollout: promoted(),
      controller: (object, patch) => withStatus(controllerOf(object, patch), complete(GOOD)),
    });

    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts']);
  });

  it('is promoted away only once the controller has seen the good template: too early it is lost', async () => {
    const { act, sent, clock } = aPlace({
      rollout: promoted(),
      controller: (object, patch) =>
        patch.to === 'rollouts'
          ? { ...object, metadata: { ...object.metadata, generation: 6 } }
          : controllerOf(object, patch),
      passing: (object, looks) => (looks === 8 ? controllerOf(object, { to: 'rollouts' } as Sent) : object),
    });

    await expect(act()).resolves.toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts', 'rollouts/status']);
    expect(clock.now()).toBeGreaterThanOrEqual(1000);
  });

  it('is being given up, not gone, until the controller has begun to promote the good one', async () => {
    const promote = { currentPodHash: GOOD, stableRS: BAD, promoteFull: true };
    const asked = aPlace({ rollout: anObject({ status: promote }) });
    const begun = aPlace({
      rollout: anObject({ status: { ...promote, currentStepIndex: 2, pauseConditions: undefined } }),
    });

    expect(await asked.observe()).toMatchObject({ value: BAD });
    expect(await begun.observe()).toMatchObject({ value: GOOD, progress: 'under-way' });
  });

  it('and paused by hand: promotes, then ends the pause that would hold it', async () => {
    const { act, sent } = aPlace({
      rollout: anObject({ spec: { paused: true }, status: { currentPodHash: GOOD, stableRS: BAD } }),
      controller: (object, { to }) =>
        to === 'rollouts' ? withStatus(object, { ...complete(GOOD), promoteFull: undefined }) : object,
    });

    expect(await act()).toEqual({});

    expect(brief(sent)).toEqual([
      ['rollouts/status', '/status/abort', '/status/promoteFull'],
      ['rollouts', '/spec/paused'],
    ]);
  });

  it('keeps its requests where the good ReplicaSet is gone', async () => {
    const { act, observe, sent } = aPlace({ rollout: promoted(), sets: [aReplicaSet(BAD)] });

    expect((await observe()).candidate).toEqual({ value: GOOD, fit: 'missing' });
    await expect(act()).rejects.toThrow(
      'Cannot put "6d8f7c9b5" back in Rollout "model-svc" in "ml" of cluster "shop": its ReplicaSet is gone (spec.revisionHistoryLimit)',
    );
    expect(sent).toEqual([]);
  });

  it('keeps its requests where a ReplicaSet of that hash belongs to another Rollout', async () => {
    const stranger = aReplicaSet(GOOD, {
      metadata: { ownerReferences: [{ apiVersion: 'x', kind: 'Rollout', name: 'other', uid: 'uid-2' }] },
    });
    const { act, observe } = aPlace({ rollout: promoted(), sets: [stranger] });

    expect((await observe()).candidate?.fit).toBe('missing');
    await expect(act()).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });
});

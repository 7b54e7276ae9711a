import { describe, expect, it } from '@jest/globals';
import { OutsideRefusal } from '../../../lib/core/errors.ts';
import { looked, operations, outOfSync, push } from './a-push.ts';
import {
  AUTOMATED,
  anApplication,
  BAD,
  type Manifest,
  ORDER,
  REVERT,
  ran,
  SOURCE,
  standing,
} from './an-application.ts';

describe('a sync that nobody else would begin', () => {
  const off = {
    source: SOURCE,
    syncPolicy: { automated: { ...AUTOMATED, enabled: false }, syncOptions: ['ServerSideApply=true'] },
  };

  it('is begun once where auto-sync is off: at the pushed commit, with the options of the policy', async () => {
    const { done, sent } = push({
      manifest: anApplication({ spec: off }),
      meanwhile: (now) => {
        looked(now, outOfSync(REVERT));
        if (now.operation) {
          delete now.operation;
          now.status = standing(REVERT);
        }
      },
    });

    await done;
    expect(operations(sent)).toEqual([
      [
        { op: 'test', path: '/metadata/resourceVersion', value: '2' },
        {
          op: 'add',
          path: '/operation',
          value: {
            initiatedBy: { username: 'reinstate' },
            info: [{ name: 'Reinstate-Incident', value: ORDER.incident }],
            sync: { revision: REVERT, prune: true, syncOptions: ['ServerSideApply=true'] },
          },
        },
      ],
    ]);
  });

  it('is tried once more where it failed before we came: auto-sync never tries a commit again', async () => {
    const { done, sent } = push({
      manifest: anApplication({
        status: { ...outOfSync(REVERT), operationState: ran('Failed', REVERT, 'webhook down') },
      }),
      meanwhile: (now) => {
        looked(now, {});
        if (now.operation) {
          delete now.operation;
          now.status = standing(REVERT);
        }
      },
    });

    await done;
    expect(operations(sent)).toHaveLength(1);
  });

  it('is refused with the words of Argo CD where it fails again', async () => {
    const { done } = push({
      meanwhile: (now) => {
        looked(now, {
          ...outOfSync(REVERT),
          operationState: ran('Failed', REVERT, 'one or more objects failed to apply'),
        });
        delete now.operation;
      },
    });

    await expect(done).rejects.toBeInstanceOf(OutsideRefusal);
    await expect(done).rejects.toThrow('its sync failed: one or more objects failed to apply');
  });

  it('is refused where Argo CD has tried it three times, and waited for before', async () => {
    const { done, clock } = push({
      meanwhile: (now, seconds) => {
        const failing = { ...ran('Running', REVERT, 'failed to apply'), finishedAt: 'a moment ago' };
        looked(now, outOfSync(REVERT));
        now.status = { ...now.status, operationState: { ...failing, retryCount: Math.floor(seconds / 10) } };
      },
    });

    await expect(done).rejects.toThrow('its sync failed: failed to apply');
    expect(clock.now()).toBe(20_000);
  });

  it('is asked for again where somebody wrote in between', async () => {
    const { done, sent } = push({
      manifest: anApplication({ spec: off }),
      refusals: [
        { status: 200, json: anApplication({ spec: off }) },
        { status: 422, message: 'test failed' },
      ],
      meanwhile: (now) => {
        now.status = { ...now.status, ...outOfSync(REVERT) };
        if (now.operation) {
          delete now.operation;
          now.status = standing(REVERT);
        }
      },
    });

    await done;
    expect(operations(sent)).toHaveLength(1);
  });
});

describe('a sync that is in the way', () => {
  const busy = (automated: boolean) =>
    anApplication({
      operation: { initiatedBy: { automated }, sync: { revision: BAD } },
      status: standing(BAD, {
        operationState: ran('Running', BAD, 'waiting for healthy state of Rollout/churn'),
      }),
    });
  const endsWhenTold = (now: Manifest) => {
    looked(now, {});
    if (!JSON.stringify(now.status).includes('"Terminating"')) return;
    delete now.operation;
    now.status = standing(REVERT);
  };

  it('is ended after 5 s where auto-sync began it for the bad commit: it waits for a release that never is healthy', async () => {
    const { done, sent, clock } = push({ manifest: busy(true), meanwhile: endsWhenTold });

    await done;
    expect(operations(sent)).toEqual([
      [expect.anything(), { op: 'replace', path: '/status/operationState/phase', value: 'Terminating' }],
    ]);
    expect(clock.now()).toBe(5500);
  });

  it('is ended at once where it failed and is tried again, which takes minutes', async () => {
    const failing = {
      ...ran('Running', BAD, 'one or more objects failed to apply'),
      finishedAt: 'a moment ago',
    };
    const manifest = anApplication({
      operation: { initiatedBy: { automated: true } },
      status: standing(BAD, { operationState: failing }),
    });
    const { done, clock } = push({ manifest, meanwhile: endsWhenTold });

    await done;
    expect(clock.now()).toBe(500);
  });

  it('is left to the person who began it', async () => {
    const { done, sent } = push({ manifest: busy(false), meanwhile: endsWhenTold }, { seconds: 20 });

    await expect(done).rejects.toThrow('sync running: waiting for healthy state of Rollout/churn');
    expect(operations(sent)).toEqual([]);
  });
});

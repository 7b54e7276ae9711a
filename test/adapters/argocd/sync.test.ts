import { describe, expect, it } from '@jest/globals';
import { OutsideRefusal, OutsideTrouble } from '../../../lib/core/errors.ts';
import {
  AUTOMATED,
  anApplication,
  BAD,
  type Fake,
  type Fields,
  LATER,
  LEVER,
  type Manifest,
  ORDER,
  REVERT,
  ran,
  SOURCE,
  standing,
  syncing,
} from './an-application.ts';

const REFRESH = 'argocd.argoproj.io/refresh';
const asked = ({ metadata }: Manifest) => metadata.annotations?.[REFRESH];

/** Argo CD answers a refresh once it has looked, with this. */
const looked = (now: Manifest, status: Fields): void => {
  if (!asked(now)) return;
  delete now.metadata.annotations?.[REFRESH];
  now.status = { ...now.status, ...status };
};
const outOfSync = (revision: string) => ({ sync: { status: 'OutOfSync', revision } });

function push(fake: Fake, { seconds = 60 } = {}) {
  const made = syncing(fake);
  const reached = [REVERT, LATER];
  const order = {
    ...ORDER,
    commit: REVERT,
    reaches: async (revision: string) => reached.includes(revision),
    until: seconds * 1000,
  };
  return { ...made, done: made.syncer.afterPush(LEVER, order) };
}

const operations = (sent: readonly { body: unknown }[]) =>
  sent
    .map(({ body }) => body)
    .filter((body): body is { path: string; value: unknown }[] => Array.isArray(body));

describe('F39: after a push, Argo CD', () => {
  it('is asked to look, and is done once it is Synced at the commit by a sync of its own', async () => {
    const { done, sent, clock } = push({
      meanwhile: (now, seconds) => {
        if (seconds >= 1) looked(now, { ...outOfSync(REVERT), operationState: ran('Running', REVERT) });
        if (seconds >= 2) now.status = standing(REVERT);
      },
    });

    await done;
    expect(sent).toEqual([
      { type: 'merge-patch', body: { metadata: { annotations: { [REFRESH]: 'normal' } } } },
    ]);
    expect(clock.now()).toBe(2000);
  });

  it('is done at a later commit of somebody else too, and not at the bad one that it still calls Synced', async () => {
    const { done, clock } = push({
      meanwhile: (now, seconds) => {
        if (seconds >= 1) looked(now, {});
        if (seconds >= 3) now.status = standing(LATER);
      },
    });

    await done;
    expect(clock.now()).toBe(3000);
  });

  it('is done where the commit changes nothing there, so that no sync of it ever runs', async () => {
    const { done } = push({
      meanwhile: (now) => looked(now, { sync: { status: 'Synced', revision: REVERT } }),
    });

    await done;
  });

  it('F42: is asked to forget what it keeps where it could not compare, and a Healthy meanwhile is nothing', async () => {
    const conditions = [{ type: 'ComparisonError', message: 'connection refused' }];
    const { done, sent } = push({
      manifest: anApplication({ status: standing(REVERT, { conditions }) }),
      meanwhile: (now, seconds) => {
        if (seconds >= 2) looked(now, { ...standing(REVERT), conditions: [] });
      },
    });

    await done;
    expect(sent[0]?.body).toMatchObject({ metadata: { annotations: { [REFRESH]: 'hard' } } });
  });

  it('F42: is not waited for longer than there is time, and the trouble says what is missing', async () => {
    const conditions = [{ type: 'ComparisonError', message: 'failed to list refs: connection refused' }];
    const { done, clock } = push({ meanwhile: (now) => looked(now, { conditions }) }, { seconds: 10 });

    await expect(done).rejects.toBeInstanceOf(OutsideTrouble);
    await expect(done).rejects.toThrow(
      'Cannot sync Application "churn" in "argocd" to 333333333333 in time: sync unknown: failed to list refs',
    );
    expect(clock.now()).toBeLessThanOrEqual(10_000);
  });
});

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

  it('is left to the person who began it', async () => {
    const { done, sent } = push({ manifest: busy(false), meanwhile: endsWhenTold }, { seconds: 20 });

    await expect(done).rejects.toThrow('sync running: waiting for healthy state of Rollout/churn');
    expect(operations(sent)).toEqual([]);
  });
});

describe('what Git no longer has', () => {
  it('is told where the policy does not prune it, at once', async () => {
    const resources = [{ kind: 'Service', name: 'extra', status: 'OutOfSync', requiresPruning: true }];
    const { done, clock } = push({
      meanwhile: (now) =>
        looked(now, { ...outOfSync(REVERT), operationState: ran('Succeeded', REVERT), resources }),
    });

    await expect(done).rejects.toThrow(
      '1 of its objects (Service extra) are no longer in Git, and its policy does not prune',
    );
    expect(clock.now()).toBeLessThan(2000);
  });
});

it('an Application that is pointed elsewhere while it is waited for is not waited for any longer', async () => {
  const { done } = push({
    meanwhile: (now) => Object.assign(now.spec, { source: { ...SOURCE, targetRevision: 'v1' } }),
  });

  await expect(done).rejects.toThrow('it follows revision "v1"');
});

import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import { looked, outOfSync, push, REFRESH } from './a-push.ts';
import { anApplication, BAD, type Fields, LATER, REVERT, ran, SOURCE, standing } from './an-application.ts';

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

  it('F42: is asked again where it forgets that it could not compare, and the trouble does not forget', async () => {
    const conditions = [{ type: 'ComparisonError', message: 'connection refused' }];
    const { done, sent } = push(
      {
        meanwhile: (now, seconds) => {
          looked(now, { conditions });
          if (seconds % 2 === 0) now.status = standing(BAD);
        },
      },
      { seconds: 10 },
    );

    await expect(done).rejects.toThrow('in time: sync unknown: connection refused');
    expect(sent.length).toBeGreaterThan(3);
  });
});

describe('what Git no longer has', () => {
  const surplus = { kind: 'Service', name: 'extra', status: 'OutOfSync', requiresPruning: true };
  const kept = { source: SOURCE, syncPolicy: { automated: { selfHeal: true } } };
  const leaving = (resources: Fields[], spec: Fields) =>
    push(
      {
        manifest: anApplication({ spec }),
        meanwhile: (now) =>
          looked(now, { ...outOfSync(REVERT), operationState: ran('Succeeded', REVERT), resources }),
      },
      { seconds: 10 },
    );

  it('is told where the policy does not prune it, at once', async () => {
    const { done, clock } = leaving([surplus], kept);

    await expect(done).rejects.toThrow(
      '1 of its objects (Service extra) are no longer in Git, and its policy does not prune',
    );
    expect(clock.now()).toBeLessThan(2000);
  });

  it('is waited for where it is pruned, or where something else differs too: it may be seen late', async () => {
    await expect(leaving([surplus], anApplication().spec).done).rejects.toThrow('in time: OutOfSync');
    const other = { kind: 'Deployment', name: 'churn', status: 'OutOfSync' };
    await expect(leaving([surplus, other], kept).done).rejects.toThrow('in time: OutOfSync');
  });
});

it('an Application that is pointed elsewhere while it is waited for is not waited for any longer', async () => {
  const { done } = push({
    meanwhile: (now) => Object.assign(now.spec, { source: { ...SOURCE, targetRevision: 'v1' } }),
  });

  await expect(done).rejects.toThrow('it follows revision "v1"');
});

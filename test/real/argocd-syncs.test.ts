/** Syncs of a real Argo CD that go wrong, what the adapter may do, and the Git host that refuses a push. */
import { describe, expect, it } from '@jest/globals';
import { OutsideRefusal } from '../../lib/core/errors.ts';
import { inOneScene } from './helpers/argocd-in-one-scene.ts';
import { type ArgoScene, deployment, imageNamed, until } from './helpers/argocd-scene.ts';

let scene: ArgoScene;
const { ship, push } = inOneScene((made) => {
  scene = made;
});

describe('a sync that Argo CD does not begin or end by itself', () => {
  it('is begun by us where auto-sync is off', async () => {
    const lever = await scene.application('manual', {});
    const commit = await ship('manual', 'v2');

    expect(await scene.imageOf('manual')).toBe(imageNamed('v2'));
    expect(await scene.syncer.observe(lever)).toMatchObject({ revision: commit, auto: false });
    expect(await scene.field('manual', '.status.operationState.operation.initiatedBy.username')).toBe(
      'reinstate',
    );
  });

  it('is ended where it waits for a bad release that never is ready', async () => {
    await scene.application('stuck');
    const wave = { metadata: { name: 'stuck-later', annotations: { 'argocd.argoproj.io/sync-wave': '1' } } };
    await scene.repository.commit('A release that never is ready, and what waits for it', {
      'stuck/deployment.yaml': deployment('stuck', 'none'),
      'stuck/later.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...wave }),
    });
    await scene.refresh('stuck');
    await until('the sync to wait', async () =>
      (await scene.field('stuck', '.status.operationState.message')).includes('waiting for healthy state'),
    );

    await ship('stuck', 'v1');
    expect(await scene.imageOf('stuck')).toBe(imageNamed('v1'));
  });

  it('is refused with the words of Argo CD where it has tried the commit three times', async () => {
    const lever = await scene.application('fraud');
    // The API server takes no other selector for a Deployment that is there.
    const wrong = deployment('fraud', 'v2').replaceAll('"app":"fraud"', '"app":"another"');
    const commit = await scene.repository.commit('Wrong', { 'fraud/deployment.yaml': wrong });

    const asked = scene.syncer.afterPush(lever, scene.order(commit));
    await expect(asked).rejects.toBeInstanceOf(OutsideRefusal);
    await expect(asked).rejects.toThrow(/its sync failed: .*field is immutable/);
  });

  it('is ended where it fails and is tried again for minutes: its revert is synced at once', async () => {
    const began = Date.now();
    await ship('fraud', 'v1');

    expect(Date.now() - began).toBeLessThan(15_000);
    expect(await scene.imageOf('fraud')).toBe(imageNamed('v1'));
  });
});

describe('what the adapter may do', () => {
  it('is what its Role says: another Application is refused, with the permission that is missing', async () => {
    await expect(scene.syncer.observe(scene.leverOf('other'))).rejects.toThrow(
      /lacks the permission to get "applications" of API group "argoproj.io"/,
    );
  });
});

describe('the Git host', () => {
  it('refuses a push to a protected branch, and takes a pull request with it', async () => {
    const { repository, gitops } = scene;
    await repository.protect();
    await expect(push('manual', 'v5')).rejects.toThrow('Gitea said 403');
    const head = await repository.head();
    await gitops.gitea.call('POST', `/repos/${repository.name}/branches`, {
      new_branch_name: 'fix',
      old_ref_name: head,
    });
    await repository.commit('Fix', { 'manual/deployment.yaml': deployment('manual', 'v5') }, 'fix');
    const made = await gitops.gitea.call('POST', `/repos/${repository.name}/pulls`, {
      head: 'fix',
      base: 'main',
      title: 'Fix',
    });
    expect(made).toMatchObject({ state: 'open', mergeable: expect.anything() });
    await repository.unprotect();
    await push('manual', 'v6');
  });
});

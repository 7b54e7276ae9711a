/** The adapter of Argo CD on a real one, which follows a real Gitea: what a push does, what is undone, what holds. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { ownerOf } from '../../lib/adapters/levers/owner.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { stickingLever } from '../../lib/core/spec-owner.ts';
import { aDeployment, aService } from '../service-builders.ts';
import { inOneScene } from './helpers/argocd-in-one-scene.ts';
import {
  type ArgoScene,
  AUTOMATED,
  applicationOf,
  deployment,
  imageNamed,
  NAMESPACE,
  named,
  until,
} from './helpers/argocd-scene.ts';

let scene: ArgoScene;
const { ship, push } = inOneScene((made) => {
  scene = made;
});
const incident = { incident: 'churn-20261121T120000-0a1b2c3d', fence: 1 };

const setImage = (name: string, version: string) =>
  scene.kubectl('set', 'image', `deployment/${name}`, `model=${imageNamed(version)}`, '-n', NAMESPACE);

describe('F39: a commit under auto-sync', () => {
  it('is synced within seconds of our refresh, the bad one and its revert', async () => {
    const lever = await scene.application('churn');
    const bad = await ship('churn', 'v2');
    expect(await scene.syncer.observe(lever)).toMatchObject({ revision: bad, auto: true, selfHeal: true });
    expect(await scene.imageOf('churn')).toBe(imageNamed('v2'));

    const began = Date.now();
    const revert = await ship('churn', 'v1');
    const state = await scene.syncer.observe(lever);
    expect(state).toMatchObject({ revision: revert });
    expect(state.unsynced).toBeUndefined();
    expect(await scene.imageOf('churn')).toBe(imageNamed('v1'));
    expect(Date.now() - began).toBeLessThan(20_000);
    await until('Healthy', async () => (await scene.syncer.observe(lever)).health === 'Healthy');
  });
});

describe('F40: what is changed past Git', () => {
  it('is undone by selfHeal, so that the plan refuses to try', async () => {
    await setImage('churn', 'v3');
    await until('the change to be undone', async () => (await scene.imageOf('churn')) === imageNamed('v1'));

    const read = await scene.kubectl('get', 'deployment', 'churn', '-n', NAMESPACE, '-o', 'json');
    const owner = ownerOf((JSON.parse(read) as { metadata: Parameters<typeof ownerOf>[0] }).metadata);
    expect(owner).toMatchObject({ kind: 'argocd', application: named('churn') });
    const lever = aDeployment({ cluster: 'test', namespace: NAMESPACE, deployment: 'churn' });
    const service = aService({ levers: [lever] });
    expect(stickingLever({ service, lever, release: {} }, { ...(owner && { owner }) })).toEqual({
      objection: expect.stringContaining('would undo the change'),
    });
  });

  it('holds under a freeze, which keeps the policy and gives it back', async () => {
    const lever = scene.leverOf('churn');
    expect(await scene.syncer.freeze(lever, incident)).toMatch(/is off, so nothing is synced$/);
    await setImage('churn', 'v3');
    const commit = await scene.repository.commit('A note', {
      'churn/note.txt': 'nothing is deployed from it',
    });
    await scene.syncer.freeze(lever, incident);
    expect(await scene.syncer.observe(lever)).toMatchObject({ auto: false, frozenBy: incident.incident });
    expect(await scene.imageOf('churn')).toBe(imageNamed('v3'));

    await scene.syncer.afterPush(lever, scene.order(commit));
    expect(JSON.parse(await scene.field('churn', '.spec.syncPolicy'))).toEqual(AUTOMATED);
    await until('Git to be live again', async () => (await scene.imageOf('churn')) === imageNamed('v1'));
  });

  it('an operation at an old commit is undone by auto-sync as well', async () => {
    const old = await scene.repository.head();
    const commit = await ship('churn', 'v4');
    const operation = { operation: { initiatedBy: { username: 'somebody' }, sync: { revision: old } } };
    const [name, namespace] = [named('churn'), scene.gitops.namespace];
    await scene.kubectl(
      'patch',
      'application',
      name,
      '-n',
      namespace,
      '--type=merge',
      '-p',
      JSON.stringify(operation),
    );

    await until('the old commit to be synced', async () => {
      const history = JSON.parse(await scene.field('churn', '.status.history')) as { revision: string }[];
      const revisions = history.map(({ revision }) => revision);
      return revisions.lastIndexOf(old) > revisions.indexOf(commit);
    });
    await until('the new one again', async () => (await scene.imageOf('churn')) === imageNamed('v4'));
  });
});

describe('F42: a Git server that goes down between push and sync', () => {
  let commit = '';
  afterAll(() => scene.gitops.start('gitea'));

  it('leaves a Healthy that is not believed, and is not waited for without end', async () => {
    const lever = scene.leverOf('churn');
    await until('Argo CD to look nowhere', async () => {
      const last = Date.parse(await scene.field('churn', '.status.reconciledAt'));
      return Date.now() - last > 4000;
    });
    commit = await push('churn', 'v1');
    await scene.gitops.stop('gitea');
    const asked = scene.syncer.afterPush(lever, scene.order(commit, 10));
    await expect(asked).rejects.toBeInstanceOf(OutsideTrouble);
    await expect(asked).rejects.toThrow('in time: sync unknown:');

    // The next change of a pod brings back a Synced of the commit that it knows, and no word of trouble.
    const state = await until('it to say that it cannot compare', async () => {
      await scene.refresh('churn');
      const seen = await scene.syncer.observe(lever);
      return seen.unsynced !== undefined && seen;
    });
    expect(state.unsynced).toMatch(/^sync unknown: .*(refused|connect)/);
    expect(state.health).toBe('Healthy');
    expect(await scene.imageOf('churn')).toBe(imageNamed('v4'));
  });

  it('is recovered from while it is waited for', async () => {
    const lever = scene.leverOf('churn');
    const asked = scene.syncer.afterPush(lever, scene.order(commit));
    await scene.gitops.start('gitea');

    await asked;
    expect(await scene.imageOf('churn')).toBe(imageNamed('v1'));
    expect((await scene.syncer.observe(lever)).unsynced).toBeUndefined();
  });
});

describe('an Application of an app of apps', () => {
  /** Its own manifest stands in Git too, with this policy. */
  const child = (automated: object) =>
    JSON.stringify(
      applicationOf({
        name: 'child',
        namespace: scene.gitops.namespace,
        url: scene.repository.url,
        policy: { automated },
      }),
    );

  it('is known by its parent, and stays frozen where the parent does not write `enabled`', async () => {
    const { repository, gitops } = scene;
    await repository.commit('The child', {
      'apps/child.yaml': child(AUTOMATED.automated),
      'child/deployment.yaml': deployment('child', 'v1'),
    });
    const url = repository.url;
    const root = applicationOf({ name: 'apps', namespace: gitops.namespace, url, policy: AUTOMATED });
    await scene.cluster.run('kubectl', ['apply', '-f', '-'], JSON.stringify(root));
    const lever = scene.leverOf('child');
    const seen = await until('the child to be synced', async () => {
      const state = await scene.syncer.observe(lever);
      return state.unsynced === undefined && state;
    });
    expect(seen.parent).toBe(`Application ${named('apps')}`);

    expect(await scene.syncer.freeze(lever, incident)).toMatch(/is off, so nothing is synced$/);
    await scene.syncer.thaw(lever, incident);
    expect((await scene.syncer.observe(lever)).auto).toBe(true);
  });

  it('is turned on again by a parent that does, and the freeze is said not to hold', async () => {
    const lever = scene.leverOf('child');
    await scene.repository.commit('Always', {
      'apps/child.yaml': child({ ...AUTOMATED.automated, enabled: true }),
    });
    await scene.refresh('apps');
    await until('the parent to write it', async () =>
      (await scene.field('child', '.spec')).includes('"enabled":true'),
    );

    expect(await scene.syncer.freeze(lever, incident)).toContain(
      `Application ${named('apps')} turned it on again: the freeze does not hold`,
    );
    expect((await scene.syncer.observe(lever)).frozenBy).toBeUndefined();
  });
});

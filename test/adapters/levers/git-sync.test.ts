/** The Git lever with an Application: over the twins of Git and of Argo CD. */
import { describe, expect, it } from '@jest/globals';
import {
  applicationTarget,
  commitFiles,
  makeRepository,
  memoryGit,
  startApplication,
} from '../../../lib/adapters/memory/git.ts';
import { applyImages, rolloutAt, startRollout } from '../../../lib/adapters/memory/rollout.ts';
import { memoryWorld } from '../../../lib/adapters/memory/world.ts';
import { OutsideRefusal, OutsideTrouble } from '../../../lib/core/errors.ts';
import { pullTo } from '../../contracts/git-scene.ts';
import { aBranch, anArmedService } from '../../service-builders.ts';

const ROLLOUT = 'rollout:shop/ml/model-svc';
const FILE = 'model-svc/rollout.yaml';

function aSyncedService() {
  const world = memoryWorld();
  const { application = { cluster: '', namespace: '', name: '' }, ...others } = aBranch();
  const lever = { ...others, application };
  const repository = makeRepository(world, lever.repository);
  const ship = (tag: string) =>
    commitFiles(world, lever.repository, { files: { [FILE]: `app: web:${tag}\n` }, message: `Ship ${tag}` });
  const good = ship('v1');
  startRollout(world, ROLLOUT, {
    images: { app: 'web:v0' },
    owner: { kind: 'argocd', application: 'model-svc' },
  });
  const app = startApplication(world, applicationTarget(lever), {
    name: 'model-svc',
    repository: lever.repository,
    branch: 'main',
    deploys: { [ROLLOUT]: FILE },
  });
  const port = memoryGit(world)(anArmedService());
  const synced = async () => {
    app.refreshAt = world.clock.now();
    for (let n = 0; n < 4; n += 1) {
      await world.clock.sleep(500);
      await port.observe(lever);
    }
  };
  return {
    world,
    lever,
    repository,
    app,
    port,
    good,
    ship,
    synced,
    live: () => rolloutAt(world, ROLLOUT).images['app'],
  };
}

describe('the Git lever with an Application of Argo CD sees', () => {
  it('what is synced as the value, and what Git says as what comes next', async () => {
    const { lever, port, good, ship, synced } = aSyncedService();
    expect(await port.observe(lever, good)).toMatchObject({
      value: good,
      sync: { application: 'model-svc', auto: true, selfHeal: true, health: 'Suspended' },
    });
    const bad = ship('v2');
    expect(await port.observe(lever, good)).toMatchObject({ value: good, spec: bad, revision: bad });

    await synced();

    const seen = await port.observe(lever, good);
    expect(seen).toMatchObject({ value: bad, revision: bad });
    expect(seen.spec).toBeUndefined();
  });

  it('F40: what a person has put back by hand as what was asked for, also as it is served', async () => {
    const { lever, port, good, ship, synced } = aSyncedService();
    ship('v2');
    const byHand = ship('v1');
    await synced();

    expect((await port.served(lever, good))?.[0]).toBe(good);
    expect((await port.served(lever))?.[0]).toBe(byHand);
  });

  it('a sync that failed as no value that could be wanted', async () => {
    const { lever, port, app, ship, synced } = aSyncedService();
    app.failing = 'the namespace is gone';
    const bad = ship('v2');
    await synced();

    expect((await port.observe(lever)).value).toBe(`${bad} (sync failed: the namespace is gone)`);
    expect(await port.served(lever)).toEqual([
      expect.stringContaining('sync failed'),
      bad, // what Git itself holds: the next sync brings it
      expect.stringMatching(/^application model-svc is/),
    ]);
  });

  it('what Git holds beside what is synced: users get it with the next sync', async () => {
    const { lever, port, good, ship, synced } = aSyncedService();
    await synced();
    expect(await port.served(lever)).toContain(good);
    const bad = ship('v2');

    expect((await port.served(lever, good))?.slice(0, 2)).toEqual([good, bad]);
  });

  it('F42: Git that cannot be read: what Argo CD had, and no candidate', async () => {
    const { lever, port, repository, good } = aSyncedService();
    repository.state = 'down';

    const seen = await port.observe(lever, good);

    expect(seen).toMatchObject({ value: good, spec: expect.stringMatching(/^unknown \(Cannot reach/) });
    expect(seen.candidate).toBeUndefined();
  });

  it('refuses an Application that follows another branch', async () => {
    const { lever, port } = aSyncedService();

    await expect(port.observe({ ...lever, branch: 'next' })).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: 'Cannot use application "model-svc": it follows "main", the lever\'s branch is "next"',
    });
  });
});

describe('the Git lever with an Application of Argo CD', () => {
  it('pushes, asks for a refresh, and comes back when it is synced', async () => {
    const { world, lever, port, good, ship, synced, live } = aSyncedService();
    ship('v2');
    await synced();
    expect(live()).toBe('web:v2');
    const began = world.clock.now();

    expect((await pullTo({ port, lever }, good)).conflict).toBeUndefined();

    expect(live()).toBe('web:v1');
    expect((await port.observe(lever, good)).value).toBe(good);
    expect(world.clock.now() - began).toBeLessThanOrEqual(2000);
  });

  it('waits for no more than a sync where a person has returned Git already', async () => {
    const { lever, port, repository, good, ship, synced, live } = aSyncedService();
    ship('v2');
    await synced();
    const byHand = ship('v1');

    expect(await pullTo({ port, lever }, good)).toEqual({ revision: byHand });

    expect(repository.branches.get('main')).toBe(byHand);
    expect(live()).toBe('web:v1');
  });

  it('a newer commit of somebody else that is synced has ours in it', async () => {
    const { world, lever, port, good, ship, synced } = aSyncedService();
    ship('v2');
    await synced();
    world.trouble.interleave('argocd.PatchApplication', () => {
      commitFiles(world, lever.repository, { files: { 'fraud/a.yaml': 'app: x\n' } });
    });

    expect((await pullTo({ port, lever }, good)).conflict).toBeUndefined();
    expect((await port.observe(lever, good)).value).toBe(good);
  });

  it('F42: Git goes down before the push: auto-sync is off, and it says what will drift', async () => {
    const { lever, port, repository, app, good, ship, synced } = aSyncedService();
    ship('v2');
    await synced();
    const before = await port.observe(lever, good);
    repository.state = 'down';

    const { conflict } = await pullTo({ port, lever }, good, { before });

    expect(conflict).toBe(
      'Git at git.example.com cannot be reached: Cannot reach https://git.example.com/shop/deploy.git: connect ' +
        'ECONNREFUSED; auto-sync of application model-svc is off; it will drift until model-svc is returned to ' +
        `${good.slice(0, 7)} in Git`,
    );
    expect(app).toMatchObject({ auto: false, frozenBy: 'churn-20261121T090000-0123abcd' });

    repository.state = 'up';
    const seen = await port.observe(lever, good);
    expect(seen.spec).toMatch(/auto-sync is off since churn-/);
    expect((await pullTo({ port, lever }, good)).conflict).toBeUndefined();
    expect(app).toMatchObject({ auto: true, frozenBy: undefined });
    expect((await port.observe(lever, good)).value).toBe(good);
  });

  it.each([
    ['does not answer', new OutsideTrouble('Cannot reach the API')],
    ['wants other credentials', new OutsideRefusal('Cannot open a pull request: it answered 403')],
  ])(
    'a host whose API %s is no Git that is down: the branch is there, nothing is frozen',
    async (_, error) => {
      const scene = aSyncedService();
      const { world, app, good, ship, synced, repository } = scene;
      ship('v2');
      await synced();
      repository.declines = (branch) => (branch === 'main' ? 'protected' : undefined);
      world.trouble.failNext('git.OpenRequest', error, { times: 3 });

      const { conflict } = await pullTo(scene, good);

      expect(conflict).toContain(`has the return: merge it; no request is open (${error.message})`);
      expect(app.auto).toBe(true);
    },
  );

  it('F42: Git goes down between push and sync: trouble, and the next try finds it good', async () => {
    const { world, lever, port, repository, app, good, ship, synced } = aSyncedService();
    ship('v2');
    await synced();
    const before = await port.observe(lever, good);
    world.trouble.interleave('argocd.PatchApplication', () => {
      repository.state = 'down';
    });

    await expect(pullTo({ port, lever }, good, { before })).rejects.toMatchObject({ name: 'OutsideTrouble' });
    expect(app.auto).toBe(true);

    repository.state = 'up';
    expect((await pullTo({ port, lever }, good, { before })).conflict).toBeUndefined();
  });

  it('F43: what is changed past Git, selfHeal undoes within two seconds', async () => {
    const { world, lever, port, live } = aSyncedService();
    applyImages(world, ROLLOUT, { app: 'web:by-hand' });
    await port.observe(lever);
    expect(live()).toBe('web:by-hand');

    await world.clock.sleep(2000);
    await port.observe(lever);

    expect(live()).toBe('web:v1');
  });

  it('a sync that fails at our commit is a refusal with its reason', async () => {
    const { lever, port, app, good, ship, synced } = aSyncedService();
    ship('v2');
    await synced();
    app.failing = 'quota exceeded';

    await expect(pullTo({ port, lever }, good)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: 'Cannot sync application model-svc: quota exceeded',
    });
  });
});

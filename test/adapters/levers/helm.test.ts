import { describe, expect, it } from '@jest/globals';
import { helm } from '../../../lib/adapters/levers/helm.ts';
import { putImages, rollBackByHand, upgradeRelease } from '../../../lib/adapters/memory/helm.ts';
import { startRollout } from '../../../lib/adapters/memory/rollout.ts';
import { handsOn, web } from '../../contracts/helm-hands.ts';
import { describeHelmLever, type HelmPlace } from '../../contracts/helm-lever.ts';
import { type FakeCluster, fakeCluster } from './helm-cluster.ts';

const portOf = ({ armed, world, secrets, run }: FakeCluster, over: object = {}) =>
  helm({ clock: world.clock, secrets, run, random: () => 1, ...over })(armed);

const order = { to: '1', incident: 'i', fence: 7, before: { value: '2' } };

describeHelmLever('the adapter over a cluster in memory', aPlace, {
  good: 'web:1',
  bad: 'web:2',
  other: 'web:x',
});

async function aPlace(): Promise<HelmPlace> {
  const cluster = await fakeCluster();
  return { port: portOf(cluster), lever: cluster.lever, ...handsOn(cluster.world, cluster.target) };
}

describe('the Helm lever', () => {
  it('reads the release by its labels, once for each look', async () => {
    const cluster = await fakeCluster();

    await portOf(cluster).observe(cluster.lever, '1');

    expect(cluster.asked()).toEqual([
      'GET /api/v1/namespaces/ml/secrets?labelSelector=owner%3Dhelm%2Cname%3Dmodel-svc',
    ]);
  });

  it('runs Helm with the revision, keeps all history, waits for nothing, and ends its options', async () => {
    const cluster = await fakeCluster();

    await portOf(cluster).act(cluster.lever, order);

    expect(cluster.runs).toEqual([
      [
        'rollback',
        '--namespace',
        'ml',
        '--timeout',
        '12s',
        '--history-max',
        '0',
        '--server-side=false',
        '--',
        'model-svc',
        '1',
      ],
    ]);
  });

  it('refuses to act in a function that only reads', async () => {
    const cluster = await fakeCluster();
    const port = portOf(cluster, { run: undefined });

    await expect(port.act(cluster.lever, order)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(
        /^Cannot roll back release "model-svc" in "ml" of cluster "shop": this function only reads$/,
      ),
    });
    expect((await port.observe(cluster.lever)).value).toBe('2');
  });

  it('refuses a cluster that was not armed', async () => {
    const { lever, armed, world, secrets, run } = await fakeCluster();
    const port = helm({ clock: world.clock, secrets, run })({ ...armed, clusters: {} });

    await expect(port.observe(lever)).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });

  it('asks the service itself what it serves, where the lever says where', async () => {
    const cluster = await fakeCluster();
    const served = { url: 'http://127.0.0.1:1/served', path: 'revision' };

    await expect(portOf(cluster).served({ ...cluster.lever, served })).rejects.toThrow(/127.0.0.1:1/);
    expect(cluster.asked()).toEqual([]);
  });

  it.each([
    ['-x', 'release'],
    ['a;rm', 'release'],
    ['--kube-apiserver=evil', 'release'],
    ['../web', 'release'],
    ['a'.repeat(300), 'release'],
    ['Web', 'release'],
    ['a.b', 'release'],
    ['', 'release'],
    ['-x', 'namespace'],
    ['../prod', 'namespace'],
    ['prod/secrets', 'namespace'],
    ['a'.repeat(64), 'namespace'],
  ])('F38: refuses "%s" as %s before anything is asked or run', async (value, field) => {
    const cluster = await fakeCluster();
    const lever = { ...cluster.lever, [field]: value };
    const port = portOf(cluster);

    for (const asked of [() => port.observe(lever), () => port.act(lever, order), () => port.served(lever)])
      await expect(asked()).rejects.toMatchObject({ name: 'BadInput' });
    expect([cluster.asked(), cluster.runs]).toEqual([[], []]);
  });

  it.each(['-1', '0', '1 --force', '1;rm', '9'.repeat(10)])(
    'F38: runs nothing for revision "%s"',
    async (to) => {
      const cluster = await fakeCluster();

      await expect(portOf(cluster).act(cluster.lever, { ...order, to })).rejects.toMatchObject({
        name: 'OutsideRefusal',
      });
      expect(cluster.runs).toEqual([]);
    },
  );

  it('F34: tells of a revision that somebody else made at the same moment as of trouble', async () => {
    const cluster = await fakeCluster();
    const said = 'Error: release: already exists';
    const port = portOf(cluster, { run: async () => ({ code: 1, said }) });

    await expect(port.act(cluster.lever, order)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringContaining('helm said "release: already exists"'),
    });
  });

  it('says that somebody released right after', async () => {
    const cluster = await fakeCluster();
    const { world, target } = cluster;
    const run: FakeCluster['run'] = async (...asked) => {
      const end = await cluster.run(...asked);
      upgradeRelease(world, target, web('web:3'));
      return end;
    };

    expect(await portOf(cluster, { run }).act(cluster.lever, order)).toEqual({
      revision: '4',
      conflict: 'release "model-svc" in "ml" of cluster "shop" came to "4" right after us',
    });
  });

  it('says that an object is written beside Helm, after it was sent whole', async () => {
    const cluster = await fakeCluster();
    const { world, target, runs } = cluster;
    const run: FakeCluster['run'] = async (...asked) => {
      const end = await cluster.run(...asked);
      putImages(world, target, web('web:mine').workloads);
      return end;
    };

    expect(await portOf(cluster, { run }).act(cluster.lever, order)).toEqual({
      revision: '4',
      conflict: 'Deployment/web still not as its revision says: somebody writes beside Helm',
    });
    expect(runs.map((args) => args.filter((arg) => /server-side|force/.test(arg)))).toEqual([
      ['--server-side=false'],
      ['--server-side=true', '--force-conflicts'],
    ]);
  });
});

describe('F36: the Helm lever, where a run took long', () => {
  it('begins no second one, which the function might not see the end of', async () => {
    const cluster = await fakeCluster();
    const { world, target, runs } = cluster;
    const run: FakeCluster['run'] = async (...asked) => {
      const end = await cluster.run(...asked);
      world.clock.advance(15_000);
      putImages(world, target, web('web:mine').workloads);
      return end;
    };

    await expect(portOf(cluster, { run }).act(cluster.lever, order)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/in time: Deployment\/web still not as its revision says$/),
    });
    expect(runs.length).toBe(1);
  });
});

describe('F33: the Helm lever with a Rollout in the chart', () => {
  const chart = (tag: string) => ({
    workloads: { 'Deployment/web': { web: `web:${tag}` }, 'Rollout/model': { model: `model:${tag}` } },
  });

  async function withRollout() {
    const cluster = await fakeCluster();
    const { world, target } = cluster;
    startRollout(world, 'rollout:shop/ml/model', { images: { model: 'model:1' } });
    upgradeRelease(world, target, chart('1'));
    upgradeRelease(world, target, chart('2'));
    return { ...cluster, port: portOf(cluster) };
  }
  const back = { ...order, to: '3', before: { value: '4' } };
  const modelOf = ({ world }: FakeCluster) => world.rollouts.get('rollout:shop/ml/model')?.images;

  it('changes its template', async () => {
    const cluster = await withRollout();

    expect(await cluster.port.act(cluster.lever, back)).toEqual({ revision: '5' });

    expect(modelOf(cluster)).toEqual({ model: 'model:1' });
    expect(await cluster.port.served(cluster.lever)).toEqual(['3']);
  });

  it('sends it whole after a run that died before it came to it: of two equal manifests Helm sends nothing', async () => {
    const cluster = await withRollout();
    cluster.release.fate = 'killed';
    await expect(cluster.port.act(cluster.lever, back)).rejects.toMatchObject({ name: 'OutsideTrouble' });

    expect(await cluster.port.act(cluster.lever, back)).toEqual({ revision: '7' });

    expect(modelOf(cluster)).toEqual({ model: 'model:1' });
  });

  it('sends it whole where its image was set past the release', async () => {
    const cluster = await withRollout();
    rollBackByHand(cluster.world, cluster.target, 3);
    putImages(cluster.world, cluster.target, { 'Rollout/model': { model: 'model:mine' } });
    expect(await cluster.port.served(cluster.lever)).toEqual(['3', 'Rollout/model runs another image']);

    expect(await cluster.port.act(cluster.lever, { ...back, before: { value: '3' } })).toEqual({
      revision: '7',
    });

    expect(await cluster.port.served(cluster.lever)).toEqual(['3']);
  });
});

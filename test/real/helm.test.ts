import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { helmRunner, type RunHelm } from '../../lib/adapters/levers/helm/run.ts';
import { helm } from '../../lib/adapters/levers/helm.ts';
import type { HelmLever } from '../../lib/core/service.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { LeverPort, Order } from '../../lib/ports/lever.ts';
import { stubClient } from '../adapters/stub-client.ts';
import { describeHelmLever, type HelmPlace } from '../contracts/helm-lever.ts';
import { anArmedService, aRelease } from '../service-builders.ts';
import {
  BAD,
  GOOD,
  type HelmCluster,
  helmCluster,
  NAMESPACE,
  OTHER,
  type RealRelease,
} from './helpers/helm-releases.ts';

jest.setTimeout(180_000);
let cluster: HelmCluster;

beforeAll(async () => {
  cluster = await helmCluster();
}, 900_000);

afterAll(() => cluster.remove());

describeHelmLever('a release on a cluster', aPlace, { good: GOOD, bad: BAD, other: OTHER });

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:cluster';
const leverOf = ({ name }: RealRelease): HelmLever =>
  aRelease({ cluster: 'test', namespace: NAMESPACE, release: name });

/** A clock that a test may set forward; nobody sleeps. */
function skippingClock(): Clock & { pass(ms: number): void } {
  let skipped = 0;
  const pass = (ms: number) => {
    skipped += ms;
  };
  return { now: () => Date.now() + skipped, sleep: async (ms) => pass(ms), pass };
}

function portOf(release: RealRelease, run: RunHelm, clock: Clock = skippingClock()): LeverPort<HelmLever> {
  const { endpoint, ca, token } = cluster.lever;
  const secrets = stubClient<SecretsManagerClient>({ SecretString: JSON.stringify({ token }) }).client;
  const clusters = { test: { endpoint, ca, secret: SECRET } };
  return helm({ clock, secrets, run })(anArmedService({ service: { levers: [leverOf(release)] }, clusters }));
}

const realRun = (): RunHelm => helmRunner({ path: cluster.helm });

async function aPlace(): Promise<HelmPlace> {
  const release = await cluster.make();
  const clock = skippingClock();
  let next: RunHelm | undefined;
  const run: RunHelm = (args, access) => {
    const chosen = next ?? realRun();
    next = undefined;
    return chosen(args, access);
  };
  const killed = { signal: 'SIGKILL', at: 'deployments' } as const;
  return {
    port: portOf(release, run, clock),
    lever: leverOf(release),
    workload: `Deployment/${release.name}`,
    upgrade: async (image, how) => {
      const waits = ['--wait=legacy', '--timeout', '2s'];
      if (how !== 'unready') return release.upgrade({ image });
      await expect(release.upgrade({ image, replicas: 1 }, waits)).rejects.toThrow(
        /deadline exceeded|not ready/,
      );
    },
    rollBack: (revision) => release.rollBack(revision),
    leavePending: (left) =>
      'upgrade' in left
        ? release.upgradeUnlucky(killed, { image: left.upgrade })
        : release.rollBackUnlucky(killed, left.rollback),
    dieNext: () => {
      next = release.unluckyRun(killed);
    },
    refuseNext: async () => {
      next = (args) => realRun()(args, cluster.weak);
    },
    setImage: async (image) =>
      void (await release.kubectl('set', 'image', `deploy/${release.name}`, `web=${image}`)),
    liveImage: () => release.imageOf('deployment'),
    prune: async (revision) =>
      void (await release.kubectl('delete', 'secret', `sh.helm.release.v1.${release.name}.v${revision}`)),
    history: () => release.history(),
    pass: (ms) => clock.pass(ms),
  };
}

const order: Order = { to: '1', incident: 'i', fence: 7, before: { value: '2' } };

describe('the Helm lever on a cluster', () => {
  it('F34: eight orders at one moment leave the wanted revision, and one order after them adds none', async () => {
    const release = await cluster.make();
    const ports = Array.from({ length: 8 }, () => portOf(release, realRun()));

    const ended = await Promise.allSettled(ports.map((port) => port.act(leverOf(release), order)));

    const failed = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(failed.filter(({ name }) => name !== 'OutsideTrouble')).toEqual([]);
    expect(await release.imageOf('deployment')).toBe(GOOD);
    const port = portOf(release, realRun());
    await port.act(leverOf(release), order);
    const before = await release.history();
    expect((await port.observe(leverOf(release), '1')).value).toBe('1');
    await port.act(leverOf(release), order);
    expect(await release.history()).toEqual(before);
    expect(before.length).toBeLessThanOrEqual(10);
  });

  it('F36: ends a Helm that stands still, and reads the state again', async () => {
    const release = await cluster.make();
    const stopped = release.unluckyRun(
      { signal: 'SIGSTOP', at: 'deployments' },
      { budgetMs: 8000, graceMs: 300 },
    );
    const startedAt = Date.now();

    await expect(portOf(release, stopped).act(leverOf(release), order)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/helm was ended before it was done$/),
    });

    // Standing still it would never end.
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    const port = portOf(release, realRun());
    expect((await port.observe(leverOf(release), '1')).value).toBe('2');
    expect(await port.act(leverOf(release), order)).toEqual({ revision: '4' });
    expect(await release.imageOf('deployment')).toBe(GOOD);
  });

  it('asks for a permission where it lacks it, and names it', async () => {
    const release = await cluster.make();
    const weak: RunHelm = (args) => realRun()(args, cluster.weak);

    await expect(portOf(release, weak).act(leverOf(release), order)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/forbidden: .+ cannot get resource/),
    });
  });

  it('sends an object of a kind that the cluster has learned since the last run', async () => {
    const release = await cluster.make();
    const run = realRun();
    await portOf(release, run).act(leverOf(release), order);
    await cluster.learn();
    await release.upgrade({ image: GOOD, widget: true });
    await release.upgrade({ image: BAD, widget: true });

    const back = { ...order, to: '4', before: { value: '5' } };
    expect(await portOf(release, run).act(leverOf(release), back)).toEqual({ revision: '6' });

    expect(await release.kubectl('get', 'widget', release.name, '-o', 'jsonpath={.spec.image}')).toBe(GOOD);
  });

  it.each([[[]], [['--server-side=false']], [['--server-side=true']]])(
    'leaves a release that the next upgrade can change, with %j',
    async (options) => {
      const release = await cluster.make({ rollout: true });
      await portOf(release, realRun()).act(leverOf(release), order);

      await release.upgrade({ image: OTHER }, options);

      expect([await release.imageOf('deployment'), await release.imageOf('rollout')]).toEqual([OTHER, OTHER]);
    },
  );
});

describe('the Helm lever on a cluster with a Rollout in the chart', () => {
  const applied = [[['--server-side=true']], [['--server-side=false']]];
  const settingOf = (release: RealRelease) =>
    release.kubectl(
      'get',
      'rollout',
      release.name,
      '-o',
      'jsonpath={..template.spec.containers[0].env[0].value}',
    );

  it.each(applied)('leaves what its controller writes into a Service, installed with %j', async (options) => {
    const release = await cluster.make({ rollout: true }, options);
    const selector = { app: release.name, 'rollouts-pod-template-hash': 'abc' };
    const patch = ['-p', JSON.stringify({ spec: { selector } }), '--field-manager', 'rollouts-controller'];
    await release.kubectl('patch', 'service', release.name, '--type', 'merge', ...patch);

    expect(await portOf(release, realRun()).act(leverOf(release), order)).toEqual({ revision: '3' });

    const found = await release.kubectl('get', 'service', release.name, '-o', 'jsonpath={.spec.selector}');
    expect(JSON.parse(found)).toEqual(selector);
    expect([await release.imageOf('deployment'), await release.imageOf('rollout')]).toEqual([GOOD, GOOD]);
  });

  it.each(applied)('wins over images set by hand, installed with %j', async (options) => {
    const release = await cluster.make({ rollout: true }, options);
    await release.kubectl('set', 'image', `deploy/${release.name}`, `web=${OTHER}`);
    const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: OTHER }];
    await release.kubectl('patch', 'rollout', release.name, '--type', 'json', '-p', JSON.stringify(image));

    expect(await portOf(release, realRun()).act(leverOf(release), order)).toEqual({ revision: '3' });

    expect([await release.imageOf('deployment'), await release.imageOf('rollout')]).toEqual([GOOD, GOOD]);
  });

  it.each(applied)('F33: goes on where kill -9 left it half-way, installed with %j', async (options) => {
    const release = await cluster.make({ rollout: true }, options);
    const killed = release.unluckyRun({ signal: 'SIGKILL', at: 'rollouts' });
    await expect(portOf(release, killed).act(leverOf(release), order)).rejects.toThrow(/helm was ended/);
    expect([await release.imageOf('deployment'), await release.imageOf('rollout')]).toEqual([GOOD, BAD]);

    // Of two equal manifests Helm sends nothing for a custom resource, and calls that a success: once more, whole.
    expect(await portOf(release, realRun()).act(leverOf(release), order)).toEqual({ revision: '5' });

    expect([await release.imageOf('deployment'), await release.imageOf('rollout')]).toEqual([GOOD, GOOD]);
    expect((await portOf(release, realRun()).observe(leverOf(release), '1')).value).toBe('1');
  });

  it('F33: goes on also where only a setting differs', async () => {
    const release = await cluster.make({ rollout: true, setting: 'good' });
    await release.upgrade({ setting: 'bad' });
    const back = { ...order, to: '2', before: { value: '3' } };
    const killed = release.unluckyRun({ signal: 'SIGKILL', at: 'rollouts' });
    await expect(portOf(release, killed).act(leverOf(release), back)).rejects.toThrow(/helm was ended/);
    expect(await settingOf(release)).toBe('bad');

    expect(await portOf(release, realRun()).act(leverOf(release), back)).toEqual({ revision: '6' });

    expect(await settingOf(release)).toBe('good');
  });
});

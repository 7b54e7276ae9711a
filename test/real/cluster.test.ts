/** The cluster rig on its own: real pods, a chart installed by Helm, a canary by Argo Rollouts, requests counted. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eksBearer } from '../../lib/adapters/kubernetes/token.ts';
import { type Cluster, startCluster, stopCluster } from '../../local/cluster/cluster.ts';
import { run } from '../../local/cluster/command.ts';
import { placeOf } from '../../local/cluster/place.ts';
import { sourcePath } from '../../local/paths.ts';
import { findPart, recordedParts } from '../../local/process.ts';
import { waitUntil } from '../../local/wait.ts';

const RIG = 'rig-test';
const lines: string[] = [];
const up = () => startCluster((line) => void lines.push(line), RIG);
const chart = sourcePath('cluster', 'chart');
let cluster: Cluster;
const given = process.env['KUBECONFIG'];

beforeAll(async () => {
  delete process.env['KUBECONFIG']; // this suite is about the cluster of our own
  await stopCluster(RIG);
  cluster = await up();
}, 3_600_000);

afterAll(async () => {
  await stopCluster(RIG);
  if (given) process.env['KUBECONFIG'] = given;
});

interface Rollout {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly phase?: string;
    readonly observedGeneration?: string;
    readonly canary?: { readonly weights?: { readonly canary: { readonly weight: number } } };
  };
}

const rollout = async (): Promise<Rollout> =>
  JSON.parse(await cluster.run('kubectl', ['get', 'rollout', 'model-svc', '-n', 'ml', '-o', 'json']));

/** Helm 4's own way, server-side apply, ends every later upgrade and rollback in a conflict with the controller. */
const install = ['install', 'model-svc', chart, '-n', 'ml', '--create-namespace', '--server-side=false'];
const upgrade = (tag: string) =>
  cluster.run('helm', ['upgrade', 'model-svc', chart, '-n', 'ml', '--set', `image.tag=${tag}`]);

/** Until the controller has seen the newest spec and says this phase. */
const phase = (wanted: string) =>
  waitUntil(
    async () => {
      const { metadata, status } = await rollout();
      return status?.phase === wanted && Number(status.observedGeneration) === metadata.generation;
    },
    { what: `Rollout model-svc to be ${wanted}`, seconds: 60 },
  );

/** How often each version answered; `failed` counts everything that is not a 200. */
async function answers(count: number): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  const one = async () => {
    const answer = await fetch(`${cluster.traefikUrl}/ml/model-svc/predict`).catch(() => undefined);
    const body = (await answer?.json().catch(() => undefined)) as { version?: string } | undefined;
    const name = answer?.ok ? (body?.version ?? 'failed') : 'failed';
    counted[name] = (counted[name] ?? 0) + 1;
  };
  for (let sent = 0; sent < count; sent += 20) await Promise.all(Array.from({ length: 20 }, one));
  return counted;
}

describe('a release in the cluster rig', () => {
  it('is installed by Helm and its pods become Ready', async () => {
    await cluster.run('helm', install);
    await phase('Healthy');

    const pods = await cluster.run('kubectl', [
      'get',
      'pods',
      '-n',
      'ml',
      '-l',
      'app=model-svc',
      '-o',
      'json',
    ]);
    const ready = (JSON.parse(pods) as { items: Pod[] }).items.filter((pod) =>
      pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
    expect(ready).toHaveLength(2);
  });

  it('answers every request through Traefik with its own version', async () => {
    await waitUntil(async () => (await answers(20))['v1'] === 20, {
      what: 'Traefik to know it',
      seconds: 20,
    });

    expect(await answers(200)).toEqual({ v1: 200 });
  });

  it('pauses at 10 % after an upgrade, and the requests say so too', async () => {
    await upgrade('v2');
    await phase('Paused');
    expect((await rollout()).status?.canary?.weights?.canary.weight).toBe(10);

    await waitUntil(async () => (await answers(20))['v2'], { what: 'the first answer of v2', seconds: 20 });
    const counted = await answers(1000);
    expect(counted['failed']).toBeUndefined();
    expect(counted['v2']).toBeGreaterThan(70);
    expect(counted['v2']).toBeLessThan(130);
  });

  it('serves the old version alone after an abort, without one failed request', async () => {
    const under = answers(2000);
    const patch = ['patch', 'rollout', 'model-svc', '-n', 'ml', '--subresource=status', '--type=merge'];
    await cluster.run('kubectl', [...patch, '-p', '{"status":{"abort":true,"promoteFull":false}}']);
    await phase('Degraded');
    expect((await under)['failed']).toBeUndefined();

    await waitUntil(async () => (await answers(100))['v1'] === 100, { what: 'v1 alone', seconds: 20 });
    expect(await answers(1000)).toEqual({ v1: 1000 });
  });

  it('is taken back by Helm and is Healthy, and the next upgrade meets no conflict', async () => {
    await cluster.run('helm', ['rollback', 'model-svc', '1', '-n', 'ml', '--history-max', '0']);
    await phase('Healthy');
    await upgrade('v3');
    await phase('Paused');
    expect((await answers(200))['failed']).toBeUndefined();
  });
});

describe('an AWS identity in the cluster rig', () => {
  const role = { accessKeyId: 'AKIARIGTEST', secretAccessKey: 'its secret' };
  const clock = { now: Date.now, sleep: async () => undefined };
  let authority = '';

  /** kubectl with a token of EKS and nothing else. */
  const as = async (credentials: typeof role, args: readonly string[], eks = cluster.eksName) => {
    const bearer = eksBearer({ eks, region: 'us-east-1', clock, credentials: async () => credentials });
    const token = await bearer.token(false);
    const where = [
      '--kubeconfig=/dev/null',
      `--server=${cluster.server}`,
      `--certificate-authority=${authority}`,
    ];
    return run(cluster.kubectl, [...where, `--token=${token}`, ...args]);
  };

  beforeAll(() => {
    authority = join(mkdtempSync(join(tmpdir(), 'rig-')), 'ca.crt');
    writeFileSync(authority, Buffer.from(cluster.caData, 'base64'));
    cluster.admit({ ...role, role: 'rig-test', groups: ['rig-testers'] });
  });

  it('has the groups of its access entry and no rights but theirs', async () => {
    const asked = await waitUntil(() => as(role, ['auth', 'whoami', '-o', 'json']), {
      what: 'entry',
      seconds: 20,
    });
    expect(JSON.parse(asked).status.userInfo.groups).toEqual(['rig-testers', 'system:authenticated']);
    await expect(as(role, ['get', 'secrets', '-n', 'kube-system'])).rejects.toThrow(/Forbidden/);
  });

  it('is refused without an entry, with a wrong secret, and with a token for another cluster', async () => {
    const whoami = ['auth', 'whoami'];
    const unauthorized = /Unauthorized|must be logged in/;
    await expect(as({ ...role, accessKeyId: 'AKIANOBODY' }, whoami)).rejects.toThrow(unauthorized);
    await expect(as({ ...role, secretAccessKey: 'guessed' }, whoami)).rejects.toThrow(unauthorized);
    await expect(as(role, whoami, 'another')).rejects.toThrow(unauthorized);
  });
});

describe('starting the cluster rig again', () => {
  it('leaves alone what is well', async () => {
    const before = pids();
    cluster = await up();
    expect(pids()).toEqual(before);
  });

  it('repairs a server that was killed, and the pods live on', async () => {
    const before = pids();
    process.kill(findPart(`${RIG}-rollouts`)?.pid ?? 0, 'SIGKILL');
    process.kill(findPart(`${RIG}-containerd`)?.pid ?? 0, 'SIGKILL');
    cluster = await up();

    const changed = Object.keys(before).filter((name) => pids()[name] !== before[name]);
    expect(new Set(changed)).toEqual(new Set([`${RIG}-containerd`, `${RIG}-rollouts`]));
    expect((await answers(100))['failed']).toBeUndefined();
  });

  it('makes a new cluster after its node was killed', async () => {
    process.kill(findPart(RIG)?.pid ?? 0, 'SIGKILL');
    cluster = await up();

    const namespaces = await cluster.run('kubectl', ['get', 'namespaces', '-o', 'name']);
    expect(namespaces).toContain('namespace/argo-rollouts');
    expect(namespaces).not.toContain('namespace/ml');
  });
});

describe('ending the cluster rig', () => {
  it('leaves no process, card, mount, cgroup or file behind', async () => {
    const { folder, index } = placeOf(RIG);
    expect(Object.keys(networkInterfaces())).toContain(`reinstate${index}`);

    expect(await stopCluster(RIG)).toBe(true);

    expect(Object.keys(networkInterfaces())).not.toContain(`reinstate${index}`);
    expect(recordedParts().filter((name) => name.startsWith(RIG))).toEqual([]);
    expect(commandLines().filter((line) => line.includes(folder))).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(folder);
    expect(
      readdirSync('/sys/fs/cgroup').filter((name) => existsSync(`/sys/fs/cgroup/${name}/reinstate${index}`)),
    ).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('says that there was nothing when it is asked twice', async () => {
    expect(await stopCluster(RIG)).toBe(false);
  });
});

interface Pod {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

const pids = (): Record<string, number | undefined> =>
  Object.fromEntries(
    recordedParts()
      .filter((name) => name.startsWith(RIG))
      .map((name) => [name, findPart(name)?.pid]),
  );

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // it ended meanwhile
      }
    });
}

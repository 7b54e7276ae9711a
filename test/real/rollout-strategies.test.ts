/** What the lever of a Rollout does for strategies and spec fields that its contract does not vary. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Rollout } from '../../lib/adapters/kubernetes/objects.ts';
import { orderOf } from '../contracts/rollout-scene.ts';
import { podsOf } from './helpers/real-rollout.ts';
import { BASIC, blueGreen, trafficRouted, type Variant } from './helpers/rollout-manifests.ts';
import { isComplete, type RealScene, sceneIn, sharesOf } from './helpers/rollout-scene.ts';
import { type RolloutCluster, rolloutCluster } from './helpers/rollouts.ts';

let cluster: RolloutCluster;

beforeAll(async () => {
  cluster = await rolloutCluster();
}, 900_000);

afterEach(() => cluster.clear());
afterAll(() => cluster.remove());

const scene = (variant?: Variant): Promise<RealScene> => sceneIn(cluster, variant);

describe('a basic canary', () => {
  it('in flight is aborted, and its pods go', async () => {
    const at = await scene({ strategy: () => BASIC });
    const bad = await at.push('v2');

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await at.port.observe(at.lever, at.good)).toMatchObject({ value: at.good, progress: 'aborted' });
    await at.real.untilPods({ [at.good]: 1 });
  });

  it('in flight and paused by hand: an abort alone leaves its pods, so the pause is ended', async () => {
    const at = await scene({ strategy: () => BASIC });
    const bad = await at.push('v2');
    await at.pause();
    await at.abort();
    await at.real.until('aborted', ({ status }) => status.abortedAt !== undefined);
    expect(Object.keys(podsOf(await at.real.sets()))).toContain(bad);
    expect(await at.port.observe(at.lever, at.good)).toMatchObject({ value: bad, progress: 'under-way' });

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    await at.real.untilPods({ [at.good]: 1 });
    expect(await at.managers()).not.toContain('reinstate');
  });

  it('F30: promoted in full gives way to the good template', async () => {
    const at = await scene({ strategy: () => BASIC });
    const bad = await at.push('v2');
    await at.promote();

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
    await at.real.untilPods({ [at.good]: 1 });
  });
});

const isSwitched = ({ status }: Rollout): boolean =>
  status.blueGreen?.activeSelector === status.currentPodHash;

describe('blue/green', () => {
  const activeOf = async ({ real }: RealScene) => (await real.read()).status.blueGreen?.activeSelector;

  it('before the switch is aborted: the active Service stays, the preview goes on showing the bad one', async () => {
    const at = await scene({ strategy: blueGreen });
    const bad = await at.push('v2');
    expect(await activeOf(at)).toBe(at.good);

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect((await at.real.read()).status.blueGreen).toMatchObject({
      activeSelector: at.good,
      previewSelector: bad,
    });
    expect(await at.port.observe(at.lever, at.good)).toMatchObject({ value: at.good, progress: 'aborted' });
  });

  it('F30: promoted in full gives way to the good template, past its pause', async () => {
    const at = await scene({ strategy: blueGreen });
    const bad = await at.push('v2');
    await at.promote();
    expect(await activeOf(at)).toBe(bad);

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
    expect(await activeOf(at)).toBe(at.good);
  });

  it('after the switch and not yet stable is aborted: the active Service goes back', async () => {
    const at = await scene({ strategy: (name) => blueGreen(name, { analysed: true }) });
    await at.pushUnseen('v2');
    const { status } = await at.real.until('switched', (now) => !isComplete(now) && isSwitched(now));
    const bad = status.currentPodHash ?? '';
    expect(await at.port.observe(at.lever, at.good)).toMatchObject({ value: bad, progress: 'under-way' });

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await activeOf(at)).toBe(at.good);
    expect(await at.settled()).toEqual({ spec: bad, stable: at.good, aborted: true });
  });

  it('after the switch, with pods that are not ready any more: the template takes the Service back', async () => {
    const at = await scene({ strategy: (name) => blueGreen(name, { analysed: true }), gated: 'v2' });
    await at.pushUnseen('v2');
    await at.real.gate('True');
    const { status } = await at.real.until('switched', (now) => !isComplete(now) && isSwitched(now));
    await at.real.gate('False');
    await at.real.until('not ready', (now) => !now.status.availableReplicas);
    const bad = status.currentPodHash ?? '';

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await activeOf(at)).toBe(at.good);
    expect((await at.real.read()).status).toMatchObject({ currentPodHash: at.good, stableRS: at.good });
  });
});

describe('a canary with dynamicStableScale', () => {
  it('gives its requests back as stable pods become ready', async () => {
    const at = await scene({
      strategy: (name) =>
        trafficRouted(name, { dynamicStableScale: true, steps: [{ setWeight: 50 }, { pause: {} }] }),
      spec: { replicas: 2 },
    });
    await at.pushUnseen('v2');
    const { status } = await at.real.until('half', (now) => now.status.canary?.weights?.canary.weight === 50);
    const bad = status.currentPodHash ?? '';

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(sharesOf(await at.real.read())).toEqual({ [at.good]: 100 });
  });
});

describe('a Rollout whose template stands in a Deployment', () => {
  it('in flight is aborted, then settled at the Deployment', async () => {
    const at = await scene({ referred: true });
    const bad = await at.push('v2');
    const spec = { ...at.lever, part: 'spec' } as const;

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});
    expect(await at.port.act(spec, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
    expect(await at.templates()).toBe(2);
    const managers = await cluster.kubectl([
      'get',
      'deployment',
      at.real.name,
      '--show-managed-fields',
      '-o',
      'yaml',
    ]);
    expect(managers).not.toMatch(/manager: reinstate/);
  });

  it('F30: promoted in full gets the good template back at the Deployment', async () => {
    const at = await scene({ referred: true });
    const bad = await at.push('v2');
    await at.promote();

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
  });
});

describe('an update that never becomes ready', () => {
  it('is Degraded without an abort, and is aborted', async () => {
    const at = await scene({ broken: 'v2', spec: { progressDeadlineSeconds: 2 } });
    await at.pushUnseen('v2');
    const { status } = await at.real.until('Degraded', (now) => now.status.phase === 'Degraded');
    const bad = status.currentPodHash ?? '';
    expect(status.abort).toBeFalsy();
    expect(await at.port.observe(at.lever, at.good)).toMatchObject({ value: bad, progress: 'under-way' });

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: bad, stable: at.good, aborted: true });
  });
});

describe('F30: a bad version promoted in full', () => {
  it('within the rollbackWindow', async () => {
    const at = await scene({ spec: { rollbackWindow: { revisions: 3 } } });
    const bad = await at.push('v2');
    await at.promote();

    expect(await at.port.act(at.lever, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
  });
});

describe('a settle', () => {
  it('leaves out the labels that the controller adds: the good template keeps its hash', async () => {
    const added = {
      canaryMetadata: { labels: { role: 'canary' } },
      stableMetadata: { labels: { role: 'stable' }, annotations: { 'shop/role': 'stable' } },
    };
    const at = await scene({ strategy: (name) => trafficRouted(name, added) });
    const bad = await at.push('v2');
    await at.port.act(at.lever, orderOf(at.good, bad));
    const sets = await at.real.sets();
    const good = sets.find(({ metadata }) => metadata.labels?.['rollouts-pod-template-hash'] === at.good);
    expect(good?.spec.template?.metadata?.labels).toMatchObject({ role: 'stable' });

    expect(await at.port.act({ ...at.lever, part: 'spec' }, orderOf(at.good, bad))).toEqual({});

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
    expect(await at.templates()).toBe(2);
    expect(JSON.stringify((await at.real.read()).spec.template)).not.toMatch(/role|pod-template-hash/);
  });
});

describe('after a settle', () => {
  it('the next server-side apply of whoever owns the template meets no conflict', async () => {
    const at = await scene();
    const bad = await at.push('v2');
    await at.port.act(at.lever, orderOf(at.good, bad));
    await at.port.act({ ...at.lever, part: 'spec' }, orderOf(at.good, bad));

    await expect(at.real.applyServerSide('v3', 'ci')).resolves.toBeUndefined();
  });

  it('an unrelated edit starts nothing again', async () => {
    const at = await scene();
    const bad = await at.push('v2');
    await at.port.act(at.lever, orderOf(at.good, bad));
    await at.port.act({ ...at.lever, part: 'spec' }, orderOf(at.good, bad));

    await at.real.patch({ spec: { strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } } } });

    expect(await at.settled()).toEqual({ spec: at.good, stable: at.good, aborted: false });
    expect(await at.shares()).toEqual({ [at.good]: 100 });
  });
});

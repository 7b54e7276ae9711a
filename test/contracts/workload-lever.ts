import { describe, expect, it } from '@jest/globals';
import type { DeploymentLever, RolloutLever } from '../../lib/core/service.ts';
import type { Owner } from '../../lib/core/step.ts';
import type { LeverPort } from '../../lib/ports/lever.ts';

/** A Rollout or a Deployment somewhere, and what a test needs to play everybody else. */
export interface WorkloadScene<L extends RolloutLever | DeploymentLever> {
  readonly port: LeverPort<L>;
  readonly lever: L;
  /** Of the template that has everything at first. */
  readonly good: string;
  /** A new template, as a CI job applies it. @returns its hash, once its controller has taken it up */
  push(version: string): Promise<string>;
  /** A new template; nothing is waited for. */
  pushUnseen(version: string): Promise<void>;
  /** `spec.paused` */
  pause(): Promise<void>;
  /** Makes it an object that this tool writes. */
  give(owner: Owner): Promise<void>;
  /** Stops its controller, or lets it go on. */
  controller(state: 'up' | 'down'): Promise<void>;
  /** How many templates it knows: a rollback adds none. */
  templates(): Promise<number>;
  /** Who owns fields, status left out. */
  managers(): Promise<string[]>;
  /** Runs just before the lever's next patch. */
  beforePatch(what: () => Promise<unknown>): void;
  /** The next patch takes effect, its answer is lost. */
  losePatch(): void;
}

/** What a lever observes of a workload of either kind. */
export function describeWorkload<L extends RolloutLever | DeploymentLever>(
  name: string,
  make: () => Promise<WorkloadScene<L>>,
): void {
  describe(`${name} observes a workload`, () => {
    it('as the hash, the images and the revision that have everything', async () => {
      const { port, lever, good } = await make();

      const { workload: _, ...seen } = await port.observe(lever);

      expect(seen).toEqual({
        value: good,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        revision: '1',
        progress: 'complete',
      });
    });

    it('F23: and calls a hash that has no ReplicaSet missing', async () => {
      const { port, lever } = await make();

      const { candidate } = await port.observe(lever, 'abcdef1234');

      expect(candidate).toEqual({ value: 'abcdef1234', fit: 'missing' });
    });

    it('with every hash that requests may still go to, for those who count them', async () => {
      const { port, lever, good, push } = await make();
      const bad = await push('v2');

      expect(new Set(await port.versions?.(lever))).toEqual(new Set([good, bad]));
    });

    it('with who writes its spec: Helm, or Argo CD', async () => {
      const { port, lever, give } = await make();
      expect((await port.observe(lever)).owner).toBeUndefined();

      const helm = { kind: 'helm', release: 'shop', namespace: lever.namespace } as const;
      await give(helm);
      expect((await port.observe(lever)).owner).toEqual(helm);
      await give({ kind: 'argocd', application: 'shop' });
      expect((await port.observe(lever)).owner).toEqual({ kind: 'argocd', application: 'shop' });
    });
  });
}

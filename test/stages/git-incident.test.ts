import { describe, expect, it } from '@jest/globals';
import { arm } from '../../lib/adapters/memory/settings.ts';
import { planFacts } from '../../lib/cli/plan-facts.ts';
import { planLines } from '../../lib/cli/plan-lines.ts';
import { type Lever, targetOf } from '../../lib/core/service.ts';
import type { Observation, Owner } from '../../lib/core/step.ts';
import type { LeverPort, Levers } from '../../lib/ports/lever.ts';
import { stepItem } from '../../lib/report/step-item.ts';
import { aBranch, anArmedService, aRelease, aRollout } from '../builders.ts';
import { endOf } from './outcome.ts';
import { alarmEvent, aShop, pass, recordBaseline, type Shop } from './shop.ts';

const [GOOD, BAD] = ['a'.repeat(40), 'b'.repeat(40)] as const;
const [ROLLOUT, BRANCH] = [targetOf(aRollout()), targetOf(aBranch())];
const ARGO_CD: Owner = { kind: 'argocd', application: 'model-svc' };
const SYNC = { application: 'model-svc', auto: true, selfHeal: true, health: 'Healthy' };

/** A Rollout that Argo CD syncs from a branch: as much of both as a plan and its steps look at. */
class Cluster {
  git: string = GOOD;
  synced: string = GOOD;
  template = 'good';
  serving = 'good';
  progress: Observation['progress'] = 'complete';
  readonly acts: string[] = [];

  readonly rollout: LeverPort = {
    observe: async () => ({
      value: this.serving,
      owner: ARGO_CD,
      ...(this.progress && { progress: this.progress }),
      ...(this.template !== this.serving && { spec: this.template }),
      candidate: { value: 'good', fit: 'ready' },
    }),
    act: async () => {
      this.acts.push(`rollout ${this.template === 'good' ? 'promoted' : 'aborted'}`);
      this.progress = this.template === 'good' ? 'complete' : 'aborted';
      this.serving = 'good';
      return {};
    },
    served: async () => undefined,
  };

  readonly branch: LeverPort = {
    observe: async () => ({
      value: this.git === this.synced ? this.git : `${this.synced} (OutOfSync)`,
      sync: SYNC,
      revision: this.git,
      ...(this.git !== this.synced && { spec: this.git }),
      candidate: { value: GOOD, fit: 'ready' },
    }),
    act: async () => {
      this.acts.push(`git ${this.git === GOOD ? 'refreshed' : 'reverted'}`);
      this.git = GOOD;
      this.synced = GOOD;
      this.template = 'good';
      this.progress = this.serving === 'good' ? 'complete' : 'under-way';
      return {};
    },
    served: async () => undefined,
  };

  readonly release: LeverPort = {
    observe: async () => ({ value: '8', candidate: { value: '7', fit: 'ready' } }),
    owner: async () => ARGO_CD,
    act: async () => {
      this.acts.push('helm rolled back');
      return {};
    },
    served: async () => undefined,
  };

  ship(progress: Observation['progress']): void {
    Object.assign(this, { git: BAD, synced: BAD, template: 'bad', serving: 'bad', progress });
  }
}

async function aSyncedShop(ladder: string, levers: readonly Lever[] = [aRollout(), aBranch()]) {
  const cluster = new Cluster();
  const runbook = { preApproved: levers.map(({ name }) => name) };
  const policy = { do: [[{ lever: ladder, verb: 'back' as const }]] };
  const armed = anArmedService({ service: { levers: [...levers], runbook, policy } });
  const usual = await aShop();
  const ports = {
    ...usual.ports,
    levers: {
      rollout: () => cluster.rollout,
      git: () => cluster.branch,
      helm: () => cluster.release,
    } as unknown as Levers,
  };
  const shop: Shop = { ...usual, armed, ports };
  shop.measure['error-ratio'] = () => (cluster.serving === 'bad' ? 0.3 : 0);
  arm(shop.world, armed);
  await recordBaseline(shop);
  return { shop, cluster };
}

async function came(ladder: string, stage: Observation['progress'], levers?: readonly Lever[]) {
  const { shop, cluster } = await aSyncedShop(ladder, levers);
  pass(shop, 35);
  cluster.ship(stage);
  pass(shop, 25);
  const ended = await endOf(shop, { input: alarmEvent(shop) });
  const outcomes = Object.values(ended.receipts).map(({ step, lever, outcome }) => [step, lever, outcome]);
  return { ...ended, shop, cluster, outcomes };
}

describe('an incident where Argo CD owns the spec', () => {
  it('under way: the canary is aborted, and Git settles it', async () => {
    const { incident, cluster, outcomes } = await came('model-canary', 'under-way');

    expect(incident?.ending).toBe('recovered');
    expect(cluster.acts).toEqual(['rollout aborted', 'git reverted']);
    expect(outcomes).toEqual([
      ['1.1', 'rollout', 'applied'],
      ['1.1.s1', 'git', 'applied'],
    ]);
    expect([cluster.git, cluster.progress]).toEqual([GOOD, 'complete']);
  });

  it('F30: complete: Git is reverted, and what is good is promoted in full before recovery is proven', async () => {
    const { incident, cluster, outcomes, verdicts } = await came('model-canary', 'complete');

    expect(incident?.ending).toBe('recovered');
    expect(cluster.acts).toEqual(['git reverted', 'rollout promoted']);
    expect(outcomes).toEqual([
      ['1.1', 'git', 'applied'],
      ['1.1.s1', 'rollout', 'applied'],
    ]);
    expect(verdicts.at(-1)?.served.map(({ target }) => target)).toEqual([BRANCH, ROLLOUT]);
  });

  it('is not done where Git still is bad afterwards, though Argo CD shows the good release', async () => {
    const { shop, cluster } = await aSyncedShop('deploy');
    pass(shop, 35);
    cluster.ship('complete');
    pass(shop, 25);
    cluster.branch.act = async () => {
      cluster.synced = GOOD;
      return {};
    };
    cluster.branch.observe = async () => ({
      value: cluster.synced,
      ...(cluster.synced === GOOD && { spec: BAD }),
      candidate: { value: GOOD, fit: 'ready' },
    });

    const { receipts } = await endOf(shop, { input: alarmEvent(shop) });

    expect(receipts['1.1']).toMatchObject({
      outcome: 'failed',
      note: `asked for "${GOOD}", found "${BAD}" afterwards`,
    });
  });

  it('plan and report say who owns it and why the change will stand', async () => {
    const { report, shop } = await came('model-canary', 'complete');
    const why = 'Argo CD application "model-svc" owns it (auto-sync, selfHeal on): reverted in Git';
    const step = report.plan?.rungs[0]?.steps[0];

    expect(step?.because).toBe(why);
    expect(step && stepItem({ id: step.id, planned: step }).markup).toContain(
      `<p class="meta">Why it sticks: ${why.replaceAll('"', '&#34;')}</p>`,
    );
    const facts = report.plan && (await planFacts(shop.ports.levers, shop.armed, report.plan));
    const lines = facts && planLines(facts).map(({ text }) => text);
    expect(lines).toContain(`why it sticks: ${why}`);
  });

  it('I10: the commit is quarantined, in full', async () => {
    const { shop } = await came('deploy', 'complete');

    expect(await shop.read.quarantine('recommender')).toMatchObject([
      { target: BRANCH, value: BAD, state: 'quarantined' },
      { target: ROLLOUT, value: 'bad', state: 'suspected' },
    ]);
  });

  it('I10: also where it was not synced in full; a state is no commit', async () => {
    const { shop, cluster } = await aSyncedShop('deploy');
    pass(shop, 35);
    cluster.ship('complete');
    cluster.git = 'c'.repeat(40);
    pass(shop, 25);

    const { incident } = await endOf(shop, { input: alarmEvent(shop) });

    expect(incident?.ending).toBe('recovered');
    const quarantine = await shop.read.quarantine('recommender');
    expect(quarantine.map(({ target, value, state }) => [target, value, state])).toEqual([
      [BRANCH, BAD, 'quarantined'],
      [ROLLOUT, 'bad', 'suspected'],
    ]);
  });

  it('no mark is left at a registry: Git has none', async () => {
    const { shop, id } = await came('deploy', 'complete');

    const notes = await shop.read.notes<{ text?: string }>(id);
    expect(notes.filter(({ text }) => text?.includes('not marked'))).toEqual([]);
  });

  it('F43: a policy that asks for Helm is refused at plan, with the way out, and nothing is tried', async () => {
    const levers = [aRollout(), aRelease(), aBranch()];
    const { incident, cluster, report } = await came('model-release', 'complete', levers);

    expect(incident?.ending).toBe('refused');
    expect(cluster.acts).toEqual([]);
    expect(report.plan).toBeUndefined();
    expect(JSON.stringify(report)).toContain('put \\"deploy back\\" in the policy instead');
  });
});

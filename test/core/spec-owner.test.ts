import { describe, expect, it } from '@jest/globals';
import { type Lever, targetOf } from '../../lib/core/service.ts';
import { ownerOver, stickingLever } from '../../lib/core/spec-owner.ts';
import type { Observation, Owner } from '../../lib/core/step.ts';
import { aBranch, aDeployment, aFlag, anAlias, anArmedService, aRelease, aRollout } from '../builders.ts';

const OWNERS = {
  nobody: undefined,
  helm: { kind: 'helm', release: 'model-svc', namespace: 'ml' },
  'Argo CD': { kind: 'argocd', application: 'model-svc' },
  Flux: { kind: 'flux', resource: 'Kustomization apps/model-svc' },
} as const satisfies Record<string, Owner | undefined>;
type OwnerName = keyof typeof OWNERS;

const ASKED = {
  'a rollout under way': [aRollout(), 'under-way'],
  'a rollout that was aborted': [aRollout(), 'aborted'],
  'a rollout that is complete': [aRollout(), 'complete'],
  'a deployment': [aDeployment(), 'complete'],
  'a deployment under way': [aDeployment(), 'under-way'],
  'a Helm release': [aRelease(), undefined],
  'a branch': [aBranch(), undefined],
  'a flag': [aFlag(), undefined],
  'an alias': [anAlias(), undefined],
} as const satisfies Record<string, readonly [Lever, Observation['progress']]>;

const LEVERS: readonly Lever[] = [aRollout(), aDeployment(), aRelease(), aBranch(), aFlag(), anAlias()];

interface Asked {
  readonly lever: Lever;
  readonly progress?: Observation['progress'];
  readonly levers?: readonly Lever[];
  readonly release?: Readonly<Record<string, { readonly value: string }>>;
}

function stick(owner: Owner | undefined, asked: Asked): string {
  const { lever, progress, levers = LEVERS } = asked;
  const { service } = anArmedService({ service: { levers: [...levers] } });
  const all = Object.fromEntries(levers.map((each) => [targetOf(each), { value: 'good' }]));
  const wanted = { service, lever, release: asked.release ?? all };
  const sticking = stickingLever(wanted, { owner, progress });
  return 'lever' in sticking ? sticking.lever.kind : sticking.objection;
}

const GIT_INSTEAD =
  'Argo CD application "model-svc" owns its spec and would undo the change: put "deploy back" in the policy instead';
const BY_HAND =
  /^Flux Kustomization apps\/model-svc owns its spec and would undo the change: .*"flux reconcile"/;

/** What is pulled, or why nothing is, for each lever that is asked for and each owner. */
const TABLE: Record<keyof typeof ASKED, Record<OwnerName, string | RegExp>> = {
  'a rollout under way': { nobody: 'rollout', helm: 'rollout', 'Argo CD': 'rollout', Flux: BY_HAND },
  'a rollout that was aborted': { nobody: 'rollout', helm: 'rollout', 'Argo CD': 'rollout', Flux: BY_HAND },
  'a rollout that is complete': { nobody: 'rollout', helm: 'helm', 'Argo CD': 'git', Flux: BY_HAND },
  'a deployment': { nobody: 'deployment', helm: 'helm', 'Argo CD': 'git', Flux: BY_HAND },
  'a deployment under way': { nobody: 'deployment', helm: 'helm', 'Argo CD': 'git', Flux: BY_HAND },
  'a Helm release': { nobody: 'helm', helm: 'helm', 'Argo CD': GIT_INSTEAD, Flux: BY_HAND },
  'a branch': { nobody: 'git', helm: 'git', 'Argo CD': 'git', Flux: BY_HAND },
  'a flag': { nobody: 'flag', helm: 'flag', 'Argo CD': 'flag', Flux: 'flag' },
  'an alias': { nobody: 'alias', helm: 'alias', 'Argo CD': 'alias', Flux: 'alias' },
};

const CELLS = Object.entries(TABLE).flatMap(([what, row]) =>
  Object.entries(row).map(([owner, answer]) => [what, owner, answer] as const),
);

describe('F43: who owns the spec decides which lever sticks', () => {
  it.each(CELLS)('%s, owned by %s: %s', (what, owner, answer) => {
    const [lever, progress] = ASKED[what as keyof typeof ASKED];
    const stuck = stick(OWNERS[owner as OwnerName], { lever, ...(progress && { progress }) });

    expect(stuck).toMatch(typeof answer === 'string' ? new RegExp(`^${answer}$`) : answer);
  });
});

describe('what Argo CD owns', () => {
  const owner = OWNERS['Argo CD'];
  const stranger = { kind: 'argocd', application: 'another' } as const;

  it.each([aRollout(), aDeployment(), aRelease()])(
    '$kind: needs a git lever, and is told how to write one',
    (lever) => {
      expect(stick(stranger, { lever })).toBe(
        'Argo CD application "another" owns its spec and would undo the change: the commit has to be reverted in Git, and no git lever of the service names that application: give one "application: { cluster: shop, namespace: argocd, name: another }"',
      );
    },
  );

  it('is not returned to a commit that no baseline knows', () => {
    expect(stick(owner, { lever: aRollout(), progress: 'complete', release: {} })).toMatch(
      /and the baseline does not know git:https:\/\/git\.example\.com\/shop\/deploy\.git@main:model-svc$/,
    );
  });

  it('is another application where the cluster is another: two installations may share a name', () => {
    const elsewhere = aBranch({ application: { cluster: 'edge', namespace: 'argocd', name: 'model-svc' } });

    expect(stick(owner, { lever: aDeployment(), levers: [aDeployment(), elsewhere] })).toMatch(
      /no git lever/,
    );
  });

  it('is another application where its namespace is known, and is another', () => {
    expect(stick({ ...owner, namespace: 'team' }, { lever: aDeployment() })).toMatch(
      /^Argo CD application "model-svc" in "team" owns .* namespace: team, name: model-svc/,
    );
    expect(stick({ ...owner, namespace: 'argocd' }, { lever: aDeployment() })).toBe('git');
  });

  it('is not changed by a git lever for another application, or for none', () => {
    const { application: _, ...none } = aBranch();

    expect(stick(stranger, { lever: aBranch() })).toBe(
      'lever "deploy" names application "model-svc", but Argo CD application "another" owns what the service runs',
    );
    expect(stick(stranger, { lever: none })).toMatch(/^lever "deploy" names no application, but Argo CD/);
  });
});

describe('the owner of what a branch holds', () => {
  const over = (lever: Lever, owners: Readonly<Record<string, Owner>>, levers = LEVERS) =>
    ownerOver(anArmedService({ service: { levers: [...levers] } }).service, lever, (at) => owners[at]);
  const [ROLLOUT, PODS] = [targetOf(aRollout()), targetOf(aDeployment())];
  const another = { kind: 'argocd', application: 'another' } as const;

  it('is what its workloads say, since a branch carries no mark', () => {
    expect(over(aBranch(), { [PODS]: OWNERS.Flux })).toEqual(OWNERS.Flux);
    expect(over(aBranch(), {})).toBeUndefined();
  });

  it('is its own application where one of them says so', () => {
    expect(over(aBranch(), { [ROLLOUT]: another, [PODS]: OWNERS['Argo CD'] })).toEqual(OWNERS['Argo CD']);
  });

  it('is not one that another git lever of the service is for', () => {
    const application = { cluster: 'shop', namespace: 'argocd', name: 'another' };
    const second = aBranch({ name: 'second', paths: ['second'], application });

    expect(over(aBranch(), { [ROLLOUT]: another }, [...LEVERS, second])).toBeUndefined();
    expect(over(aBranch(), { [ROLLOUT]: another })).toEqual(another);
  });

  it('is not Helm: CI may deploy from that branch', () => {
    expect(over(aBranch(), { [ROLLOUT]: OWNERS.helm })).toBeUndefined();
  });

  it('is not one in another cluster than that of its application', () => {
    const far = aRollout({ name: 'far', cluster: 'edge' });

    expect(over(aBranch(), { [targetOf(far)]: another }, [...LEVERS, far])).toBeUndefined();
  });

  it('of all other levers is what their own target says', () => {
    expect(over(aRollout(), { [ROLLOUT]: OWNERS.helm, [PODS]: another })).toEqual(OWNERS.helm);
  });
});

import { describe, expect, it } from '@jest/globals';
import { moveAlias, putParameter } from '../../lib/adapters/memory/world.ts';
import type { Aim } from '../../lib/core/aim.ts';
import { keys } from '../../lib/core/keys.ts';
import type { Plan, PlanInput } from '../../lib/core/plan.ts';
import type { AliasLever, GitLever } from '../../lib/core/service.ts';
import { digestOf } from '../../lib/stages/plan-digest.ts';
import { choosePlan } from '../../lib/stages/plan-rollback.ts';
import {
  aBaseline,
  aBranch,
  aFlag,
  anAlias,
  anArmedService,
  aPlan,
  aPlanInput,
  at,
  CHAMPION,
  executionArn,
  FLAG,
  whatIsSeen,
} from '../builders.ts';
import { stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside, PARAMETER, pages, pass, SERVED, type Shop } from './shop.ts';

const usual = digestOf(aPlan());
const armedWith = (alias: AliasLever) => anArmedService({ service: { levers: [aFlag(), alias] } });
const seenWith = (value: string, runId = 'run-4') => {
  const { observed } = whatIsSeen()[CHAMPION] as { observed: object };
  return whatIsSeen({ [CHAMPION]: { observed: { ...observed, value, runId }, served: [value] } });
};

describe('the digest of a plan', () => {
  it('is 12 hex digits, the same for the same plan, whatever the order of its keys', () => {
    const mixed = JSON.parse(JSON.stringify(aPlan()), (_, value) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value,
    ) as Plan;

    expect(usual).toMatch(/^[0-9a-f]{12}$/);
    expect(Object.keys(mixed)).not.toEqual(Object.keys(aPlan()));
    expect(digestOf(mixed)).toBe(usual);
  });

  it.each<[string, Partial<PlanInput>]>([
    ['something else stands there', { seen: seenWith('5') }],
    ['the same version is of another run', { seen: seenWith('4', 'run-9') }],
    ['another baseline is the newest', { baselines: [aBaseline({ id: 'recommender-b20261120T101500' })] }],
    [
      'it goes back to another version',
      { baselines: [aBaseline({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '3' } } })] },
    ],
    ['a lever has nothing to do', { seen: whatIsSeen({ [FLAG]: { observed: { value: 'false' } } }) }],
    ['a lever is out of reach', { seen: whatIsSeen({ [FLAG]: { unseen: 'no answer' } }) }],
    [
      'a rung has two levers now',
      {
        armed: anArmedService({
          service: {
            policy: {
              do: [
                [
                  { lever: 'new-features', verb: 'off' },
                  { lever: 'champion', verb: 'back' },
                ],
              ],
            },
          },
        }),
      },
    ],
    [
      'another version is what it settles with',
      { baselines: [aBaseline(), aBaseline({ id: 'recommender-b20261101T101500', release: OLDER() })] },
    ],
    [
      'it is of another environment, though all is called the same there',
      { armed: { ...anArmedService(), environment: 'staging' } },
    ],
    [
      'serving is told elsewhere to load the version',
      { armed: armedWith(anAlias({ reload: 'https://other.example.com/reload' })) },
    ],
    ['readers keep an old value for longer', { armed: armedWith(anAlias({ cacheSeconds: 600 })) }],
    [
      'what is served is read elsewhere',
      {
        armed: armedWith(anAlias({ served: { url: 'https://other.example.com/version', path: 'version' } })),
      },
    ],
  ])('is another one where %s', (_, over) => {
    expect(digestOf(aPlan(over))).not.toBe(usual);
  });

  it.each<[string, Partial<PlanInput>]>([
    ['how long it may take', { armed: anArmedService({ service: { runbook: { goalSeconds: 60 } } }) }],
    [
      'how often a parameter was written',
      { seen: whatIsSeen({ [FLAG]: { observed: { value: 'true', revision: '9' } } }) },
    ],
    ['who starts it, where that changes no step', { startedByPerson: true }],
  ])('does not depend on %s', (_, over) => {
    expect(digestOf(aPlan(over))).toBe(usual);
  });

  describe('of a branch', () => {
    const [good, bad] = ['a'.repeat(40), 'b'.repeat(40)];
    const planOf = (value: string, branch = aBranch()) => {
      const target = `git:${branch.repository}@main:model-svc`;
      const armed = anArmedService({
        service: { levers: [branch], policy: { do: [[{ lever: 'deploy', verb: 'back' }]] } },
      });
      return aPlan({
        ...aPlanInput({ armed, startedByPerson: true }),
        baselines: [aBaseline({ release: { [target]: { value: good } } })],
        seen: { [target]: { observed: { value, candidate: { value: good, fit: 'ready' } } } },
      });
    };

    it('does not change while Argo CD goes on with the sync of a commit', () => {
      expect(digestOf(planOf(`${bad} (OutOfSync)`))).toBe(digestOf(planOf(bad)));
    });

    it.each([
      ['what does not revert is overwritten, where people were to be asked', { conflict: 'pull-request' }],
      ['another Application is synced', { application: { cluster: 'eu', namespace: 'argocd', name: 'a' } }],
      ['another service has come to share the branch', { others: ['ranker'] }],
    ] as const)('is another one where %s', (_, over) => {
      expect(digestOf(planOf(bad, aBranch(over as Partial<GitLever>)))).not.toBe(digestOf(planOf(bad)));
    });
  });
});

function OLDER() {
  return { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '2' } };
}

const planIn = async ({ ports, armed }: Shop, aim?: Aim): Promise<string> => {
  const result = await choosePlan(ports, armed, { byPerson: true, ...(aim && { aim }) });
  if (result.outcome === 'refused') throw new Error(result.reasons.join());
  return digestOf(result.plan);
};
const started = (plan: string) => ({ service: 'recommender', plan });

describe('a start by a person who has read a plan', () => {
  it('runs that very plan', async () => {
    const shop = await aBrokenShop();

    const { incident } = await endOf(shop, { input: started(await planIn(shop)) });

    expect(incident).toMatchObject({ ending: 'recovered', acted: true });
  });

  it('is refused where the world has changed between the door and the plan: nothing is written, and people know', async () => {
    const shop = await aBrokenShop();
    const plan = await planIn(shop);
    let before: unknown;
    const changes = () => {
      moveAlias(shop.world, SERVED, '2');
      before = outside(shop);
    };

    const { run, incident, report } = await endOf(shop, {
      input: started(plan),
      before: (state) => (state === 'PlanRollback' ? changes() : undefined),
    });

    const now = await planIn(shop);
    const why = `plan ${plan} was asked for, and the world has changed since: the plan is ${now} now: new-features "true" -> "false", then champion "2" -> "3"`;
    expect(run.states).toEqual(['OpenIncident', 'PlanRollback', 'CloseIncident']);
    expect(incident).toMatchObject({ ending: 'refused', state: 'closed', reasons: [why] });
    expect(report.reasons).toContain(why);
    expect(outside(shop)).toEqual(before);
    expect(await shop.read.hold('recommender')).toBeUndefined();
    expect(await shop.read.quarantine('recommender')).toEqual([]);
    expect(pages(shop)).toHaveLength(1);
  });

  it('is refused where there is nothing left to do', async () => {
    const shop = await aBrokenShop();
    const plan = await planIn(shop);
    moveAlias(shop.world, SERVED, '3');
    shop.world.serving.set(SERVED, ['3', '3']);
    putParameter(shop.world, PARAMETER, 'false');
    pass(shop, 10);

    const { incident } = await endOf(shop, { input: started(plan) });

    expect(incident).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/there is no plan now: nothing differs from the newest baseline/)],
    });
  });

  it('is refused where the plan is for another aim', async () => {
    const shop = await aBrokenShop();
    const plan = await planIn(shop, { values: { champion: '2' } });

    const { incident } = await endOf(shop, { input: started(plan) });

    expect(plan).not.toBe(await planIn(shop, { values: { champion: '1' } }));
    expect(incident?.ending).toBe('refused');
  });

  it('runs the plan of its aim', async () => {
    const shop = await aBrokenShop();
    const to = { values: { champion: '2' } };

    const { incident } = await endOf(shop, { input: { ...started(await planIn(shop, to)), to } });

    expect(incident).toMatchObject({ ending: 'recovered', acted: true });
  });

  it('F46: holds nothing where it is stale, though so many incidents have acted today that it may not act', async () => {
    const shop = await aBrokenShop();
    for (const hour of [1, 2]) {
      const id = `recommender-20261121T0${hour}0000-0123abcd`;
      const item = { id, openedAt: at(-3600 * hour), state: 'closed', acted: true };
      await shop.ports.ledger.write([{ kind: 'put', key: keys.summary('recommender', id), item }]);
    }

    const stale = await endOf(shop, { input: started('0123456789ab') });
    expect(stale.incident).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/^plan 0123/)],
    });
    expect(await shop.read.hold('recommender')).toBeUndefined();

    const asked = await endOf(shop, { input: started(await planIn(shop)) });
    expect(asked.incident).toMatchObject({ ending: 'refused', reasons: [expect.stringMatching(/^cascade/)] });
  });

  it('F10: is asked again by an execution that takes over before anything was begun', async () => {
    const shop = await aBrokenShop();
    const plan = await planIn(shop);
    const stopped = stopBeforeThe(1, 'ApplyRung', 'failed');
    const { incident, id } = await endOf(shop, { input: started(plan), name: 'first', ...stopped });
    expect(incident?.state).toBe('running');
    moveAlias(shop.world, SERVED, '2');
    const before = outside(shop);

    const second = await endOf(shop, { input: { incident: id }, name: 'second' });

    expect(shop.world.executions.get(executionArn('second'))?.status).toBe('succeeded');
    expect(second.incident).toMatchObject({ ending: 'refused' });
    expect(outside(shop)).toEqual(before);
  });
});

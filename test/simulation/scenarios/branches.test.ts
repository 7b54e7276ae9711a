import { describe, expect, it } from '@jest/globals';
import {
  editNotes,
  protect,
  pushBeside,
  pushOwn,
  revertByHand,
  shipBy,
} from '../../../lib/simulation/git-others.ts';
import { kindOf } from '../../../lib/simulation/targets.ts';
import type { Fate } from '../../../lib/simulation/worker.ts';
import { branchOnlySvc, branchPodsSvc, canary, commit, pods } from '../clusters.ts';
import { day } from '../scenario.ts';
import { fate } from './faults.ts';
import {
  applicationIn,
  both,
  branchCame,
  branchDay,
  early,
  historyOf,
  repositoryOf,
  WELL,
} from './on-branch.ts';
import { LEFT, somebody } from './on-cluster.ts';

const PUSH = { function: 'apply-git', operation: 'git.Push' } as const;

describe('a bad release of what Git owns', () => {
  it('a canary: it is aborted, and a commit puts its template right', async () => {
    expect(branchCame(await branchDay())).toEqual(WELL);
  });

  it('that has gone all the way: the commit, then the good release is promoted in full', async () => {
    expect(branchCame(await branchDay({ stage: 'complete' }))).toEqual(WELL);
  });

  it('plain pods, which Argo CD puts back', async () => {
    const services = [branchPodsSvc([[pods]], { others: ['neighbour'] })] as const;
    const seen = await day(undefined, { services, breaks: ['deploy'] });

    expect(seen.incident).toMatchObject({ ending: 'recovered', state: 'closed' });
    expect(seen.receipts.map(({ lever, outcome }) => [lever, outcome])).toEqual([['git', 'applied']]);
    expect(seen.violations).toEqual([]);
  });

  it('pods that no lever knows, and a branch without an Application: whoever deploys it has it in time', async () => {
    for (const over of [{}, { application: undefined }]) {
      const armed = branchOnlySvc([[commit]], over as object);
      const seen = await day(undefined, { services: [armed], breaks: ['deploy'] });

      expect(seen.incident).toMatchObject({ ending: 'recovered', state: 'closed' });
      expect(seen.violations).toEqual([]);
    }
  });

  it('selfHeal undoes within two seconds what somebody changes past Git; we never do', async () => {
    const { environment, violations } = await branchDay({ breaks: [] }, (env) => {
      env.later(100_000, () => {
        const [service] = env.witness.services;
        const lever = service?.armed.service.levers.find(({ kind }) => kind === 'rollout');
        if (service && lever)
          env.witness.somebody('somebody', () => void kindOf(lever).own(env.world, lever));
      });
    });
    const [changed, healed] = environment.witness.moves.filter(({ target }) =>
      target.startsWith('rollout-spec:'),
    );

    expect(healed?.after).toBe(changed?.before);
    expect(Number(healed?.at) - Number(changed?.at)).toBeLessThan(2500);
    expect(violations).toEqual([]);
  });
});

describe('F39: the push', () => {
  it.each<[string, Fate, string]>([
    ['whose answer is lost', 'loseReply', 'applied'],
    ['that never arrives', 'drop', 'applied'],
    ['whose function dies after it: it is found done', 'crash after', 'already'],
    ['whose function dies before it', 'crash', 'applied'],
  ])('%s: one commit is made', async (_, what, outcome) => {
    const seen = await branchDay({}, (environment) => {
      environment.script = fate(PUSH, what);
    });

    expect(branchCame(seen)).toEqual({ ...WELL, steps: { '1.1': 'applied', '1.1.s1': outcome } });
  });

  it('that another service was quicker than: it is made anew, upon theirs', async () => {
    const seen = await branchDay({}, somebody(PUSH, pushBeside));

    expect(branchCame(seen)).toEqual(WELL);
    expect(
      historyOf(seen)
        .map(({ subject }) => subject)
        .slice(0, 2),
    ).toEqual(['Revert "Ship release 4"', 'Ship the neighbour']);
  });

  it('that others are quicker than each time: nothing is forced, people are paged', async () => {
    const seen = await branchDay({ ladder: [[commit]] }, (environment) => {
      const [service] = environment.witness.services;
      environment.script = (worker, moment) => {
        if (service && worker.function === 'apply-git' && moment === 'git.Push')
          environment.witness.somebody('somebody', () => pushBeside(environment, service));
        return undefined;
      };
    });

    expect(branchCame(seen)).toMatchObject({ ...LEFT, isGood: false, pushed: [], violations: [] });
    expect(seen.pages[0]?.text).toContain('moved 3 times meanwhile');
  });

  it('that a person was quicker than, in the paths of the service: theirs is left as it is', async () => {
    const seen = await branchDay({ ladder: [[commit]] }, somebody(PUSH, pushOwn));

    expect(branchCame(seen)).toMatchObject({
      ...LEFT,
      steps: { '1.1': 'conflict' },
      pushed: [],
      violations: [],
    });
    expect(seen.receipts[0]?.note).toMatch(/came to [0-9a-f]{7} "Try something" by dev in between/);
  });

  it('nor is what a person pushed since the plan, and nobody has synced yet', async () => {
    const since = { function: 'apply-git', operation: 'lambda.Init' } as const;
    const seen = await branchDay({ ladder: [[commit]] }, somebody(since, pushOwn));

    expect(branchCame(seen)).toMatchObject({
      ...LEFT,
      steps: { '1.1': 'conflict' },
      pushed: [],
      violations: [],
    });
  });
});

describe('F40: what is to be reverted', () => {
  it('is a merge: its first parent counts', async () => {
    expect(branchCame(await branchDay({}, early(shipBy('merge'))))).toEqual({
      ...WELL,
      pushed: ['Revert "Merge branch "Ship release 4""'],
    });
  });

  it("also changed what is nobody's: the inverse takes that back as well", async () => {
    const seen = await branchDay({}, early(shipBy('beside')));

    expect(branchCame(seen)).toEqual(WELL);
  });

  it('also changed what belongs to another service: only the paths go back', async () => {
    expect(branchCame(await branchDay({}, early(shipBy('shared'))))).toEqual({
      ...WELL,
      pushed: ['Return model-svc to <sha>'],
    });
  });

  it('does not revert cleanly: the paths go back', async () => {
    const seen = await branchDay({}, both(early(shipBy('beside')), somebody({ at: 200_000 }, editNotes)));

    expect(branchCame(seen)).toEqual({ ...WELL, pushed: ['Return model-svc to <sha>'] });
  });

  it('does not revert cleanly, and people want to see that: a pull request has the patch, and they are paged', async () => {
    const seen = await branchDay(
      { ladder: [[commit]], branch: { conflict: 'pull-request', host: 'gitea' } },
      both(early(shipBy('beside')), somebody({ at: 200_000 }, editNotes)),
    );

    expect(branchCame(seen)).toMatchObject({
      ...LEFT,
      steps: { '1.1': 'conflict' },
      pushed: [],
      violations: [],
    });
    const [request] = repositoryOf(seen.environment).requests.values();
    expect(request?.body).toContain('```diff\n');
    expect(seen.receipts[0]?.note).toContain(
      'pull request https://git.example.com/shop/deploy.git/pulls/1 is open',
    );
  });

  it('was reverted by a person a moment before: nothing is pushed', async () => {
    const seen = await branchDay({}, somebody({ ...PUSH, operation: 'git.ListRefs' }, revertByHand));

    expect(branchCame(seen)).toMatchObject({
      ...WELL,
      pushed: [],
      steps: { '1.1.s1': expect.stringMatching(/applied|already/) },
    });
  });

  it('is on a protected branch: a branch of the incident has the return, and people merge it', async () => {
    const seen = await branchDay({ ladder: [[commit]] }, early(protect(false)));

    expect(branchCame(seen)).toMatchObject({
      ...LEFT,
      steps: { '1.1': 'conflict' },
      pushed: [],
      violations: [],
    });
    expect([...repositoryOf(seen.environment).branches.keys()]).toEqual([
      'main',
      `reinstate/${seen.incident.id}`,
    ]);
  });
});

describe('an Application of Argo CD', () => {
  it('that does not sync by itself is asked to', async () => {
    const seen = await branchDay({}, (environment) =>
      environment.later(190_000, () => {
        applicationIn(environment).auto = false;
      }),
    );

    expect(branchCame(seen)).toEqual({ ...WELL, sync: 'no auto-sync' });
  });

  it('that cannot sync: nothing is called recovered', async () => {
    const seen = await branchDay({ ladder: [[commit], [canary]] }, (environment) =>
      environment.later(190_000, () => {
        applicationIn(environment).failing = 'admission webhook denied the request';
      }),
    );

    expect(branchCame(seen)).toMatchObject({ violations: [] });
    expect(seen.receipts[0]).toMatchObject({ step: '1.1', outcome: 'failed' });
    expect(seen.pages).not.toEqual([]);
  });
});

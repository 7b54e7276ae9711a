import { describe, expect, it } from '@jest/globals';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { appOfApps, pushBeside, updater } from '../../../lib/simulation/git-others.ts';
import { kindOf } from '../../../lib/simulation/targets.ts';
import { BRANCH, canary, commit } from '../clusters.ts';
import { fate } from './faults.ts';
import {
  applicationIn,
  BAD,
  both,
  branchCame,
  branchDay,
  early,
  GOOD,
  repositoryOf,
  WELL,
} from './on-branch.ts';
import { LEFT, somebody, type Turn } from './on-cluster.ts';

const PUSH = { function: 'apply-git', operation: 'git.Push' } as const;

/** Its host answers nobody, Argo CD neither. */
const gitDown =
  ({ at, minutes }: { readonly at: number; readonly minutes: number }) =>
  (environment: Environment): void => {
    environment.later(at, () => {
      repositoryOf(environment).state = 'down';
    });
    environment.later(at + minutes * 60_000, () => {
      repositoryOf(environment).state = 'up';
    });
  };

/** The same from the moment on that our push was taken. */
const gitDownAfterPush = (environment: Environment): void => {
  const { script } = environment;
  environment.script = (worker, moment) => {
    if (worker.function === 'apply-git' && moment === 'argocd.PatchApplication')
      repositoryOf(environment).state = 'down';
    return script(worker, moment);
  };
};

describe('F42: the Git host is down', () => {
  it('for long: users are freed by the abort, auto-sync is off, and the page says what will drift', async () => {
    const seen = await branchDay({}, gitDown({ at: 190_000, minutes: 30 }));

    expect(branchCame(seen)).toMatchObject({
      serves: { [GOOD]: 100 },
      steps: { '1.1': 'applied', '1.1.s1': 'conflict' },
      isGood: false,
      pushed: [],
      sync: `no auto-sync since ${seen.incident.id}`,
      violations: [],
    });
    const { note } = seen.receipts.find(({ step }) => step === '1.1.s1') ?? {};
    expect(note).toMatch(
      /^Git at git\.example\.com cannot be reached: .*; auto-sync .* is off.*it will drift until/,
    );
    expect(seen.pages).not.toEqual([]);
  });

  it('and an app of apps writes the policy back: it is said that the freeze did not hold', async () => {
    const seen = await branchDay({}, both(early(appOfApps), gitDown({ at: 190_000, minutes: 30 })));

    expect(branchCame(seen)).toMatchObject({ serves: { [GOOD]: 100 }, sync: 'auto-sync', violations: [] });
    const { note } = seen.receipts.find(({ step }) => step === '1.1.s1') ?? {};
    expect(note).toContain('has turned auto-sync of application model-svc on again');
  });

  it('for a few seconds: it is asked again', async () => {
    const seen = await branchDay({}, both(gitDown({ at: 205_500, minutes: 0.03 })));

    expect(branchCame(seen)).toMatchObject({ end: 'recovered, closed', isGood: true, violations: [] });
  });

  it('between push and sync: Argo CD says Healthy, and that is not believed', async () => {
    const seen = await branchDay({ ladder: [[commit]], stage: 'complete' }, gitDownAfterPush);

    expect(applicationIn(seen.environment).health).toBe('Healthy');
    expect(branchCame(seen)).toMatchObject({ ...LEFT, isGood: true, serves: { [BAD]: 100 }, violations: [] });
  });
});

/** The bad version is pushed again, and nobody tells Argo CD. */
const shipUnseen: Turn = ({ world, applications }, service) => {
  applications.deafUntil = Number.MAX_SAFE_INTEGER;
  const lever = service.armed.service.levers.find(({ kind }) => kind === 'git');
  const [bad] = service.bad.get(BRANCH) ?? [];
  if (lever && bad) kindOf(lever).put(world, lever, bad);
};

describe('F43: the bad version is put again', () => {
  it('by an updater, five seconds after the return: it is not called recovered, nor fought; people are paged', async () => {
    const seen = await branchDay({}, somebody({ at: 190_000 }, updater));

    expect(seen.incidents[0]).not.toMatchObject({ ending: 'recovered' });
    expect(branchCame({ ...seen, incident: seen.incidents[0] ?? seen.incident })).toMatchObject({
      isGood: false,
      pushed: ['Revert "Ship release 4"'],
      violations: [],
    });
    expect(seen.pages).not.toEqual([]);
    const quarantined = [...seen.environment.world.items.values()].filter(({ sk }) =>
      sk.startsWith('quarantine#'),
    );
    expect(quarantined.map(({ target }) => target)).toContain(BRANCH);
  });

  it('in Git alone, and Argo CD will see it in minutes: what it has synced is no recovery', async () => {
    const verifies = { function: 'verify-recovery', operation: 'lambda.Init' } as const;
    const seen = await branchDay({}, somebody(verifies, shipUnseen));

    const { [BRANCH]: good } = seen.service.baselines[0] ?? {};
    const [verdict] = await seen.read.verdicts(seen.incidents[0]?.id ?? '');
    expect(verdict?.reasons.join()).toMatch(
      new RegExp(`^${BRANCH.replace(/[.]/g, '\\.')} serves ${good?.value}, [0-9a-f]{40}$`),
    );
    expect(seen.incidents[0]).not.toMatchObject({ ending: 'recovered' });
    expect(seen.pages).not.toEqual([]);
    expect(seen.violations).toEqual([]);
  });
});

describe('a refresh that gets lost', () => {
  it('is waited for in vain, and asked for again: nothing is pushed twice', async () => {
    const seen = await branchDay({ ladder: [[canary], [commit]] }, (environment) =>
      environment.later(190_000, () => {
        environment.applications.deafUntil = environment.scheduler.clock.now() + 45_000;
      }),
    );

    expect(branchCame(seen).pushed).toEqual(['Revert "Ship release 4"']);
    expect(seen.violations).toEqual([]);
  });

  it('with the push of another service in between: a later commit is as good', async () => {
    const seen = await branchDay(
      {},
      both(somebody({ ...PUSH, operation: 'argocd.PatchApplication' }, pushBeside)),
    );

    expect(branchCame(seen)).toEqual(WELL);
  });

  it('by a crash after it: the next attempt finds the push, and waits for the sync', async () => {
    const seen = await branchDay({}, (environment) => {
      environment.script = fate(
        { function: 'apply-git', operation: 'argocd.PatchApplication' },
        'crash after',
      );
    });

    expect(branchCame(seen)).toMatchObject({ ...WELL, steps: { '1.1': 'applied', '1.1.s1': 'already' } });
  });
});

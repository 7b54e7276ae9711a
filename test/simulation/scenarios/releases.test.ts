import { describe, expect, it } from '@jest/globals';
import { beginUpgrade, endUpgrade } from '../../../lib/adapters/memory/helm.ts';
import { applyImages, podHashOf } from '../../../lib/adapters/memory/rollout.ts';
import { breakGoodPods, forgetGood, jobDies } from '../../../lib/simulation/cluster-others.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { EXAMPLE_3, HASH, RELEASE_BACK, REVISION } from '../clusters.ts';
import type { Day } from '../scenario.ts';
import { clusterServices } from '../seeds.ts';
import { fate } from './faults.ts';
import { BAD, clusterCame, clusterDay, GOOD, LEFT, somebody, type Turn, WELL } from './on-cluster.ts';

const RUN = { function: 'apply-helm', operation: 'helm.Rollback' } as const;
/** A run of Helm is two calls: it writes its revision, then it sends the objects. */
const SENDS = { ...RUN, from: 2 } as const;
/** The release rolled back, and with it the canary is over. */
const BACK = { ...WELL, steps: { '1.1': 'applied', '1.1.s1': 'already' } } as const;
const UNTOUCHED = { serves: { [GOOD]: 90, [BAD]: 10 }, template: BAD } as const;

/** However often Helm had to be run. */
const DEPLOYED = expect.stringMatching(/^\d+ deployed$/);

const scripted = (script: Environment['script']) => (environment: Environment) => {
  environment.script = script;
};

const helmEnds = (how: 'killed' | 'killed-late' | 'refused') =>
  somebody({ at: 190_000 }, ({ world }) => {
    const helm = world.releases.get(REVISION);
    if (helm) helm.fate = how;
  });

/** A job of CI ships something of its own, and waits half a minute for its pods. */
const jobOfCi: Turn = (environment) => {
  const { world, witness } = environment;
  const run = beginUpgrade(world, REVISION, {
    workloads: { 'Deployment/model-svc': { app: 'model-svc:theirs' } },
  });
  environment.later(30_000, () => witness.somebody('the job ends', () => endUpgrade(run)));
};

/** Seconds of the day at which these calls took effect. */
const callTimes = ({ environment }: Day, operation: string): number[] =>
  environment.witness.trace.filter((line) => line.endsWith(` ${operation}`)).map(Number.parseFloat);

describe('a bad release', () => {
  it('is rolled back to the revision of the baseline', async () => {
    expect(clusterCame(await clusterDay({ ladder: RELEASE_BACK }))).toEqual(BACK);
  });

  it('the ladder of Example 3: the flag off, it goes on, and the release is rolled back', async () => {
    const breaks = ['new-features', 'model-release', 'model-canary'];
    const seen = await clusterDay({ ladder: EXAMPLE_3, breaks });

    expect(clusterCame(seen)).toEqual({
      ...WELL,
      steps: { '1.1': 'applied', '2.1': 'applied', '2.1.s1': 'already' },
      release: ['3', '6 deployed'],
    });
    expect(seen.incidents).toHaveLength(1);
  });

  it('the ladder of Example 3: where the flag was all, Helm is not run', async () => {
    const seen = await clusterDay({ ladder: EXAMPLE_3, breaks: ['new-features'] });

    expect(clusterCame(seen)).toEqual({ ...WELL, steps: { '1.1': 'applied' }, release: ['3', '3 deployed'] });
  });
});

describe('F33: Helm is ended in the middle', () => {
  it.each([
    ['before it sent anything', 'killed'],
    ['after it sent all', 'killed-late'],
  ] as const)('%s: the next run names its revision, and finishes it', async (_, how) => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, helmEnds(how));

    expect(clusterCame(seen)).toEqual({ ...BACK, release: ['3', DEPLOYED] });
  });

  it('with its function: the next attempt finishes it', async () => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, scripted(fate(RUN, 'crash after')));

    expect(clusterCame(seen)).toMatchObject({ ...BACK, release: ['3', DEPLOYED] });
  });

  it('as it settles an abort: users were freed before, and the template follows', async () => {
    const seen = await clusterDay({}, scripted(fate(RUN, 'crash after')));

    expect(clusterCame(seen)).toMatchObject({ ...WELL, release: ['3', DEPLOYED] });
  });

  it('and it is refused an object: nothing is claimed, people are paged', async () => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, helmEnds('refused'));

    expect(clusterCame(seen)).toMatchObject({ ...LEFT, ...UNTOUCHED, violations: [] });
  });

  it('by a job of CI, moments ago: it may be alive, so it is waited for; then its revision is gone over', async () => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, somebody({ at: 200_000 }, jobDies));

    expect(clusterCame(seen)).toEqual({ ...BACK, release: ['3', '6 deployed'] });
    const [begun] = callTimes(seen, 'helm.Rollback');
    expect(begun).toBeGreaterThan(200 + 60);
  });

  it('by nobody: a job of CI that ends while we wait has the last word, and people are paged', async () => {
    const sincePlan = { function: 'apply-helm', operation: 'lambda.Init' } as const;
    const seen = await clusterDay({ ladder: RELEASE_BACK }, somebody(sincePlan, jobOfCi));

    expect(clusterCame(seen)).toMatchObject({
      ...LEFT,
      steps: { '1.1': 'conflict', '1.1.s1': 'not-begun' },
      release: ['5', '5 deployed'],
      violations: [],
    });
    expect(callTimes(seen, 'helm.Rollback')).toEqual([]);
  });
});

describe('F34: it is asked for over and over', () => {
  it('eight events and a lost answer: one revision is added', async () => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, (environment) => {
      const copies = Array.from({ length: 8 }, (_, n) => 300 + 10 * n);
      environment.bus.script = ({ state }) => (state === 'ALARM' ? copies : undefined);
      environment.script = fate(SENDS, 'loseReply');
    });

    expect(clusterCame(seen)).toEqual(BACK);
  });
});

describe('F35: the target revision is pruned', () => {
  it('when it is planned: it is not pulled, and the page says so', async () => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, somebody({ at: 190_000 }, forgetGood('helm')));

    expect(seen.incidents[0]).toMatchObject({ ending: 'refused' });
    expect(seen.pages[0]?.text).toContain('version "3" is missing');
  });

  it('between the look and the run: users were freed by the abort, the page says what is not settled', async () => {
    const seen = await clusterDay({}, somebody(RUN, forgetGood('helm')));

    expect(clusterCame(seen)).toEqual({
      ...WELL,
      steps: { '1.1': 'applied', '1.1.s1': 'failed' },
      template: BAD,
      release: ['4', '4 deployed'],
      pages: ['model-svc (local) recovered'],
    });
    expect(seen.pages[0]?.text).toContain('release has no 3 version');
  });
});

describe('F36: Helm hangs', () => {
  it.each([
    ['before it writes its revision', RUN],
    ['before it sends the objects', SENDS],
  ])('%s: its time runs out, and the next attempt looks again', async (_, calls) => {
    const seen = await clusterDay({ ladder: RELEASE_BACK }, scripted(fate(calls, 'hang')));

    expect(clusterCame(seen)).toMatchObject({ ...BACK, release: ['3', DEPLOYED] });
  });
});

describe('F37: Helm says success, and the pods never become ready', () => {
  it('it is not recovered, and the page names the workload', async () => {
    const seen = await clusterDay(
      { ladder: RELEASE_BACK, breaks: ['model-release'] },
      somebody({ at: 190_000 }, breakGoodPods),
    );

    expect(clusterCame(seen)).toMatchObject({ ...LEFT, violations: [] });
    expect(seen.incident.reasons).toEqual([`${REVISION} serves 3, Deployment/model-svc is not ready`]);
  });
});

describe('somebody sets an image past Helm', () => {
  it('the canary is aborted, and Helm sends the template that it says it has', async () => {
    const images = { app: 'model-svc:by-hand' };
    const seen = await clusterDay(
      { breaks: [] },
      somebody({ at: 180_000 }, ({ world }, service) => {
        applyImages(world, HASH, images);
        service.bad.set(HASH, new Set([podHashOf(images)]));
      }),
    );

    expect(clusterCame(seen)).toEqual({ ...WELL, release: ['3', DEPLOYED] });
  });
});

describe('a model and the job that feeds it, two releases', () => {
  const ranker = clusterServices().find(({ service }) => service.name === 'ranker');

  it.each(['canary', 'complete'] as const)('(%s) go back together, in one incident', async (stage) => {
    if (!ranker) throw new Error('Cannot play the day of "ranker": environment "local" has no such service');
    const breaks = ['requests', 'model', 'transform'];
    const seen = await clusterDay({ services: [ranker], breaks, stage });

    expect(seen.incident).toMatchObject({ ending: 'recovered', state: 'closed' });
    expect(seen.holds).toMatchObject({
      'helm:shop/shop/ranker': '3',
      'helm:shop/shop/ranker-transform': '3',
      'rollout-spec:shop/shop/ranker': seen.holds['rollout:shop/shop/ranker'],
    });
    expect(seen.receipts.filter(({ phase }) => phase === 'apply').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['model', 'transform']),
    );
    expect(seen.pages).toEqual([]);
    expect(seen.violations).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { applyImages, controllerOf, podHashOf } from '../../../lib/adapters/memory/rollout.ts';
import { itemKey } from '../../../lib/adapters/memory/world.ts';
import { OutsideRefusal, OutsideTrouble } from '../../../lib/core/errors.ts';
import { keys } from '../../../lib/core/keys.ts';
import { abort, forgetGood, promote, relaunch } from '../../../lib/simulation/cluster-others.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { Fate } from '../../../lib/simulation/worker.ts';
import { argo, CANARY_BACK, COUNTED, canary, HASH, modelSvc, nobody, release } from '../clusters.ts';
import { fate } from './faults.ts';
import {
  BAD,
  BAD_OF_OTHERS,
  clusterCame,
  clusterDay,
  GOOD,
  LEFT,
  NOT_PULLED,
  refused,
  somebody,
  type Turn,
  UNTOUCHED,
  WELL,
} from './on-cluster.ts';

const PATCH = { function: 'apply-rollout', operation: 'kubernetes.PatchRollout' } as const;
/** Nobody's Rollout: the release knows nothing of it. */
const NOBODYS = { ...WELL, release: ['3', '3 deployed'] } as const;

describe('a bad canary', () => {
  it('of Helm: it is aborted, and a rollback puts its template right', async () => {
    expect(clusterCame(await clusterDay())).toEqual(WELL);
  });

  it("of nobody's: it is aborted, and its template is patched", async () => {
    expect(clusterCame(await clusterDay({ ownerOf: nobody }))).toEqual(NOBODYS);
  });

  it('of Argo CD: nothing is pulled, and the page says where it has to be rolled back', async () => {
    const { incidents, pages, holds } = await clusterDay({ ownerOf: argo });

    expect(incidents[0]).toMatchObject({ ending: 'refused', state: 'closed' });
    expect(pages[0]?.text).toContain('Argo CD application "model-svc" owns its spec');
    expect(pages[0]?.text).toContain('the commit has to be reverted in Git');
    expect(holds).toMatchObject({ [HASH]: BAD_OF_OTHERS });
  });

  it('whose requests are counted: recovered is what users were answered by', async () => {
    const seen = await clusterDay({ services: [modelSvc(CANARY_BACK, { traffic: COUNTED })] });

    expect(clusterCame(seen)).toEqual(WELL);
    const [served] = (await seen.read.verdicts(seen.incident.id)).at(-1)?.served ?? [];
    expect(served).toMatchObject({ good: true, shares: { requests: { [BAD]: 0 } } });
    expect(served?.shares?.requests[GOOD]).toBeGreaterThanOrEqual(COUNTED.least);
    expect(served?.workload?.weights).toEqual({ [GOOD]: 100 });
    const look = seen.environment.world.items.get(itemKey(keys.look(seen.incident.id)));
    expect(look).toMatchObject({
      rung: 1,
      served: [
        {
          target: HASH,
          shares: { windowSeconds: expect.any(Number) },
          workload: { sets: expect.arrayContaining([expect.objectContaining({ hash: BAD })]) },
        },
      ],
    });
  });

  it('that a person aborts before anything is planned: its template is put right all the same', async () => {
    const seen = await clusterDay({}, somebody({ at: 204_500 }, abort));

    expect(clusterCame(seen)).toEqual({ ...WELL, steps: { '1.1': 'already', '1.1.s1': 'applied' } });
  });

  it('that is started again between abort and settling: the rollback of its template ends it', async () => {
    const before = { function: 'apply-helm', operation: 'helm.Rollback' } as const;

    expect(clusterCame(await clusterDay({}, somebody(before, relaunch)))).toEqual(WELL);
  });
});

describe('F29: the patch of a Rollout', () => {
  it.each<[string, Fate, string]>([
    ['whose answer is lost', 'loseReply', 'applied'],
    ['that never arrives', 'drop', 'applied'],
    ['that is slow', 'slow', 'applied'],
    ['whose function dies after it: it is found done', 'crash after', 'already'],
    ['whose function dies before it', 'crash', 'applied'],
  ])('%s: the canary is aborted once', async (_, what, outcome) => {
    const seen = await clusterDay({}, (environment) => {
      environment.script = fate(PATCH, what);
    });

    expect(clusterCame(seen)).toEqual({ ...WELL, steps: { '1.1': outcome, '1.1.s1': 'applied' } });
  });

  it('that is throttled is sent again', async () => {
    const seen = await clusterDay({}, refused(PATCH, new OutsideTrouble('429: try again later')));

    expect(clusterCame(seen)).toEqual(WELL);
  });
});

describe('F27, F28: the cluster does not let us', () => {
  const forbidden = new OutsideRefusal('forbidden (403): cannot patch resource "rollouts/status"');
  const unknown = new OutsideRefusal('unauthorized (401): not known to the cluster, with a new token either');

  it.each([
    ['403', forbidden],
    ['401', unknown],
  ])('%s: it is not asked again, and the page says what is missing', async (_, error) => {
    const seen = await clusterDay({}, refused({ ...PATCH, to: 99 }, error));

    expect(clusterCame(seen)).toEqual({ ...WELL, ...UNTOUCHED, ...LEFT, steps: NOT_PULLED });
    expect(seen.pages[0]?.text).toContain(error.message);
    expect(seen.environment.world.trouble.calls.get('kubernetes.PatchRollout')).toBeUndefined();
  });

  it('the next rung is the fallback: what may be done is done', async () => {
    const seen = await clusterDay(
      { ladder: [[canary], [release]] },
      refused({ ...PATCH, to: 99 }, forbidden),
    );

    expect(clusterCame(seen)).toEqual({
      ...WELL,
      steps: { ...NOT_PULLED, '2.1': 'applied', '2.1.s1': 'already' },
      pages: ['model-svc (local) recovered'],
    });
  });
});

describe('F30: the bad release has everything', () => {
  it('of Helm: the release is rolled back, and the good hash promoted in full', async () => {
    expect(clusterCame(await clusterDay({ stage: 'complete' }))).toEqual(WELL);
  });

  it("of nobody's: its template is patched, and the good hash promoted in full", async () => {
    const seen = await clusterDay({ stage: 'complete', ownerOf: nobody });

    expect(clusterCame(seen)).toEqual({ ...NOBODYS, steps: { '1.1': 'applied', '1.1.s1': 'already' } });
  });

  it("of nobody's, and the good ReplicaSet is gone: nothing is pulled, people are paged", async () => {
    const seen = await clusterDay(
      { stage: 'complete', ownerOf: nobody },
      somebody({ at: 190_000 }, forgetGood('rollout')),
    );

    expect(seen.incidents[0]).toMatchObject({ ending: 'refused' });
    expect(seen.pages[0]?.text).toContain(`version "${GOOD}" is missing`);
  });

  it.each([
    ['Helm', {}, WELL],
    ['nobody', { ownerOf: nobody }, NOBODYS],
  ] as const)(
    'a person promotes it just before our abort, and it is owned by %s',
    async (_, setting, well) => {
      expect(clusterCame(await clusterDay(setting, somebody(PATCH, promote)))).toEqual(well);
    },
  );
});

describe('somebody ships another version just before our patch', () => {
  const theirs = podHashOf({ app: 'model-svc:theirs' });
  const ship = ({ world }: Environment) => applyImages(world, HASH, { app: 'model-svc:theirs' });
  /** Its controller has seen it before our patch arrives. */
  const shipAndSee: Turn = (environment) => {
    ship(environment);
    controllerOf(environment.world, HASH, 'up');
    controllerOf(environment.world, HASH, 'down');
  };

  it('and the controller has not seen it: our abort would be wiped, so it is not sent', async () => {
    const seen = await clusterDay({}, somebody(PATCH, ship));

    expect(clusterCame(seen)).toMatchObject({ ...LEFT, steps: { ...NOT_PULLED, '1.1': 'conflict' } });
    expect(seen.environment.witness.moves.filter(({ by }) => by !== 'somebody')).toEqual([]);
    expect(seen.violations).toEqual([]);
  });

  it('and it stands where the good one stood: it is not promoted', async () => {
    const promotion = { ...PATCH, nth: 2 };
    const seen = await clusterDay({ stage: 'complete', ownerOf: nobody }, somebody(promotion, shipAndSee));

    expect(clusterCame(seen)).toMatchObject({
      ...LEFT,
      steps: { ...NOT_PULLED, '1.1': 'conflict' },
      serves: { [BAD_OF_OTHERS]: 90, [theirs]: 10 },
      violations: [],
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { deleteRollout } from '../../../lib/simulation/cluster-others.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { canary, off } from '../clusters.ts';
import {
  clusterCame,
  clusterDay,
  controllerDown,
  GOOD,
  LEFT,
  NOT_PULLED,
  somebody,
  UNTOUCHED,
  WELL,
} from './on-cluster.ts';

describe('F31: the Rollouts controller is down', () => {
  it('for long: an abort that nobody carries out is no recovery', async () => {
    const seen = await clusterDay({}, controllerDown({ at: 190_000, minutes: 30 }));

    expect(clusterCame(seen)).toEqual({ ...WELL, ...UNTOUCHED, ...LEFT, steps: NOT_PULLED });
    expect(seen.pages[0]?.text).toContain(
      'its controller has not carried out the abort in time (is it running?)',
    );
  });

  it('for half a minute: the wait for its effect outlasts it', async () => {
    expect(clusterCame(await clusterDay({}, controllerDown({ at: 190_000, minutes: 0.5 })))).toEqual(WELL);
  });

  it('the next rung is tried, and does not prove what it did not free', async () => {
    const seen = await clusterDay(
      { ladder: [[canary], [off]], breaks: ['model-canary', 'new-features'] },
      controllerDown({ at: 190_000, minutes: 30 }),
    );

    expect(clusterCame(seen)).toEqual({
      ...WELL,
      ...UNTOUCHED,
      ...LEFT,
      steps: { ...NOT_PULLED, '2.1': 'applied' },
    });
  });

  it('it comes back after people were paged, and carries out what was asked: the abort, never the bad one', async () => {
    const seen = await clusterDay({}, controllerDown({ at: 190_000, minutes: 5 }));

    expect(clusterCame(seen)).toMatchObject({ ...LEFT, serves: { [GOOD]: 100 }, violations: [] });
  });
});

describe('F32: the Rollout is not there', () => {
  it('other levers go on, and people hear of it', async () => {
    const seen = await clusterDay(
      { ladder: [[off], [canary]], breaks: ['new-features', 'model-canary'] },
      somebody({ at: 190_000 }, deleteRollout),
    );

    expect(clusterCame(seen)).toMatchObject({
      end: 'recovered, closed',
      steps: { '1.1': 'applied' },
      pages: ['model-svc (local) recovered'],
      violations: [],
    });
    expect(seen.pages[0]?.text).toContain('cannot be observed');
  });
});

describe('the API of the cluster is down', () => {
  const forMinutes = (at: number, minutes: number) => (environment: Environment) => {
    environment.later(at, () => {
      environment.down.set('kubernetes', environment.scheduler.clock.now() + minutes * 60_000);
    });
  };

  it('when it is planned: nothing is pulled blindly', async () => {
    const seen = await clusterDay({}, forMinutes(204_000, 2));

    expect(seen.incidents[0]).toMatchObject({ ending: 'refused' });
    expect(seen.environment.witness.moves.filter(({ by }) => by.startsWith('apply'))).toEqual([]);
    expect(seen.pages).not.toEqual([]);
  });

  it('while recovery is verified: what is served cannot be seen, so nothing is proven of it', async () => {
    const seen = await clusterDay({}, forMinutes(225_000, 15));

    expect(clusterCame(seen)).toMatchObject({ ...LEFT, serves: { [GOOD]: 100 }, violations: [] });
  });
});

import { describe, expect, it } from '@jest/globals';
import { clustersToAsk, isReachable, moved } from '../../lib/core/cluster-addresses.ts';
import { withAddresses } from '../../lib/core/release.ts';
import { aBaseline, aBranch, anAlias, anArmedService, aRollout } from '../builders.ts';

const at = (host: string) => ({ shop: { endpoint: `https://${host}`, ca: 'bm9uZQ==' } });
const pods = { kind: 'deployment', cluster: 'shop', namespace: 'ml', name: 'web' } as const;
const armed = (shop: object) => anArmedService({ clusters: { shop } });

describe('F51: where a cluster is', () => {
  it('is what the newest baseline found, whatever the order of the list', () => {
    const baselines = [
      aBaseline({ recordedAt: 1, clusters: at('old') }),
      aBaseline({ recordedAt: 3, clusters: at('new') }),
      aBaseline({ recordedAt: 2 }),
    ];

    expect(withAddresses(armed({ eks: 'prod-eu' }), baselines).clusters).toEqual({
      shop: { eks: 'prod-eu', endpoint: 'https://new', ca: 'bm9uZQ==', recorded: true },
    });
  });

  it('is what the environment says where it says so', () => {
    const given = { eks: 'prod-eu', endpoint: 'https://given', ca: 'aaaa' };

    expect(withAddresses(armed(given), [aBaseline({ clusters: at('found') })]).clusters).toEqual({
      shop: given,
    });
  });

  it('is not known without a baseline: then EKS is asked', () => {
    expect(withAddresses(armed({ eks: 'prod-eu' }), []).clusters).toEqual({ shop: { eks: 'prod-eu' } });
  });
});

describe('issue 5: endpoint and CA are resolved when armed, refreshed at plan if EKS answers', () => {
  const address = { endpoint: 'https://old', ca: 'b2xk' };
  const used = (shop: object) => anArmedService({ clusters: { shop }, service: { levers: [aRollout()] } });

  it.each([
    ['a cluster of which nothing is known', { eks: 'prod-eu' }, true],
    ['one whose address was recorded with a baseline', { eks: 'prod-eu', ...address, recorded: true }, true],
    ['one whose endpoint stands in environment.yaml', { eks: 'prod-eu', ...address }, false],
    ['one that is not EKS', { ...address, secret: 'arn:secret' }, false],
  ])('asks about %s: %s', (_, shop, asked) => {
    expect(clustersToAsk(used(shop))).toEqual(asked ? [['shop', 'prod-eu']] : []);
  });

  it.each([
    ['an alias restarts pods', anAlias({ reload: pods })],
    ['an Application follows a branch', aBranch()],
  ])('asks about a cluster where %s', (_, lever) => {
    const armed = anArmedService({ clusters: { shop: { eks: 'prod-eu' } }, service: { levers: [lever] } });

    expect(clustersToAsk(armed)).toEqual([['shop', 'prod-eu']]);
  });

  it('asks about no cluster that none of its levers is in', () => {
    const [flag] = anArmedService().service.levers;
    const armed = anArmedService({
      clusters: { shop: { eks: 'prod-eu' } },
      service: { levers: flag ? [flag] : [] },
    });

    expect(clustersToAsk(armed)).toEqual([]);
  });

  it('is reachable without an answer where every address is known', () => {
    expect(isReachable(used({ eks: 'prod-eu', ...address, recorded: true }))).toBe(true);
    expect(isReachable(used({ eks: 'prod-eu' }))).toBe(false);
    expect(isReachable(used({ eks: 'prod-eu', endpoint: 'https://old', recorded: true }))).toBe(false);
  });

  it('keeps every other word of a cluster that has moved, and is silent about one that has not', () => {
    const armed = used({ eks: 'prod-eu', ...address, recorded: true });

    expect(moved(armed, { shop: address })).toBeUndefined();
    expect(moved(armed, {})).toBeUndefined();
    for (const news of [
      { ...address, ca: 'bmV3' },
      { ...address, endpoint: 'https://new' },
    ])
      expect(moved(armed, { shop: news })).toEqual({ shop: { eks: 'prod-eu', ...news, recorded: true } });
  });
});

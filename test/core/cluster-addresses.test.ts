import { describe, expect, it } from '@jest/globals';
import { withAddresses } from '../../lib/core/release.ts';
import { aBaseline, anArmedService } from '../builders.ts';

const at = (host: string) => ({ shop: { endpoint: `https://${host}`, ca: 'bm9uZQ==' } });
const armed = (shop: object) => anArmedService({ clusters: { shop } });

describe('F51: where a cluster is', () => {
  it('is what the newest baseline found, whatever the order of the list', () => {
    const baselines = [
      aBaseline({ recordedAt: 1, clusters: at('old') }),
      aBaseline({ recordedAt: 3, clusters: at('new') }),
      aBaseline({ recordedAt: 2 }),
    ];

    expect(withAddresses(armed({ eks: 'prod-eu' }), baselines).clusters).toEqual({
      shop: { eks: 'prod-eu', endpoint: 'https://new', ca: 'bm9uZQ==' },
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

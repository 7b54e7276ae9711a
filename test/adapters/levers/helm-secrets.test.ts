import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type ReleaseSecret, revisionsIn } from '../../../lib/adapters/levers/helm/secrets.ts';
import { packed } from './helm-cluster.ts';

const MANIFEST = '---\n# Source: web/templates/web.yaml\nkind: Deployment\n';

/** As Helm 4.1.4 wrote it (`helm get` shows less), values and chart shortened. */
const release = (over: object = {}) => ({
  name: 'web',
  info: {
    first_deployed: '2026-11-21T16:04:46.788845308Z',
    last_deployed: '2026-11-21T16:04:48.665727909Z',
    description: 'Upgrade complete',
    status: 'superseded',
    notes: 'password: hunter2',
  },
  chart: {
    metadata: { name: 'web', version: '0.1.0' },
    templates: [{ name: 'templates/web.yaml', data: 'e30=' }],
  },
  config: { password: 'hunter2' },
  manifest: MANIFEST,
  version: 2,
  namespace: 'shop',
  apply_method: 'ssa',
  ...over,
});

const secret = (over: Partial<ReleaseSecret> = {}): ReleaseSecret => ({
  metadata: { name: 'sh.helm.release.v1.web.v2', creationTimestamp: '2026-11-21T16:04:50Z' },
  type: 'helm.sh/release.v1',
  data: { release: packed(release()) },
  ...over,
});
const holding = (text: string) => secret({ data: { release: Buffer.from(text).toString('base64') } });

describe('a release Secret', () => {
  it('gives number, status, description, digest of the manifest and when it was made', () => {
    expect(revisionsIn([secret()])).toEqual([
      {
        number: 2,
        status: 'superseded',
        description: 'Upgrade complete',
        digest: createHash('sha256').update(MANIFEST.trim()).digest('hex'),
        startedAt: Date.UTC(2026, 10, 21, 16, 4, 50),
        manifest: MANIFEST,
        namespace: 'shop',
      },
    ]);
  });

  it('gives the time of whoever ran Helm where the cluster gave none', () => {
    const [revision] = revisionsIn([secret({ metadata: { name: 'sh.helm.release.v1.web.v2' } })]);

    expect(revision?.startedAt).toBe(Date.UTC(2026, 10, 21, 16, 4, 48, 665));
  });

  it('is also read as Helm kept it before it packed them', () => {
    const [revision] = revisionsIn([holding(Buffer.from(JSON.stringify(release())).toString('base64'))]);

    expect(revision?.number).toBe(2);
  });

  it('may lack a manifest and a description', () => {
    const bare = { version: 1, namespace: 'shop', info: { status: 'failed', last_deployed: '' } };

    expect(revisionsIn([secret({ data: { release: packed(bare) } })])).toMatchObject([
      { number: 1, description: '', manifest: '' },
    ]);
  });

  it('is one of Helm only by its type, whatever its labels', () => {
    expect(revisionsIn([secret({ type: 'Opaque' }), { metadata: { name: 'mine' } }])).toEqual([]);
  });

  it.each([
    ['no data', secret({ data: {} })],
    ['no base64', secret({ data: { release: '%%%' } })],
    ['no gzip', holding('hunter2')],
    ['no JSON', holding(gzipSync('hunter2').toString('base64'))],
    ['no release', secret({ data: { release: packed({ password: 'hunter2' }) } })],
    ['a revision 0', secret({ data: { release: packed(release({ version: 0 })) } })],
    ['a bomb', secret({ data: { release: packed(release({ manifest: ' '.repeat(65 * 1024 * 1024) })) } })],
  ])('I9: with %s is refused by name, without what is in it', (_, spoiled) => {
    const failed = (() => {
      try {
        return revisionsIn([spoiled]);
      } catch (error) {
        return error as Error;
      }
    })();

    expect(failed).toMatchObject({
      name: 'OutsideRefusal',
      message: 'Cannot read Secret "sh.helm.release.v1.web.v2": it is not a release as Helm keeps one',
    });
    expect((failed as Error).cause).toBeUndefined();
  });
});

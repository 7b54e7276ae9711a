import { describe, expect, it } from '@jest/globals';
import { OutsideRefusal } from '../../../lib/core/errors.ts';
import {
  anApplication,
  BAD,
  type Fields,
  LEVER,
  OLD,
  ran,
  SOURCE,
  standing,
  syncing,
} from './an-application.ts';

const seen = (status: Fields = {}, over: Fields = {}) =>
  syncing({ manifest: { ...anApplication({ status }), ...over } }).syncer.observe(LEVER);
const follows = (source: Fields) =>
  syncing({ manifest: anApplication({ spec: { source: { ...SOURCE, ...source } } }) }).syncer.observe(LEVER);

describe('an Application as it is seen', () => {
  it('says which commit it has synced, by itself, and how it is', async () => {
    expect(await seen()).toEqual({ revision: BAD, auto: true, selfHeal: true, health: 'Healthy' });
  });

  it('is not synced while it differs from Git, is not compared, or a sync runs', async () => {
    expect((await seen({ sync: { status: 'OutOfSync', revision: BAD } })).unsynced).toBe('OutOfSync');
    expect((await seen({ sync: null })).unsynced).toBe('sync unknown: it was not compared yet');
    expect((await seen({ operationState: ran('Running', BAD) })).unsynced).toBe('sync running');
    expect((await seen({}, { operation: { sync: {} } })).unsynced).toBe('sync running');
  });

  it('is not synced where the sync of that commit failed, and tells why in one line without credentials', async () => {
    const message = 'one or more objects failed\nto apply: password=hunter2secret, reason: x';
    const state = await seen({ operationState: ran('Failed', BAD, message) });

    expect(state.unsynced).toMatch(
      /^sync failed: one or more objects failed to apply: password=\[redacted\]/,
    );
  });

  it('is not synced where a failed sync is tried again: it says that it runs', async () => {
    const operationState = { ...ran('Running', BAD, 'failed to apply'), finishedAt: '2026-11-21T12:00:00Z' };

    expect((await seen({ operationState })).unsynced).toBe('sync failed: failed to apply');
  });

  it('is synced where only the sync of an earlier commit failed: what is live was compared since', async () => {
    expect((await seen({ operationState: ran('Failed', OLD) })).unsynced).toBeUndefined();
  });

  it('F42: a Healthy beside a ComparisonError is not believed', async () => {
    const conditions = [{ type: 'ComparisonError', message: 'failed to list refs: connection refused' }];
    const state = await seen({ conditions });

    expect(state.unsynced).toBe('sync unknown: failed to list refs: connection refused');
  });

  it('without auto-sync does not heal itself, whatever it says', async () => {
    const off = { source: SOURCE, syncPolicy: { automated: { enabled: false, selfHeal: true } } };

    expect(await syncing({ manifest: anApplication({ spec: off }) }).syncer.observe(LEVER)).toMatchObject({
      auto: false,
      selfHeal: false,
    });
    expect(
      await syncing({ manifest: anApplication({ spec: { source: SOURCE, syncPolicy: {} } }) }).syncer.observe(
        LEVER,
      ),
    ).toMatchObject({ auto: false });
  });
});

describe('who writes an Application', () => {
  const parent = async (metadata: Fields) =>
    (
      await syncing({
        manifest: anApplication({ metadata: { resourceVersion: '1', ...metadata } }),
      }).syncer.observe(LEVER)
    ).parent;
  const tracking = (id: string) => ({ annotations: { 'argocd.argoproj.io/tracking-id': id } });

  it('is an ApplicationSet that owns it, or the Application that tracks it', async () => {
    expect(await parent({ ownerReferences: [{ kind: 'ApplicationSet', name: 'models' }] })).toBe(
      'ApplicationSet models',
    );
    expect(await parent(tracking('root:argoproj.io/Application:argocd/churn'))).toBe('Application root');
    expect(await parent(tracking('ops_root:argoproj.io/Application:argocd/churn'))).toBe('Application root');
    expect(await parent({ labels: { 'argocd.argoproj.io/instance': 'root' } })).toBe('Application root');
  });

  it('is nobody where the annotation was copied from another object', async () => {
    expect(await parent(tracking('root:argoproj.io/Application:argocd/other'))).toBeUndefined();
    expect(await parent({})).toBeUndefined();
  });
});

describe('an Application that does not follow the lever', () => {
  it('is refused with what it follows', async () => {
    await expect(follows({ targetRevision: 'v1' })).rejects.toThrow(
      'Cannot use Application "churn" in "argocd": it follows revision "v1", the lever\'s branch is "main"',
    );
    await expect(follows({ repoURL: 'https://bob:p@w@git.example.com/other.git' })).rejects.toThrow(
      'it follows repository "https://git.example.com/other.git", the lever\'s is "https://git.example.com/shop/deploy.git"',
    );
    await expect(follows({ chart: 'churn' })).rejects.toThrow(
      'it follows chart "churn" of a Helm repository',
    );
    await expect(follows({ repoURL: null })).rejects.toThrow('it has no source');
  });

  it('is refused with several sources, or hydrated ones', async () => {
    const spec = (over: Fields) => syncing({ manifest: anApplication({ spec: over }) }).syncer.observe(LEVER);

    await expect(spec({ sources: [SOURCE, SOURCE] })).rejects.toThrow('several sources (spec.sources)');
    await expect(spec({ source: SOURCE, sourceHydrator: {} })).rejects.toThrow('hydrated manifests');
  });

  it('is followed through other spellings of one URL and one branch', async () => {
    for (const repoURL of [
      'https://GIT.example.com/shop/deploy',
      'https://git.example.com:443/shop/deploy.git/',
      'https://argocd@git.example.com/shop/deploy.git',
    ])
      await expect(follows({ repoURL })).resolves.toMatchObject({ revision: BAD });
    for (const targetRevision of ['refs/heads/main', 'HEAD', ''])
      await expect(follows({ targetRevision })).resolves.toMatchObject({ revision: BAD });
  });

  it('is refused where it is not there', async () => {
    const { client, syncer } = syncing();
    Object.assign(client, { get: async () => ({ status: 404, message: 'applications "churn" not found' }) });

    await expect(syncer.observe(LEVER)).rejects.toBeInstanceOf(OutsideRefusal);
    await expect(syncer.observe(LEVER)).rejects.toThrow(
      'Cannot read Application "churn" in "argocd" of cluster "shop": applications "churn" not found',
    );
  });

  it('tells where an answer has another shape', async () => {
    const manifest = anApplication({ status: standing(BAD, { sync: 'Synced' }) });

    await expect(syncing({ manifest }).syncer.observe(LEVER)).rejects.toThrow(
      '"status.sync": expected object',
    );
  });
});

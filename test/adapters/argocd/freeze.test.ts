import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import {
  AUTOMATED,
  anApplication,
  type Fake,
  LEVER,
  type Manifest,
  ORDER,
  REVERT,
  SOURCE,
  standing,
  syncing,
} from './an-application.ts';

const policyOf = ({ spec }: Manifest) => (spec['syncPolicy'] as { automated?: unknown }).automated;
const FROZEN = 'reinstate/frozen';
const withParent = (over: Partial<Fake> = {}): Fake => ({
  manifest: anApplication({
    metadata: {
      resourceVersion: '1',
      annotations: { 'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/churn' },
    },
  }),
  meanwhile: (now, seconds) => {
    if (seconds >= 1) now.spec['syncPolicy'] = { automated: AUTOMATED };
  },
  ...over,
});

describe('F42: a freeze', () => {
  it('turns auto-sync off, keeps the policy, and is told to hold only after it was read back', async () => {
    const { syncer, state, clock } = syncing();

    expect(await syncer.freeze(LEVER, ORDER)).toBe(
      'auto-sync of Application "churn" in "argocd" is off, so nothing is synced',
    );
    expect(policyOf(state.manifest)).toEqual({ ...AUTOMATED, enabled: false });
    expect(clock.now()).toBe(3000);
    expect(await syncer.observe(LEVER)).toMatchObject({ auto: false, frozenBy: ORDER.incident });
  });

  it('takes the policy away where the version does not know `enabled` (before 3.1)', async () => {
    const { syncer, state } = syncing({ isOld: true });
    await syncer.freeze(LEVER, ORDER);

    expect(policyOf(state.manifest)).toBeUndefined();
    expect(await syncer.observe(LEVER)).toMatchObject({ auto: false, frozenBy: ORDER.incident });
  });

  it.each([false, true])('is restored to the very policy of before (before 3.1: %s)', async (isOld) => {
    const { syncer, state } = syncing({ isOld });
    const before = structuredClone(state.manifest);
    await syncer.freeze(LEVER, ORDER);
    await syncer.thaw(LEVER, ORDER);

    expect(state.manifest.spec).toEqual(before.spec);
    expect(state.manifest.metadata.annotations).toEqual({});
  });

  it('that a parent undoes is said not to hold, and leaves no mark that says otherwise', async () => {
    const { syncer, state } = syncing(withParent());

    expect(await syncer.freeze(LEVER, ORDER)).toBe(
      'auto-sync of Application "churn" in "argocd" was turned off and Application root turned it on again: the freeze does not hold',
    );
    expect(state.manifest.metadata.annotations).not.toHaveProperty([FROZEN]);
    expect((await syncer.observe(LEVER)).frozenBy).toBeUndefined();
  });

  it('asked for twice keeps the policy of the first time', async () => {
    const { syncer, sent, state } = syncing();
    await syncer.freeze(LEVER, ORDER);
    await syncer.freeze(LEVER, ORDER);
    expect(sent).toHaveLength(1);

    await syncer.thaw(LEVER, ORDER);
    expect(policyOf(state.manifest)).toEqual(AUTOMATED);
  });

  it('of what a person has turned off is none, and is not restored by us', async () => {
    const spec = { source: SOURCE, syncPolicy: { automated: { ...AUTOMATED, enabled: false } } };
    const { syncer, sent } = syncing({ manifest: anApplication({ spec }) });

    expect(await syncer.freeze(LEVER, ORDER)).toMatch(/was off already/);
    await syncer.thaw(LEVER, ORDER);
    expect(sent).toEqual([]);
  });

  it('is written again where the controller wrote in between, and given up where it always does', async () => {
    const conflict = { status: 409, message: 'the object has been modified' } as const;
    const { syncer, sent } = syncing({ refusals: [conflict, conflict] });
    await syncer.freeze(LEVER, ORDER);
    expect(sent).toHaveLength(1);

    const never = syncing({ refusals: [conflict, conflict, conflict, conflict] });
    await expect(never.syncer.freeze(LEVER, ORDER)).rejects.toBeInstanceOf(OutsideTrouble);
  });

  it('is left to the person who turned auto-sync off while we wrote', async () => {
    const { syncer, client, state, sent } = syncing();
    const taken = client.patch;
    Object.assign(client, {
      patch: async (...what: Parameters<typeof taken>) => {
        state.manifest.metadata.resourceVersion = '9';
        state.manifest.spec['syncPolicy'] = { automated: { ...AUTOMATED, enabled: false } };
        return taken(...what);
      },
    });

    await syncer.freeze(LEVER, ORDER);
    expect(sent).toHaveLength(1);
    expect(state.manifest.metadata.annotations).toBeUndefined();
  });

  it('ends by itself where a person turned auto-sync on again: only the mark goes', async () => {
    const { syncer, state } = syncing();
    await syncer.freeze(LEVER, ORDER);
    state.manifest.spec['syncPolicy'] = { automated: { prune: false } };
    expect((await syncer.observe(LEVER)).frozenBy).toBeUndefined();
    await syncer.thaw(LEVER, ORDER);

    expect(policyOf(state.manifest)).toEqual({ prune: false });
    expect(state.manifest.metadata.annotations).toEqual({});
  });

  it('is lifted before the revert is synced', async () => {
    const { syncer, state } = syncing({
      meanwhile: (now) => {
        if (policyOf(now) && now.metadata.annotations?.['argocd.argoproj.io/refresh']) {
          delete now.metadata.annotations['argocd.argoproj.io/refresh'];
          now.status = standing(REVERT);
        }
      },
    });
    await syncer.freeze(LEVER, ORDER);
    const reaches = async (revision: string) => revision === REVERT;
    await syncer.afterPush(LEVER, { ...ORDER, commit: REVERT, reaches, until: 60_000 });

    expect(policyOf(state.manifest)).toEqual(AUTOMATED);
  });

  it('in an annotation that nobody of ours wrote is none', async () => {
    const spec = { source: SOURCE, syncPolicy: {} };
    for (const text of ['nonsense', '{"incident":1}']) {
      const metadata = { resourceVersion: '1', annotations: { [FROZEN]: text } };
      const { syncer } = syncing({ manifest: anApplication({ metadata, spec }) });
      expect((await syncer.observe(LEVER)).frozenBy).toBeUndefined();
    }
  });
});

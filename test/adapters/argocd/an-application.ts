import { argocd } from '../../../lib/adapters/argocd/syncer.ts';
import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import type { KubeClient, Patch } from '../../../lib/adapters/kubernetes/client.ts';
import type { SyncedLever } from '../../../lib/adapters/levers/git/syncer.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { type JsonPatch, merged, patched } from '../../../lib/adapters/memory/json-patch.ts';

export const OLD = '1111111111111111111111111111111111111111';
export const BAD = '2222222222222222222222222222222222222222';
export const REVERT = '3333333333333333333333333333333333333333';
export const LATER = '4444444444444444444444444444444444444444';

export const LEVER: SyncedLever = {
  repository: 'https://git.example.com/shop/deploy.git',
  branch: 'main',
  application: { cluster: 'shop', namespace: 'argocd', name: 'churn' },
};
export const ORDER = { incident: 'churn-20261121T120000-0a1b2c3d', fence: 7 };

export type Fields = Record<string, unknown>;
export interface Manifest {
  metadata: Fields & { annotations?: Record<string, string>; resourceVersion: string };
  spec: Fields;
  operation?: unknown;
  status?: Fields;
}

export const SOURCE = { repoURL: LEVER.repository, targetRevision: 'main', path: 'churn' };
export const AUTOMATED = { prune: true, selfHeal: true };

/** Synced at BAD and healthy, by auto-sync with selfHeal. */
export const anApplication = (over: Partial<Manifest> = {}): Manifest => ({
  metadata: { name: 'churn', namespace: 'argocd', resourceVersion: '1', ...over.metadata },
  spec: { source: SOURCE, syncPolicy: { automated: AUTOMATED }, ...over.spec },
  status: { ...standing(BAD), ...over.status },
  ...(over.operation !== undefined && { operation: over.operation }),
});

export const standing = (revision: string, over: Fields = {}): Fields => ({
  sync: { status: 'Synced', revision },
  health: { status: 'Healthy' },
  operationState: ran('Succeeded', revision),
  ...over,
});

export const ran = (phase: string, revision: string, message = 'successfully synced'): Fields => ({
  phase,
  message,
  operation: { sync: { revision } },
  syncResult: { revision },
});

/** What the cluster and Argo CD do while time passes: `seconds` since the first write. */
export type Meanwhile = (now: Manifest, seconds: number) => void;

export interface Fake {
  /** Nothing: it is not there. */
  readonly manifest?: Manifest | undefined;
  readonly meanwhile?: Meanwhile;
  /** Fields of `automated` that the kind does not know are dropped, as before Argo CD 3.1. @default false */
  readonly isOld?: boolean;
  /** Answers to patches instead of taking them. */
  readonly refusals?: KubeAnswer[];
}

/** The adapter over one hand-made Application: what it sent, and what stands there in the end. */
export function syncing({ manifest = anApplication(), meanwhile, isOld = false, refusals = [] }: Fake = {}) {
  const state = { manifest: structuredClone(manifest) };
  const sent: Patch[] = [];
  const inner = memoryClock(0);
  const clock = {
    ...inner,
    sleep: async (ms: number) => {
      await inner.sleep(ms);
      meanwhile?.(state.manifest, inner.now() / 1000);
    },
  };
  const written = (next: Manifest): KubeAnswer => {
    const version = String(Number(state.manifest.metadata.resourceVersion) + 1);
    state.manifest = { ...next, metadata: { ...next.metadata, resourceVersion: version } };
    return { status: 200, json: structuredClone(state.manifest) };
  };
  const client: KubeClient = {
    cluster: 'shop',
    get: async () => ({ status: 200, json: structuredClone(state.manifest) }),
    list: () => Promise.reject(new Error('lists nothing')),
    patch: async (_object, patch) => {
      const refused = refusals.shift();
      if (refused) return refused;
      sent.push(patch);
      const next = taken(state.manifest, patch);
      if (!next) return { status: patch.type === 'json-patch' ? 422 : 409, message: 'not so' };
      if (isOld) dropEnabled(next);
      return written(next);
    },
  };
  return { syncer: argocd({ clock, clientOf: async () => client }), client, clock, sent, state };
}

function taken(manifest: Manifest, { type, body }: Patch): Manifest | undefined {
  if (type === 'json-patch') return patched(manifest, body as JsonPatch);
  const { metadata = {} } = body as { metadata?: { resourceVersion?: string } };
  const isOther = metadata.resourceVersion && metadata.resourceVersion !== manifest.metadata.resourceVersion;
  return isOther ? undefined : (merged(manifest, body) as Manifest);
}

function dropEnabled({ spec }: Manifest): void {
  const { automated } = (spec['syncPolicy'] ?? {}) as { automated?: Fields };
  if (automated) delete automated['enabled'];
}

import * as z from 'zod/mini';
import { OutsideRefusal } from '../../core/errors.ts';
import type { FoundApplication, Listed } from '../../core/estate.ts';
import { application } from '../argocd/application.ts';
import { withoutUser } from '../git/address.ts';
import type { Resource } from '../kubernetes/client.ts';
import type { Lister } from './cluster-lister.ts';

const APPLICATIONS: Resource = { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' };
/** Where Argo CD keeps them unless it was told otherwise. */
const USUAL_NAMESPACE = 'argocd';

/** Applications of Argo CD; whoever may not read the whole cluster may often read Argo CD's own namespace. */
export async function listApplications(list: Lister, cluster: string): Promise<Listed<FoundApplication>> {
  const listed = await everywhere(list);
  return {
    items: listed.items.flatMap((json) => {
      const { data } = z.safeParse(application, json);
      return data ? [foundOf(cluster, data)] : [];
    }),
    more: listed.more,
  };
}

async function everywhere(list: Lister): Promise<Listed<unknown>> {
  try {
    return await list({ of: APPLICATIONS });
  } catch (error) {
    if (!(error instanceof OutsideRefusal)) throw error;
    return list({ of: APPLICATIONS, namespace: USUAL_NAMESPACE });
  }
}

function foundOf(cluster: string, { metadata, spec }: z.infer<typeof application>): FoundApplication {
  const { name, namespace } = metadata;
  const automated = spec.syncPolicy?.automated;
  const { repoURL, targetRevision, chart } = spec.source ?? {};
  const path = spec.source?.['path'];
  const why = whyNot(spec);
  return {
    cluster,
    namespace,
    name,
    auto: Boolean(automated && automated.enabled !== false),
    selfHeal: automated?.selfHeal === true,
    ...(repoURL &&
      !chart && {
        source: {
          repository: withoutUser(repoURL),
          revision: targetRevision ?? '',
          path: typeof path === 'string' ? path : '.',
        },
      }),
    ...(why !== undefined && { why }),
  };
}

/** As the git lever would refuse it. */
function whyNot(spec: z.infer<typeof application>['spec']): string | undefined {
  if (spec.sourceHydrator) return 'it syncs hydrated manifests (spec.sourceHydrator)';
  if (spec.sources?.length) return 'it has several sources (spec.sources)';
  if (spec.source?.chart) return 'it follows a chart of a Helm repository, and no branch of Git';
  return spec.source?.repoURL ? undefined : 'it has no source (spec.source.repoURL)';
}

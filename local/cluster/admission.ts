/** Lets the local AWS into the cluster as `reinstate cluster rbac` says: its functions, which share one identity, and people. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { CLUSTER_PARTS, clusterGroup } from '../../lib/core/function-env.ts';
import { AWS_ACCOUNT, clientEnvironment } from '../aws/ministack.ts';
import { ARGOCD_NAMESPACE } from '../gitops/servers.ts';
import { projectRoot } from '../paths.ts';
import type { Cluster } from './cluster.ts';
import { admit } from './iam.ts';
import { placeOf } from './place.ts';
import { NAMESPACE } from './releases.ts';

const READERS = clusterGroup('local', 'reader');
const GROUPS = [...new Set(Object.values(CLUSTER_PARTS))].map((part) => clusterGroup('local', part));

/** Safe to repeat. A given cluster lets in whom its own administrator lets in. */
export async function letIn(cluster: Cluster): Promise<void> {
  if (process.env['KUBECONFIG']) return;
  await cluster.run('kubectl', ['apply', '-f', '-'], namespacesManifest());
  await cluster.run('kubectl', ['apply', '-f', '-'], rolesManifest());
  const { AWS_ACCESS_KEY_ID: person = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } =
    clientEnvironment('');
  const place = placeOf();
  // MiniStack gives each function its account as access key.
  admit(place, { accessKeyId: AWS_ACCOUNT, secretAccessKey, role: 'reinstate-local', groups: GROUPS });
  admit(place, { accessKeyId: person, secretAccessKey, role: 'people', groups: [READERS] });
}

/** That of Argo CD too, where there is none: roles for its Applications are printed all the same. */
const namespacesManifest = (): string =>
  [NAMESPACE, ARGOCD_NAMESPACE]
    .map((name) => JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))
    .join('\n---\n');

/** As a person would make it. */
const rolesManifest = (): string =>
  execFileSync(
    process.execPath,
    [join(projectRoot, 'bin', 'reinstate.ts'), 'cluster', 'rbac', '--env', 'local'],
    { cwd: projectRoot, encoding: 'utf8' },
  );

import { Document } from 'yaml';
import type { ClusterPart } from '../core/function-env.ts';
import type { PartRole } from './cluster-roles.ts';

const API_GROUP = 'rbac.authorization.k8s.io';

/** What kubectl takes. */
type Manifest = Readonly<Record<string, unknown>>;

/** A Role and its binding. Whoever is in the group has it: no ServiceAccount, and so no token, is made. */
function manifestsOf(environment: string, { namespace, part, group, rules }: PartRole): Manifest[] {
  const name = `reinstate-${environment}-${part}`;
  const head = { apiVersion: `${API_GROUP}/v1`, metadata: { name, namespace } };
  return [
    { ...head, kind: 'Role', rules },
    {
      ...head,
      kind: 'RoleBinding',
      roleRef: { apiGroup: API_GROUP, kind: 'Role', name },
      subjects: [{ apiGroup: API_GROUP, kind: 'Group', name: group }],
    },
  ];
}

/** For a List of one `kubectl apply`. */
export const listOf = (environment: string, roles: readonly PartRole[]): Manifest => ({
  apiVersion: 'v1',
  kind: 'List',
  items: roles.flatMap((role) => manifestsOf(environment, role)),
});

const REMARKS: Readonly<Record<ClusterPart, readonly string[]>> = {
  reader: ['plan-rollback and verify-recovery, and people who plan or record baselines: reads.'],
  alias: ['apply-alias: restarts the pods that load an alias, and asks each what it serves.'],
  rollout: ['apply-rollout: aborts and promotes by the status, puts a template back by the spec.'],
  deployment: ['apply-deployment: puts the template of an earlier ReplicaSet back.'],
  helm: ['apply-helm: a new revision, and whatever objects it changes. More kinds: --kinds'],
  git: ['apply-git: asks Argo CD to read Git again, and may turn auto-sync off while Git cannot be reached.'],
};

/** RBAC cannot tell one Secret from another when they are listed (levers of Helm only). */
const ALL_SECRETS =
  'Careful: "list secrets" shows every Secret of this namespace. Helm keeps its releases there.';

/** RBAC knows pods by name only, and theirs change. */
const ALL_PODS = 'Careful: "get pods/proxy" reaches every port of every pod of this namespace, by GET.';

/** The same as documents of YAML, with what a person should know before applying them. */
export const yamlLines = (environment: string, roles: readonly PartRole[]): string[] =>
  roles.flatMap((role) => {
    const reaches = (resource: string) => role.rules.some(({ resources }) => resources.includes(resource));
    const remarks = [
      ...REMARKS[role.part],
      ...(reaches('secrets') ? [ALL_SECRETS] : []),
      ...(reaches('pods/proxy') ? [ALL_PODS] : []),
    ];
    const documents = manifestsOf(environment, role).map((manifest) => ['---', ...linesOf(manifest)]);
    return [...documents.flat().toSpliced(1, 0, ...remarks.map((remark) => `# ${remark}`))];
  });

function linesOf({ apiVersion, kind, metadata, ...rest }: Manifest): string[] {
  const document = new Document();
  const flowing = (value: unknown) =>
    Array.isArray(value) ? value.map((item) => document.createNode(item, { flow: true })) : value;
  const body = Object.entries(rest).map(([key, value]) => [key, flowing(value)]);
  const ordered = { apiVersion, kind, metadata, ...Object.fromEntries(body) };
  document.contents = document.createNode(ordered) as typeof document.contents;
  return document.toString({ lineWidth: 0 }).trimEnd().split('\n');
}

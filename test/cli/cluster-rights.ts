import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aDesk, aFolder, aWorld, type } from './desk.ts';

const ENVIRONMENT = `account: "111122223333"
region: eu-west-1
mlflow: { url: https://mlflow.example.com }
clusters:
  shop: { eks: shop-prod }
  edge: { endpoint: "https://edge.example.com", ca: LS0t, secret: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:edge-AbCdEf" }
`;
export const CANARY = '  canary: { kind: rollout, cluster: shop, namespace: shop, rollout: model }';
export const PODS = '  pods: { kind: deployment, cluster: shop, namespace: shop, deployment: model }';
export const CHART = '  chart: { kind: helm, cluster: shop, namespace: shop, release: model }';
export const TRANSFORM =
  '  transform: { kind: helm, cluster: shop, namespace: features, release: transform }';
export const AT_EDGE = '  canary: { kind: rollout, cluster: edge, namespace: shop, rollout: model }';
const gitAt = (name: string, application: string) =>
  `  ${name}: { kind: git, repository: "https://git.example.com/d.git", branch: main, paths: [${name}], application: ${application} }`;
export const BRANCH = gitAt('deploy', '{ cluster: shop, name: model }');
export const SECOND = gitAt('tools', '{ cluster: shop, name: tools }');
export const FLAG = '  flag: { kind: flag, parameter: /shop/flag, safe: "false", cache: 5 s }';

function serviceWith(levers: readonly string[]): string {
  const names = levers.map((lever) => lever.trim().split(':')[0]);
  return `signals:
  latency: { metric: { namespace: Shop, name: latency }, statistic: p95, period: 10 s, unit: ms }
levers:
${levers.join('\n')}
runbook: { call: [{ kind: email, to: oncall@example.com }], pre-approved: [${names.join(', ')}] }
policy:
  when: latency > 250 ms for 3 of 5
  do: ${names.map((name) => `${name} back`).join(', then ')}
  verify: latency < 250 ms for 6
`;
}

/** One environment, its services by their levers. */
export function folderWith(...services: (readonly string[])[]): string {
  const cwd = aFolder();
  const folder = join(cwd, 'environments', 'prod');
  mkdirSync(join(folder, 'services'), { recursive: true });
  writeFileSync(join(folder, 'environment.yaml'), ENVIRONMENT);
  for (const [n, levers] of services.entries()) {
    writeFileSync(join(folder, 'services', `s${n}.yaml`), serviceWith(levers));
  }
  return cwd;
}

export const rbac = (cwd: string, options = '') =>
  type(aDesk(aWorld()), `cluster rbac --env prod ${options}`, { cwd });

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly rules: Rule[];
  readonly roleRef: { readonly name: string };
  readonly subjects: { readonly kind: string; readonly name: string }[];
}

export const itemsOf = async (cwd: string, options = ''): Promise<Manifest[]> =>
  ((await rbac(cwd, `${options} -o json`)).json as { items: Manifest[] }).items;

/** The rights of a Role as `<group>/<resource> <verbs>`. */
export async function rightsOf(cwd: string, name: string, options = ''): Promise<string[]> {
  const role = (await itemsOf(cwd, options)).find(
    (item) => item.kind === 'Role' && item.metadata.name === name,
  );
  const rights = role?.rules.flatMap(({ apiGroups: [group], resources, verbs }) =>
    resources.map((resource) => `${group}/${resource} ${verbs.join(',')}`),
  );
  return (rights ?? []).toSorted((a, b) => a.localeCompare(b));
}

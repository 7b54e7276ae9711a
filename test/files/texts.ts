import type { Service } from '../../lib/core/service.ts';
import { checkEnvironments, type EnvironmentSource } from '../../lib/files/check-environments.ts';
import { formatProblem } from '../../lib/files/problem.ts';

/** A service file without fault; tests spoil one line of it, and name the line. */
export const SERVICE = `signals:
  latency: { metric: { namespace: Shop, name: latency }, statistic: p95, period: 10 s, unit: ms }
  errors: { metric: { namespace: Shop, name: errors }, statistic: Average, period: 1 min, unit: ratio }
levers:
  flag: { kind: flag, parameter: /shop/flag, safe: "false", cache: 5 s }
  champion: { kind: alias, model: shop, alias: champion, served: "https://shop.example.com/version version" }
runbook: { call: [{ kind: email, to: oncall@example.com }], pre-approved: [flag, champion] }
policy:
  when: latency > 250 ms for 3 of 5
  do: flag off, then champion back
  verify: latency < 250 ms for 6
`;

export const ENVIRONMENT = `account: "111122223333"
region: eu-west-1
mlflow: { url: https://mlflow.example.com }
`;

/** The fault-free service file with some of its text replaced. */
export function service(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`Cannot spoil "${from}": the file has no such text`);
    return text.replace(from, to);
  }, SERVICE);
}

/** One environment with these services, as they would lie in a folder. */
export const anEnvironment = (
  services: Readonly<Record<string, string>>,
  { name = 'prod', text = ENVIRONMENT } = {},
): EnvironmentSource => ({
  name,
  folder: `environments/${name}`,
  environment: { file: `environments/${name}/environment.yaml`, text },
  services: Object.entries(services).map(([key, body]) => ({
    name: key,
    file: `environments/${name}/services/${key}.yaml`,
    text: body,
  })),
});

/** Everything that is wrong, as people see it. */
export function problems(...sources: readonly EnvironmentSource[]): string[] {
  const read = checkEnvironments(sources);
  return read.ok ? [] : read.problems.map(formatProblem);
}

/** Everything that is wrong with one service file, without the folder in front. */
export const problemsOf = (text: string): string[] =>
  problems(anEnvironment({ shop: text })).map((line) => line.replace('environments/prod/services/', ''));

/** What a service file says; it has to be without fault. */
export function serviceOf(text: string): Service {
  const read = checkEnvironments([anEnvironment({ shop: text })]);
  const [found] = read.ok ? (read.value[0]?.services ?? []) : [];
  if (!found) throw new Error(`Cannot read the service: ${problemsOf(text).join('\n')}`);
  return found;
}

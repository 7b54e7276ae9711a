import { join, relative } from 'node:path';
import { clustersOf } from '../core/alias-pods.ts';
import { didYouMean } from '../core/closest.ts';
import type { Environment } from '../core/environment.ts';
import { BadInput } from '../core/errors.ts';
import type { ArgoApplication, Service } from '../core/service.ts';
import type { EnvironmentFiles } from '../files/check-environments.ts';
import { readEnvironment } from '../files/environments.ts';
import { formatProblem } from '../files/problem.ts';
import type { Answer } from './answer.ts';
import { listOf, yamlLines } from './cluster-manifests.ts';
import { type LeverInCluster, rolesFor } from './cluster-roles.ts';
import type { Register } from './program.ts';
import { type Given, type Session, text } from './session.ts';
import { findEnvironment } from './which-environment.ts';
import { usesOf, type WorkloadUse } from './workload-grants.ts';

export const clusterCommand: Register = (program, act) => {
  program
    .command('cluster')
    .description('what clusters of Kubernetes have to allow')
    .command('rbac')
    .description('print the Roles that an environment needs in a cluster, for kubectl apply; changes nothing')
    .option('--cluster <name>', 'which one, where levers are in several')
    .option('--kinds <list>', 'kinds that charts have beside the usual ones, such as batch/jobs,secrets')
    .option('--workload-ref', 'Rollouts take their templates from Deployments, which are then patched')
    .action(act(async (session, given) => rbac(filesOf(session), given)));
};

/** Of the environment that is meant; nothing of it has to run. @throws BadInput with all that is wrong */
function filesOf({ host, environment }: Session): EnvironmentFiles {
  const asked = environment || host.env['REINSTATE_ENV'];
  const name = asked || findEnvironment(host, undefined).environment.name;
  const read = readEnvironment(relative('.', join(host.cwd, 'environments')), name);
  if (read.ok) return read.value;
  throw new BadInput(read.problems.map(formatProblem).join('\n'));
}

function rbac({ environment, services }: EnvironmentFiles, { options }: Given): Answer {
  const { name } = environment;
  const cluster = chosen(environment, services, text(options['cluster']));
  const roles = rolesFor({
    environment: name,
    levers: leversIn(services).filter((lever) => lever.cluster === cluster),
    uses: usesIn(services).filter((use) => use.cluster === cluster),
    applications: applicationsIn(services).filter((application) => application.cluster === cluster),
    kinds: text(options['kinds'])?.split(',') ?? [],
    workloadRef: options['workloadRef'] === true,
  });
  const head = [
    `# What Reinstate needs in cluster ${cluster} for environment ${name}; apply it with kubectl, as an administrator.`,
    ...(environment.clusters?.[cluster]?.eks === undefined ? [NOT_EKS] : []),
  ];
  return { lines: [...head, ...yamlLines(name, roles)], json: listOf(name, roles) };
}

const NOT_EKS = '# It is not EKS: whoever has the token in its secret has to be in all of these groups.';

const leversIn = (services: readonly Service[]): LeverInCluster[] =>
  services.flatMap(({ levers }) => levers.filter((lever) => 'cluster' in lever));

const usesIn = (services: readonly Service[]): WorkloadUse[] =>
  services.flatMap(({ levers }) => levers.flatMap((lever) => (lever.kind === 'alias' ? usesOf(lever) : [])));

const applicationsIn = (services: readonly Service[]): ArgoApplication[] =>
  services.flatMap(({ levers }) =>
    levers.flatMap((lever) => (lever.kind === 'git' ? (lever.application ?? []) : [])),
  );

/** One at a time: what is printed is applied to one. @throws BadInput */
function chosen({ name }: Environment, services: readonly Service[], asked: string | undefined): string {
  const used = [...new Set(services.flatMap(({ levers }) => levers.flatMap(clustersOf)))];
  const [first, ...others] = used;
  const cannot = `Cannot print Roles for environment "${name}"`;
  if (first === undefined)
    throw new BadInput(
      `${cannot}: no service of it has a rollout, deployment or helm lever, an alias with pods, or a git lever with an application`,
    );
  if (asked !== undefined && !used.includes(asked)) {
    const wanted = `expected one of ${used.join(', ')}`;
    throw new BadInput(`${cannot}: no lever is in cluster "${asked}"${didYouMean(asked, used)}; ${wanted}`);
  }
  if (asked === undefined && others.length > 0) {
    throw new BadInput(
      `${cannot}: its levers are in several clusters; name one with --cluster: ${used.join(', ')}`,
    );
  }
  return asked ?? first;
}

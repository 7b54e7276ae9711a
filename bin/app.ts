/** The CDK app: `cdk deploy -c env=<name>` deploys the environment that `environments/<name>` describes. */
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { NO_CLUSTER, NO_GIT } from '../lib/core/environment.ts';
import { readEnvironment } from '../lib/files/environments.ts';
import { formatProblem } from '../lib/files/problem.ts';
import { bundle } from '../lib/infra/bundles.ts';
import { EnvironmentStack } from '../lib/infra/environment-stack.ts';
import type { ReinstateProps } from '../lib/infra/reinstate.ts';

const root = path.join(import.meta.dirname, '..');
const app = new cdk.App();
const name: unknown = app.node.tryGetContext('env');
if (typeof name === 'string') synthesise(name);
else complain(`Cannot deploy: no environment is named; expected -c env=<name>, one of ${names().join(', ')}`);

function synthesise(environment: string): void {
  const read = readEnvironment(
    path.relative('.', path.join(root, 'environments')),
    environment,
    replacements(environment),
  );
  if (!read.ok) complain(read.problems.map(formatProblem).join('\n'));
  const props = { ...read.value, ...options() };
  bundle({ root });
  new EnvironmentStack(app, props);
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/**
 * `-c accessEntries=false`, `-c vpc=<id> -c subnets=<id>,<id>`, `-c helmPath=<file>`: see docs/clusters.md;
 * `-c dashboard=false`: see docs/dashboard.md.
 */
function options(): Pick<ReinstateProps, 'accessEntries' | 'clusterNetwork' | 'dashboard' | 'helmPath'> {
  const [helmPath, vpcId, subnets] = ['helmPath', 'vpc', 'subnets'].map(contextText);
  if ((vpcId === undefined) !== (subnets === undefined)) {
    complain('Cannot deploy: a VPC and its subnets go together; expected -c vpc=<id> -c subnets=<id>,<id>');
  }
  return {
    accessEntries: contextText('accessEntries') !== 'false',
    dashboard: contextText('dashboard') !== 'false',
    ...(helmPath && { helmPath }),
    ...(vpcId && subnets && { clusterNetwork: { vpcId, subnetIds: subnets.split(',') } }),
  };
}

function contextText(key: string): string | undefined {
  const value: unknown = app.node.tryGetContext(key);
  return value === undefined || value === '' ? undefined : String(value);
}

/** Where the placeholders in the files of `local` lead; any other environment has no placeholders. */
function replacements(environment: string): Record<string, string> | undefined {
  if (environment !== 'local') return undefined;
  const given = (key: string, otherwise: string) => String(app.node.tryGetContext(key) ?? otherwise);
  return {
    mlflow: given('mlflowUrl', 'http://127.0.0.1:15000'),
    model: given('modelUrl', 'http://127.0.0.1:18090'),
    cluster: given('clusterUrl', NO_CLUSTER.url),
    'cluster-ca': given('clusterCa', NO_CLUSTER.ca),
    git: given('gitUrl', NO_GIT),
  };
}

function complain(sentences: string): never {
  console.error(sentences);
  process.exit(2);
}

function names(): string[] {
  const entries = readdirSync(path.join(root, 'environments'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

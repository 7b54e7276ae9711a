/** The CDK app: `cdk deploy -c env=<name>` deploys the environment that `environments/<name>` describes. */
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readEnvironment } from '../lib/files/environments.ts';
import { formatProblem } from '../lib/files/problem.ts';
import { bundle } from '../lib/infra/bundles.ts';
import { EnvironmentStack } from '../lib/infra/environment-stack.ts';

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
  bundle({ root });
  new EnvironmentStack(app, read.value);
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/** Where the placeholders in the files of `local` lead; any other environment has no placeholders. */
function replacements(environment: string): Record<string, string> | undefined {
  if (environment !== 'local') return undefined;
  const url = (key: string, otherwise: string) => String(app.node.tryGetContext(key) ?? otherwise);
  return {
    mlflow: url('mlflowUrl', 'http://127.0.0.1:15000'),
    model: url('modelUrl', 'http://127.0.0.1:18090'),
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

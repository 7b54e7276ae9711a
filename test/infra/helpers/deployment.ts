import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Environment } from '../../../lib/core/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../../lib/core/function-env.ts';
import type { CallEntry, GitLever, Service } from '../../../lib/core/service.ts';
import { EnvironmentStack } from '../../../lib/infra/environment-stack.ts';
import type { ReinstateProps } from '../../../lib/infra/reinstate.ts';

export const ROOT = join(import.meta.dirname, '../../..');
export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:mlflow-GhIjKl`;

/** An environment as its file would say. */
export const anEnvironment = (overrides: Partial<Environment> = {}): Environment => ({
  name: 'prod',
  account: ACCOUNT,
  region: REGION,
  mode: 'observe',
  goalSeconds: 300,
  insecureLocal: false,
  mlflow: { url: 'https://mlflow.example.com', secret: SECRET },
  paged: [{ kind: 'email', to: 'oncall@example.com' }],
  ...overrides,
});

export const CLUSTER_SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:edge-MnOpQr`;

export const SLACK_SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:slack-YzAbCd`;

/** A channel that wants a token. */
export const aChannel: CallEntry = { kind: 'slack', to: 'C024BE91L', secret: SLACK_SECRET };

export const GIT_SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:git-StUvWx`;

/** A lever whose host wants credentials. */
export const aGitLever: GitLever = {
  kind: 'git',
  name: 'deploy',
  repository: 'https://git.example.com/shop/deploy.git',
  branch: 'main',
  paths: ['recommender'],
  others: [],
  secret: GIT_SECRET,
  host: 'gitea',
  conflict: 'paths',
  cacheSeconds: 0,
};

/** One cluster that EKS knows, one whose place is written down, and one that is not EKS. */
export const CLUSTERS: NonNullable<Environment['clusters']> = {
  shop: { eks: 'shop-prod' },
  models: { eks: 'models_prod', endpoint: 'https://models.example.com', ca: 'LS0t' },
  edge: { endpoint: 'https://edge.example.com', ca: 'LS0t', secret: CLUSTER_SECRET },
};

export const NETWORK = { vpcId: 'vpc-0123', subnetIds: ['subnet-a', 'subnet-b'] };

export const aSignal = (overrides: Partial<Service['signals'][number]> = {}): Service['signals'][number] => ({
  name: 'latency',
  metric: { namespace: 'Shop', name: 'Latency', dimensions: { service: 'recommender', stage: 'prod' } },
  statistic: 'p95',
  periodSeconds: 10,
  unit: 'ms',
  lagSeconds: 0,
  missing: 'inconclusive',
  ...overrides,
});

/** A service with one flag and one alias as its file would say. */
export const aService = (overrides: Partial<Service> = {}): Service => ({
  name: 'recommender',
  signals: [aSignal(), aSignal({ name: 'auc', statistic: 'Average', periodSeconds: 60, missing: 'breach' })],
  levers: [
    {
      kind: 'flag',
      name: 'new-features',
      parameter: '/shop/new-features',
      safe: 'false',
      alwaysSafe: false,
      cacheSeconds: 5,
    },
    {
      kind: 'alias',
      name: 'champion',
      model: 'recommender',
      alias: 'champion',
      cacheSeconds: 0,
      served: { url: 'https://recommender.example.com/version', path: 'version' },
    },
  ],
  runbook: { goalSeconds: 300, call: [], preApproved: ['new-features', 'champion'] },
  policy: {
    when: [
      { signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 },
      { signal: 'auc', is: '<', threshold: 0.7, datapoints: 2, of: 2 },
    ],
    do: [[{ lever: 'new-features', verb: 'off' }], [{ lever: 'champion', verb: 'back' }]],
    verify: [{ signal: 'latency', is: '<', threshold: 250, datapoints: 6, of: 6 }],
  },
  ...overrides,
});

/** The app's context, so that tests synthesise what `cdk deploy` does. */
const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));

const appWith = (own: cdk.AppProps): cdk.App =>
  new cdk.App({ context, outdir: mkdtempSync(join(tmpdir(), 'reinstate-synth-')), ...own });

/** An app with the same checks as bin/app.ts. */
export function checkedApp(): cdk.App {
  const app = appWith({});
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

export interface Deployment
  extends Pick<ReinstateProps, 'accessEntries' | 'clusterNetwork' | 'dashboard' | 'helmPath'> {
  readonly environment?: Environment;
  readonly services?: readonly Service[];
  /** @default - one without checks, which take a second */
  readonly app?: cdk.App;
}

/** A stack whose functions do nothing. */
export function aStack(deployment: Deployment = {}): EnvironmentStack {
  const { app = uncheckedApp(), ...props } = deployment;
  const usual = { environment: anEnvironment(), services: [aService()], bundles: idleBundles() };
  return new EnvironmentStack(app, { ...usual, ...props });
}

/** Assets stay where they are: the layer alone has 37 MB. */
const uncheckedApp = (): cdk.App =>
  appWith({
    builtinCloudFormationValidation: false,
    postCliContext: { 'aws:cdk:disable-asset-staging': true },
  });

export const templateOf = (deployment: Deployment = {}): Template => Template.fromStack(aStack(deployment));

/** Bundles of functions that do nothing. */
export function idleBundles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reinstate-bundles-'));
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), 'export const handler = async () => ({});\n');
  }
  return folder;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are untyped, and assertions look anywhere in them
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

/** The resources of a type, by logical id. */
export const resources = (template: Template, type: string): Record<string, Resource> =>
  template.findResources(type) as Record<string, Resource>;

/** The function of this name. */
export function functionIn(template: Template, name: FunctionName): Resource {
  const found = Object.values(resources(template, 'AWS::Lambda::Function')).find((f) =>
    String(f.Properties.FunctionName).endsWith(`-${name}`),
  );
  if (!found) throw new Error(`Cannot find function "${name}" in the template`);
  return found;
}

/** The service with its AUC held against the baseline: the sweeper moves that alarm. */
export function aServiceAgainstBaseline(): Service {
  const { policy, ...service } = aService();
  const relative = { percent: -3 };
  const drops = { signal: 'auc', is: '<', relative, datapoints: 3, of: 5 } as const;
  const when = [...policy.when.filter((c) => c.signal !== 'auc'), drops];
  return { ...service, policy: { ...policy, when } };
}

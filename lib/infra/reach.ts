import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarmsOf } from '../core/alarms.ts';
import { type Environment, parameterNames, stateMachineName } from '../core/environment.ts';
import type { Cluster, Service } from '../core/service.ts';
import type { Pages } from './pages.ts';
import type { Reach } from './permissions.ts';
import type { Storage } from './storage.ts';

export interface ReachProps {
  readonly environment: Environment;
  readonly services: readonly Service[];
  readonly storage: Storage;
  readonly pages: Pages;
}

/** All that the functions of an environment touch, by ARN. */
export function reachOf(scope: Construct, props: ReachProps): Reach {
  const { environment, services, storage, pages } = props;
  const parameters = parameterNames(environment.name);
  const ofServices = services.flatMap(({ name }) => [parameters.armed(name), parameters.serviceMode(name)]);
  const flags = services.flatMap((s) => s.levers.flatMap((l) => (l.kind === 'flag' ? [l.parameter] : [])));
  const secret = environment.mlflow?.secret;
  const clusters = Object.values(environment.clusters ?? {});
  return {
    table: storage.table.tableArn,
    bucket: storage.reports.bucketArn,
    topics: [pages.topic.topicArn, ...pages.otherTopics],
    pagesKey: pages.key.keyArn,
    machine: machineArn(scope, environment.name),
    executions: stateArn(scope, 'execution', `${stateMachineName(environment.name)}:*`),
    settings: [parameters.mode, ...ofServices].map((name) => parameterArn(scope, name)),
    flags: flags.map((name) => parameterArn(scope, name)),
    secrets: secret === undefined ? [] : [secret],
    clusterSecrets: [...new Set(clusters.flatMap((c) => c.secret ?? []))],
    gitSecrets: gitSecretsOf(services),
    channelSecrets: channelSecretsOf(environment, services),
    movedAlarms: services.flatMap((service) =>
      alarmsOf(environment, service).flatMap(({ arn, condition }) => (condition.relative ? [arn] : [])),
    ),
    eksClusters: askedAbout(clusters).map((name) => clusterArn(scope, name)),
  };
}

const channelSecretsOf = ({ paged }: Environment, services: readonly Service[]): string[] => [
  ...new Set([...paged, ...services.flatMap((s) => s.runbook.call)].flatMap((entry) => entry.secret ?? [])),
];

const gitSecretsOf = (services: readonly Service[]): string[] => [
  ...new Set(services.flatMap((s) => s.levers.flatMap((l) => (l.kind === 'git' ? (l.secret ?? []) : [])))),
];

/** The EKS clusters whose endpoint or CA the file leaves to EKS. */
const askedAbout = (clusters: readonly Cluster[]): string[] => [
  ...new Set(
    clusters.flatMap(({ eks, endpoint, ca }) => (eks === undefined || (endpoint && ca) ? [] : [eks])),
  ),
];

/** From the fixed name: the machine's own reference would make a cycle with its functions' permissions. */
export const machineArn = (scope: Construct, environment: string): string =>
  stateArn(scope, 'stateMachine', stateMachineName(environment));

const stateArn = (scope: Construct, resource: string, resourceName: string): string =>
  cdk.Stack.of(scope).formatArn({
    service: 'states',
    resource,
    resourceName,
    arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
  });

const clusterArn = (scope: Construct, resourceName: string): string =>
  cdk.Stack.of(scope).formatArn({ service: 'eks', resource: 'cluster', resourceName });

/** A parameter's ARN has one slash after `parameter`, whether its name begins with one or not. */
const parameterArn = (scope: Construct, name: string): string =>
  cdk.Stack.of(scope).formatArn({
    service: 'ssm',
    resource: 'parameter',
    resourceName: name.replace(/^\//, ''),
  });

import * as cdk from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type Environment, reportsBucketName, tableName } from '../core/environment.ts';
import type { FunctionName } from '../core/function-env.ts';
import type { Service } from '../core/service.ts';
import { ClusterAccess } from './cluster-access.ts';
import { ClusterNetwork, type ClusterNetworkProps } from './cluster-network.ts';
import { Dashboard } from './dashboard.ts';
import { alarmsBelow } from './dashboard-health.ts';
import { DeadLetters } from './dead-letters.ts';
import { FailureAlarms } from './failure-alarms.ts';
import { functionEnvs } from './function-envs.ts';
import { HELM_IN_LAYER } from './helm-runtime.ts';
import { IncidentMachine } from './incident-machine.ts';
import { NarrowRole } from './narrow-role.ts';
import { OWN_BUNDLES } from './own-bundles.ts';
import { Pages } from './pages.ts';
import { type Reach, rulePermissions } from './permissions.ts';
import { reachOf } from './reach.ts';
import { ServiceWatch } from './service-watch.ts';
import type { StageFunction } from './stage-function.ts';
import { keeps, retentionIn, stageFunctions } from './stage-functions.ts';
import { Storage } from './storage.ts';
import { Sweep } from './sweep.ts';

export interface ReinstateProps {
  /** The environment, as its file says. */
  readonly environment: Environment;
  /** Its services, as their files say. */
  readonly services: readonly Service[];
  /** Folder with the functions' bundles, one folder for each. @default - dist/lambdas of this package */
  readonly bundles?: string;
  /** Where Helm is in its function. @default /opt/helm/helm: there the layer has it */
  readonly helmPath?: string;
  /** Whether functions get access entries in the EKS clusters; else somebody else lets them in. @default true */
  readonly accessEntries?: boolean;
  /** The network of the functions that talk to clusters. @default - none: they reach public endpoints */
  readonly clusterNetwork?: ClusterNetworkProps;
  /** Whether CloudWatch gets a dashboard of the environment, `reinstate-<env>`. @default true */
  readonly dashboard?: boolean;
}

/** Reinstate for one environment: put it in a stack of your own, or deploy `EnvironmentStack`. */
export class Reinstate extends Construct {
  readonly stateMachine: sfn.StateMachine;
  readonly table: cdk.aws_dynamodb.Table;
  readonly reports: s3.Bucket;
  /** The topic that wakes people. */
  readonly pages: sns.Topic;
  readonly functions: Readonly<Record<FunctionName, lambda.Function>>;
  readonly #props: ReinstateProps;

  constructor(scope: Construct, id: string, props: ReinstateProps) {
    super(scope, id);
    this.#props = props;
    const { environment, services } = props;
    refuseOtherPlace(this, environment);
    const storage = new Storage(this, 'Storage', {
      keep: keeps(environment),
      tableName: tableName(environment.name),
      bucketName: reportsBucketName(environment),
    });
    const pages = new Pages(this, 'Pages', { paged: environment.paged, services });
    this.table = storage.table;
    this.reports = storage.reports;
    this.pages = pages.topic;
    const reach = reachOf(this, { environment, services, storage, pages });
    const all = this.makeFunctions(reach, pages.everyTopic);
    this.functions = mapped(all, (stage) => stage.function);
    if (props.accessEntries !== false) {
      const roles = mapped(all, (stage) => stage.role.roleArn);
      new ClusterAccess(this, 'ClusterAccess', { environment, roles });
    }
    const { sweeper: _, ...stages } = this.functions;
    this.stateMachine = new IncidentMachine(this, 'Incident', {
      environment: environment.name,
      functions: stages,
      logRetention: retentionIn(environment),
    }).machine;
    this.listen(pages.everyTopic);
  }

  private makeFunctions(
    reach: Reach,
    pagesTopicArns: readonly string[],
  ): Record<FunctionName, StageFunction> {
    const { environment, services, bundles = OWN_BUNDLES, helmPath = HELM_IN_LAYER } = this.#props;
    const { clusterNetwork } = this.#props;
    const envs = functionEnvs({
      environment,
      services,
      tableName: this.table.tableName,
      reportsBucket: this.reports.bucketName,
      pagesTopicArns,
      stateMachineArn: reach.machine,
      helmPath,
    });
    const network = clusterNetwork && new ClusterNetwork(this, 'ClusterNetwork', clusterNetwork);
    return stageFunctions(this, { environment, envs, reach, bundles, network });
  }

  /** What starts executions: an alarm of a service, and the sweeper. */
  private listen(alarmActions: readonly string[]): void {
    const { environment, services } = this.#props;
    const { queue } = new DeadLetters(this, 'DeadLetters', { rulePrefix: `reinstate-${environment.name}-` });
    const machine = this.stateMachine.stateMachineArn;
    const { role } = new NarrowRole(this, 'RuleAccess', {
      service: 'events.amazonaws.com',
      permissions: rulePermissions(machine),
    });
    const each = { environment, machine, role: role.roleArn, deadLetters: queue };
    const watches = new Construct(this, 'Services');
    for (const service of services) new ServiceWatch(watches, service.name, { ...each, service });
    const sweep = new Sweep(this, 'Sweep', {
      environment: environment.name,
      sweeper: this.functions.sweeper,
      machine,
      deadLetters: queue,
      alarmActions,
    });
    const failures = new FailureAlarms(this, 'Failures', {
      environment: environment.name,
      machine,
      alarmActions,
    });
    if (this.#props.dashboard === false) return;
    const alarms = { own: alarmsBelow(sweep, failures), services: alarmsBelow(watches) };
    const { functions } = this;
    new Dashboard(this, 'Dashboard', {
      environment,
      services,
      alarms,
      functions,
      machine,
      deadLetters: queue,
    });
  }
}

const mapped = <T>(all: Record<FunctionName, StageFunction>, of: (stage: StageFunction) => T) =>
  Object.fromEntries(Object.entries(all).map(([name, stage]) => [name, of(stage)])) as Record<
    FunctionName,
    T
  >;

/** Alarm ARNs and the allow-list are made of the file's account and region. */
function refuseOtherPlace(scope: Construct, { name, account, region }: Environment): void {
  const stack = cdk.Stack.of(scope);
  const elsewhere = [
    [stack.account, account],
    [stack.region, region],
  ].some(([actual, wanted]) => !cdk.Token.isUnresolved(actual) && actual !== wanted);
  if (!elsewhere) return;
  throw new Error(
    `Cannot put environment "${name}" of ${account}/${region} into a stack of ${stack.account}/${stack.region}`,
  );
}

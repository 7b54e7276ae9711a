import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as cdk from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type Environment, reportsBucketName, tableName } from '../core/environment.ts';
import { FUNCTION_NAMES, type FunctionName, pascal } from '../core/function-env.ts';
import type { Service } from '../core/service.ts';
import { DeadLetters } from './dead-letters.ts';
import { estateOf } from './estate.ts';
import { FailureAlarms } from './failure-alarms.ts';
import { functionEnvs } from './function-envs.ts';
import { IncidentMachine } from './incident-machine.ts';
import { NarrowRole } from './narrow-role.ts';
import { Pages } from './pages.ts';
import { type Estate, functionPermissions, rulePermissions } from './permissions.ts';
import { ServiceWatch } from './service-watch.ts';
import { StageFunction } from './stage-function.ts';
import { Storage } from './storage.ts';
import { Sweep } from './sweep.ts';

/** The bundles that come with this package. */
const OWN_BUNDLES = fileURLToPath(new URL('../../dist/lambdas', import.meta.url));

export interface ReinstateProps {
  /** The environment, as its file says. */
  readonly environment: Environment;
  /** Its services, as their files say. */
  readonly services: readonly Service[];
  /** Folder with the functions' bundles, one folder for each. @default - dist/lambdas of this package */
  readonly bundles?: string;
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
    this.functions = this.makeFunctions(
      estateOf(this, { environment, services, storage, pages }),
      pages.everyTopic,
    );
    const { sweeper: _, ...stages } = this.functions;
    this.stateMachine = new IncidentMachine(this, 'Incident', {
      environment: environment.name,
      functions: stages,
      logRetention: retentionIn(environment),
    }).machine;
    this.listen(pages.everyTopic);
  }

  private makeFunctions(
    estate: Estate,
    pagesTopicArns: readonly string[],
  ): Record<FunctionName, lambda.Function> {
    const { environment, services, bundles = OWN_BUNDLES } = this.#props;
    const envs = functionEnvs({
      environment,
      services,
      tableName: this.table.tableName,
      reportsBucket: this.reports.bucketName,
      pagesTopicArns,
      stateMachineArn: estate.machine,
    });
    const made = FUNCTION_NAMES.map((name) => {
      refuseMissingBundle(bundles, name);
      const stage = new StageFunction<FunctionName>(this, pascal(name), {
        name,
        functionName: `reinstate-${environment.name}-${name}`,
        env: envs[name],
        permissions: functionPermissions(name, estate),
        bundles,
        logRetention: retentionIn(environment),
        removalPolicy: keeps(environment) ? cdk.RemovalPolicy.RETAIN : cdk.RemovalPolicy.DESTROY,
      });
      return [name, stage.function];
    });
    return Object.fromEntries(made) as Record<FunctionName, lambda.Function>;
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
    new Sweep(this, 'Sweep', {
      environment: environment.name,
      sweeper: this.functions.sweeper,
      machine,
      deadLetters: queue,
      alarmActions,
    });
    new FailureAlarms(this, 'Failures', { environment: environment.name, machine, alarmActions });
  }
}

/** `local` is thrown away; of any other environment records and reports stay. */
const keeps = (environment: Environment): boolean => environment.name !== 'local';

/** As long as Step Functions keeps the history of an execution. */
const retentionIn = (environment: Environment): logs.RetentionDays =>
  keeps(environment) ? logs.RetentionDays.THREE_MONTHS : logs.RetentionDays.ONE_WEEK;

function refuseMissingBundle(bundles: string, name: string): void {
  const file = path.join(bundles, name, 'index.js');
  if (existsSync(file)) return;
  throw new Error(`Cannot deploy function "${name}": ${file} is missing; run node tools/bundle.ts`);
}

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

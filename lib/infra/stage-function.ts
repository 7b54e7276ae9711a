import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_TIMEOUT_SECONDS, type FunctionEnv, type FunctionName } from '../core/function-env.ts';
import { NarrowRole } from './narrow-role.ts';
import { joinNetwork, type Permission, writeLog } from './permissions.ts';

/** All variables of a function together, in bytes: a quota of Lambda's. */
const LARGEST_ENV_BYTES = 4096;
/** What is counted for a value that only the deploy knows, such as an ARN. */
const UNKNOWN_VALUE_BYTES = 128;

/** The environment of a function: it is typed by its name, so that a forgotten variable does not compile. */
export type StageEnv<F extends FunctionName> = FunctionEnv<F>;

/** Where in a VPC a function is. */
export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export interface StageFunctionProps<F extends FunctionName> {
  /** Which function; also the name of its bundle. */
  readonly name: F;
  /** Its physical name, which people see in the console. */
  readonly functionName: string;
  readonly env: StageEnv<F>;
  /** What it may do beside writing its own log. */
  readonly permissions: readonly Permission[];
  /** Folder with the bundles, one folder for each function. */
  readonly bundles: string;
  /** How long its log is kept. */
  readonly logRetention: logs.RetentionDays;
  /** What becomes of its log when the stack is destroyed. */
  readonly removalPolicy: cdk.RemovalPolicy;
  /** MiB, and with it the share of a CPU. @default 512 */
  readonly memorySize?: number;
  /** @default ARM_64 */
  readonly architecture?: lambda.Architecture;
  /** @default - none */
  readonly layers?: readonly lambda.ILayerVersion[];
  /** @default - none: it reaches whatever is public */
  readonly network?: FunctionNetwork;
}

/** One Node 24 function with a role and a log of its own. */
export class StageFunction<F extends FunctionName = FunctionName> extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: StageFunctionProps<F>) {
    super(scope, id);
    refuseLargeEnv(props.name, { ...props.env });
    const { logRetention: retention, removalPolicy, functionName, network } = props;
    const logGroup = new logs.LogGroup(this, 'Logs', { retention, removalPolicy });
    const interfaces = network ? joinNetwork(functionArn(this, functionName)) : [];
    const permissions = [...props.permissions, writeLog(logGroup.logGroupArn), ...interfaces];
    this.role = new NarrowRole(this, 'Access', { service: 'lambda.amazonaws.com', permissions }).role;
    this.function = new lambda.Function(this, 'Function', {
      functionName,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: props.architecture ?? lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(path.join(props.bundles, props.name)),
      handler: 'index.handler',
      timeout: cdk.Duration.seconds(FUNCTION_TIMEOUT_SECONDS[props.name]),
      memorySize: props.memorySize ?? 512,
      layers: [...(props.layers ?? [])],
      tracing: lambda.Tracing.ACTIVE,
      environment: { ...props.env },
      logGroup,
      role: this.role,
    });
    if (network) this.join(network);
  }

  /** Past the property `vpc`: it wants to know the VPC's zones, and widens the role. */
  private join({ subnetIds, securityGroupIds }: FunctionNetwork): void {
    const { defaultChild } = this.function.node;
    if (!(defaultChild instanceof lambda.CfnFunction)) {
      throw new Error(`Cannot put "${this.node.path}" into a VPC: it has no function of CloudFormation`);
    }
    defaultChild.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
  }
}

/** From the fixed name: the function's own reference would make a cycle with its role. */
const functionArn = (scope: Construct, resourceName: string): string =>
  cdk.Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName,
    arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
  });

function refuseLargeEnv(name: string, env: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(env).map(([key, value]) => key.length + bytesOf(value));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= LARGEST_ENV_BYTES) return;
  throw new Error(
    `Cannot deploy function "${name}": its variables are ${total} bytes and Lambda takes ${LARGEST_ENV_BYTES}; ` +
      'move some services to an environment of their own',
  );
}

const bytesOf = (value: string): number =>
  cdk.Token.isUnresolved(value) ? UNKNOWN_VALUE_BYTES : Buffer.byteLength(value);

import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../core/environment.ts';
import { CLUSTER_PARTS, FUNCTION_NAMES, type FunctionName, pascal } from '../core/function-env.ts';
import { helmRuntime } from './helm-runtime.ts';
import { functionPermissions, type Reach } from './permissions.ts';
import { type FunctionNetwork, type StageEnv, StageFunction } from './stage-function.ts';

export interface StageFunctionsProps {
  readonly environment: Environment;
  readonly envs: { readonly [F in FunctionName]: StageEnv<F> };
  readonly reach: Reach;
  /** Folder with the bundles, one folder for each function. */
  readonly bundles: string;
  /** Where those are that talk to clusters. @default - in no VPC */
  readonly network?: FunctionNetwork | undefined;
}

/** All functions of an environment, right below the scope. */
export function stageFunctions(
  scope: Construct,
  props: StageFunctionsProps,
): Record<FunctionName, StageFunction> {
  const { environment, envs, reach, bundles, network } = props;
  const made = FUNCTION_NAMES.map((name) => {
    refuseMissingBundle(bundles, name);
    const stage = new StageFunction<FunctionName>(scope, pascal(name), {
      name,
      functionName: `reinstate-${environment.name}-${name}`,
      env: envs[name],
      permissions: functionPermissions(name, reach),
      bundles,
      logRetention: retentionIn(environment),
      removalPolicy: keeps(environment) ? cdk.RemovalPolicy.RETAIN : cdk.RemovalPolicy.DESTROY,
      ...(name === 'apply-helm' && helmRuntime(scope, environment)),
      ...(network && name in CLUSTER_PARTS && { network }),
    });
    return [name, stage];
  });
  return Object.fromEntries(made) as Record<FunctionName, StageFunction>;
}

/** `local` is thrown away; of any other environment records and reports stay. */
export const keeps = (environment: Environment): boolean => environment.name !== 'local';

/** As long as Step Functions keeps the history of an execution. */
export const retentionIn = (environment: Environment): logs.RetentionDays =>
  keeps(environment) ? logs.RetentionDays.THREE_MONTHS : logs.RetentionDays.ONE_WEEK;

function refuseMissingBundle(bundles: string, name: string): void {
  const file = path.join(bundles, name, 'index.js');
  if (existsSync(file)) return;
  throw new Error(
    `Cannot deploy function "${name}": ${file} is missing; run npm run build, or name another folder as bundles`,
  );
}

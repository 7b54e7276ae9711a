import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { FUNCTION_NAMES, pascal } from '../core/function-env.ts';
import { flatten } from './flatten.ts';
import { IncidentMachine, type StageName } from './incident-machine.ts';

/** Where the definition is kept for what cannot import CDK; `npm run ok` keeps it fresh. */
export const ASL_FILE = new URL('./generated/incident.asl.json', import.meta.url);

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';

/** The incident machine's definition as CDK synthesises it; functions are `${OpenIncidentFunctionArn}` and so on. */
export function incidentAsl(): string {
  const stack = new cdk.Stack(new cdk.App({ builtinCloudFormationValidation: false }), 'Asl');
  const functions = Object.fromEntries(
    FUNCTION_NAMES.map((name) => [name, lambda.Function.fromFunctionArn(stack, name, ARN + name)]),
  ) as unknown as Record<StageName, lambda.IFunction>;
  const logRetention = logs.RetentionDays.ONE_DAY;
  new IncidentMachine(stack, 'Incident', { environment: 'any', functions, logRetention });
  const machines = Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine');
  const [machine] = Object.values(machines);
  const text = flatten(machine?.['Properties'].DefinitionString, () => 'aws');
  const named = FUNCTION_NAMES.reduce(
    (result, name) => result.replaceAll(`"${ARN}${name}"`, `"${placeholder(name)}"`),
    text,
  );
  return `${JSON.stringify(JSON.parse(named), null, 2)}\n`;
}

/** What stands for a function's ARN. */
export const placeholder = (name: string): string => `\${${pascal(name)}FunctionArn}`;

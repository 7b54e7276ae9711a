import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/core/function-env.ts';
import { bundle } from '../../lib/infra/bundles.ts';
import { functionIn, ROOT, templateOf } from './helpers/deployment.ts';
import { statementsOf } from './helpers/policy.ts';

/** Calls that are in a bundle because the same adapter makes them, and that this function never makes. */
const NEVER: Partial<Record<FunctionName, readonly string[]>> = {
  'open-incident': ['states:StartExecution'],
  'plan-rollback': ['ssm:PutParameter', 'ssm:GetParameterHistory'],
  'verify-recovery': ['ssm:PutParameter', 'ssm:GetParameterHistory'],
};

const PREFIXES: Record<string, string> = {
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-secrets-manager': 'secretsmanager',
  '@aws-sdk/client-sfn': 'states',
  '@aws-sdk/client-sns': 'sns',
  '@aws-sdk/client-ssm': 'ssm',
};
const DYNAMODB: Record<string, readonly string[]> = {
  GetCommand: ['GetItem'],
  QueryCommand: ['Query'],
  TransactWriteCommand: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
};

/** The IAM actions of the AWS calls that a source file makes. */
function callsIn(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const imports = [...source.matchAll(/import \{([^}]*)\} from '(@aws-sdk\/[^']+)'/gs)];
  return imports.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)].flatMap(([command, call]) => {
      if (client === '@aws-sdk/lib-dynamodb')
        return (DYNAMODB[command] ?? [command]).map((a) => `dynamodb:${a}`);
      return `${PREFIXES[client] ?? client}:${call}`;
    }),
  );
}

const without = (all: Set<string>, some: Set<string>): string[] => [...all].filter((call) => !some.has(call));

describe('the calls of a function', () => {
  const template = templateOf();
  let outputs: Metafile['outputs'];
  beforeAll(() => {
    const out = relative(ROOT, mkdtempSync(join(tmpdir(), 'reinstate-calls-')));
    outputs = bundle({ root: ROOT, out }).outputs;
  });

  const callsOf = (name: FunctionName): Set<string> => {
    const [, output] = Object.entries(outputs).find(([file]) => file.endsWith(`/${name}/index.js`)) ?? [];
    const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const own = used
      .map(([file]) => file)
      .filter((file) => file.startsWith('lib/') || file.startsWith('lambdas/'));
    return new Set(own.flatMap(callsIn).filter((call) => !NEVER[name]?.includes(call)));
  };
  const permitted = (name: FunctionName): Set<string> => {
    const role = functionIn(template, name).Properties.Role['Fn::GetAtt'][0];
    return new Set(statementsOf(template, role).flatMap((s) => s.actions));
  };

  it.each(FUNCTION_NAMES)('%s is permitted every call that its bundle makes', (name) => {
    expect(callsOf(name).size).toBeGreaterThan(3);
    expect(without(callsOf(name), permitted(name))).toEqual([]);
  });

  it.each(FUNCTION_NAMES)('%s is permitted no call that its bundle cannot make', (name) => {
    // Made by Lambda itself, and by SNS on our behalf.
    const others = /^(logs|xray|kms):/;

    expect(without(permitted(name), callsOf(name)).filter((call) => !others.test(call))).toEqual([]);
  });
});

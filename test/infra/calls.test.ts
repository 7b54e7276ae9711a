import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/core/function-env.ts';
import { bundle } from '../../lib/infra/bundles.ts';

import {
  aChannel,
  anEnvironment,
  aServiceAgainstBaseline,
  CLUSTERS,
  functionIn,
  ROOT,
  templateOf,
} from './helpers/deployment.ts';

import { statementsOf } from './helpers/policy.ts';

/** Calls that are in a bundle because the same adapter makes them, and that this function never makes. */
const NEVER: Partial<Record<FunctionName, readonly string[]>> = {
  'open-incident': ['states:StartExecution'],
  'plan-rollback': ['ssm:PutParameter', 'ssm:GetParameterHistory'],
  'verify-recovery': ['ssm:PutParameter', 'ssm:GetParameterHistory'],
};

const PREFIXES: Record<string, string> = {
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-eks': 'eks',
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

/** What only the deploy knows is any text. */
const saidBy = (key: string, value: unknown): string => (typeof value === 'string' ? value : `<${key}>`);

const without = (all: Set<string>, some: Set<string>): string[] => [...all].filter((call) => !some.has(call));

describe('the calls of a function', () => {
  const environment = anEnvironment({ clusters: CLUSTERS, paged: [aChannel] });
  const template = templateOf({ environment, services: [aServiceAgainstBaseline()] });
  const folder = mkdtempSync(join(tmpdir(), 'reinstate-calls-'));
  let outputs: Metafile['outputs'];
  beforeAll(() => {
    outputs = bundle({ root: ROOT, out: relative(ROOT, folder) }).outputs;
  });

  it.each(FUNCTION_NAMES)('%s starts with exactly the variables that the deploy sets', (name) => {
    const { Variables } = functionIn(template, name).Properties.Environment;
    const env = Object.fromEntries(
      Object.entries(Variables).map(([key, value]) => [key, saidBy(key, value)]),
    );
    const script = `process.exitCode = typeof require('./index.js').handler === 'function' ? 0 : 3`;

    const { status, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: join(folder, name),
      encoding: 'utf8',
      env: { ...env, AWS_REGION: 'eu-west-1' },
    });

    expect([status, stderr]).toEqual([0, '']);
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

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { readEnvironment } from '../../lib/files/environments.ts';
import { EnvironmentStack } from '../../lib/infra/environment-stack.ts';
import { checkedApp, idleBundles, ROOT, resources } from './helpers/deployment.ts';

const FILLED = {
  mlflow: 'http://127.0.0.1:15000',
  model: 'http://127.0.0.1:18090',
  cluster: 'https://127.0.0.1:6443',
  'cluster-ca': 'LS0t',
  git: 'http://10.99.0.1:3000',
};

function stackOf(name: string): EnvironmentStack {
  const read = readEnvironment(join(ROOT, 'environments'), name, name === 'local' ? FILLED : undefined);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return new EnvironmentStack(checkedApp(), { ...read.value, bundles: idleBundles() });
}

describe('the folders of environments', () => {
  it.each(['local', 'staging', 'prod'])('%s synthesises, and no check finds anything', (name) => {
    const stack = stackOf(name);

    const assembly = (stack.node.root as ReturnType<typeof checkedApp>).synth();

    expect(assembly.stacks.map((s) => s.stackName)).toEqual([`reinstate-${name}`]);
    expect(
      Object.keys(resources(Template.fromStack(stack), 'AWS::CloudWatch::Alarm')).length,
    ).toBeGreaterThan(2);
  });

  it('local fills the placeholders of its files', () => {
    const [armed] = Object.values(resources(Template.fromStack(stackOf('local')), 'AWS::SSM::Parameter'));

    expect(armed?.Properties.Value).toContain(FILLED.mlflow);
    expect(armed?.Properties.Value).not.toContain('${');
  });

  it('local has no resource type that the local AWS does not know', () => {
    const types = Object.values(
      Template.fromStack(stackOf('local')).toJSON()['Resources'] as Record<string, { Type: string }>,
    );

    expect(types.map(({ Type }) => Type)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/CompositeAlarm|Custom::|CustomResource|AccessEntry|LayerVersion/),
      ]),
    );
  });
});

describe('cdk.json', () => {
  const app = (context: Readonly<Record<string, string>>) =>
    spawnSync(process.execPath, ['bin/app.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE_NO_WARNINGS: '1', CDK_CONTEXT_JSON: JSON.stringify(context) },
    });

  it('names the environments there are when none is given, and exits with 2', () => {
    const { status, stderr } = app({});

    expect(status).toBe(2);
    expect(stderr).toBe(
      'Cannot deploy: no environment is named; expected -c env=<name>, one of local, prod, staging\n',
    );
  });

  it.each([
    { env: 'prod', vpc: 'vpc-0123' },
    { env: 'prod', subnets: 'subnet-a' },
  ])('refuses half a network, and exits with 2: %j', (context) => {
    const { status, stderr } = app(context);

    expect([status, stderr]).toEqual([
      2,
      'Cannot deploy: a VPC and its subnets go together; expected -c vpc=<id> -c subnets=<id>,<id>\n',
    ]);
  });

  it('tells every problem of the files by place and exits with 2, without a stack trace', () => {
    const { status, stderr } = app({ env: 'prd' });

    expect(status).toBe(2);
    expect(stderr).toMatch(/^environments:1:1: Cannot read "prd": .* one of local, prod, staging\n$/);
  });
});

/** What an environment with clusters has beside the others: Helm's layer, access entries, a network. */
import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import {
  CLUSTER_PARTS,
  type ClusterFunction,
  FUNCTION_NAMES,
  type FunctionName,
} from '../../lib/core/function-env.ts';
import {
  ACCOUNT,
  anEnvironment,
  aStack,
  CLUSTERS,
  functionIn,
  NETWORK,
  REGION,
  resources,
  templateOf,
} from './helpers/deployment.ts';
import { isAllowed, statementsOf } from './helpers/policy.ts';

const environment = anEnvironment({ clusters: CLUSTERS });
const template = templateOf({ environment });
const local = templateOf({
  environment: anEnvironment({ name: 'local', insecureLocal: true, clusters: CLUSTERS }),
  helmPath: '/home/ada/helm',
});

const roleOf = (name: FunctionName, of = template): string =>
  functionIn(of, name).Properties.Role['Fn::GetAtt'][0];
const TALKING = Object.keys(CLUSTER_PARTS) as ClusterFunction[];

describe('the function that runs Helm', () => {
  const helm = (of: Template) => functionIn(of, 'apply-helm').Properties;

  it('has the layer, and is x86-64 because the layer is', () => {
    const [layer] = Object.keys(resources(template, 'AWS::Lambda::LayerVersion'));

    expect(helm(template)).toMatchObject({
      Architectures: ['x86_64'],
      Layers: [{ Ref: layer }],
      MemorySize: 1024,
      Environment: { Variables: { HELM_PATH: '/opt/helm/helm' } },
    });
    expect(helm(template).EphemeralStorage).toBeUndefined();
  });

  it('has no layer where no cluster is', () => {
    const without = templateOf();

    expect(resources(without, 'AWS::Lambda::LayerVersion')).toEqual({});
    expect(helm(without)).toMatchObject({ Architectures: ['x86_64'] });
  });

  it('takes Helm from elsewhere on a local AWS, which mounts no layers', () => {
    expect(resources(local, 'AWS::Lambda::LayerVersion')).toEqual({});
    expect(helm(local)).toMatchObject({ Environment: { Variables: { HELM_PATH: '/home/ada/helm' } } });
  });
});

describe('access entries', () => {
  const entriesIn = (of: Template) =>
    Object.values(resources(of, 'AWS::EKS::AccessEntry')).map(({ Properties }) => Properties);

  it('let each function that talks to clusters into each EKS cluster, as its own group', () => {
    const groups = {
      reader: 'reinstate:prod:reader',
      alias: 'reinstate:prod:alias',
      rollout: 'reinstate:prod:rollout',
      deployment: 'reinstate:prod:deployment',
      helm: 'reinstate:prod:helm',
      git: 'reinstate:prod:git',
    };
    const wanted = ['shop-prod', 'models_prod'].flatMap((ClusterName) =>
      TALKING.map((name) => ({
        ClusterName,
        PrincipalArn: { 'Fn::GetAtt': [roleOf(name), 'Arn'] },
        Type: 'STANDARD',
        KubernetesGroups: [groups[CLUSTER_PARTS[name]]],
      })),
    );

    expect(new Set(entriesIn(template))).toEqual(new Set(wanted));
  });

  it('carry no access policy: those know no Rollouts, and reach all of a namespace', () => {
    expect(JSON.stringify(entriesIn(template))).not.toContain('Polic');
  });

  it('are made once where levers know one cluster under two names', () => {
    const clusters = { one: { eks: 'shop' }, two: { eks: 'shop' } };

    expect(entriesIn(templateOf({ environment: anEnvironment({ clusters }) }))).toHaveLength(TALKING.length);
  });

  it('name groups that another environment does not have: both may be in one cluster', () => {
    const staging = templateOf({ environment: anEnvironment({ name: 'staging', clusters: CLUSTERS }) });
    const groupsIn = (of: Template) => entriesIn(of).flatMap((entry) => entry.KubernetesGroups);

    expect(groupsIn(staging).filter((group) => groupsIn(template).includes(group))).toEqual([]);
  });

  it('are left out on a local AWS, which knows none, and where somebody else makes them', () => {
    expect(entriesIn(local)).toEqual([]);
    expect(entriesIn(templateOf({ environment, accessEntries: false }))).toEqual([]);
    expect(entriesIn(templateOf())).toEqual([]);
  });
});

describe('the network of clusters', () => {
  const inside = templateOf({ environment, clusterNetwork: NETWORK });
  const vpcOf = (name: FunctionName) => functionIn(inside, name).Properties.VpcConfig;

  it('holds the functions that talk to clusters, and no others', () => {
    const [group] = Object.keys(resources(inside, 'AWS::EC2::SecurityGroup'));

    for (const name of TALKING) {
      expect(vpcOf(name)).toEqual({
        SubnetIds: NETWORK.subnetIds,
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
      });
    }
    const others = FUNCTION_NAMES.filter((name) => !(name in CLUSTER_PARTS));
    expect(others.map(vpcOf).filter(Boolean)).toEqual([]);
  });

  it('lets nothing in, and HTTPS out', () => {
    const [group] = Object.values(resources(inside, 'AWS::EC2::SecurityGroup'));
    const { VpcId, SecurityGroupIngress, SecurityGroupEgress } = group?.Properties ?? {};

    expect([VpcId, SecurityGroupIngress]).toEqual([NETWORK.vpcId, undefined]);
    expect(new Set(SecurityGroupEgress)).toEqual(
      new Set(
        [{ CidrIp: '0.0.0.0/0' }, { CidrIpv6: '::/0' }].map((to) =>
          expect.objectContaining({ ...to, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
        ),
      ),
    );
  });

  it.each(TALKING)('lets Lambda make interfaces for %s, and its own code none', (name) => {
    const statements = statementsOf(inside, roleOf(name, inside));
    const call = { action: 'ec2:CreateNetworkInterface', resource: '*' };
    const own = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:reinstate-prod-${name}`;

    expect(isAllowed(statements, call)).toBe(true);
    expect(isAllowed(statements, { ...call, context: { 'lambda:SourceFunctionArn': own } })).toBe(false);
  });

  it.each(['apply-flag', 'open-incident'] as const)('gives %s no right to interfaces', (name) => {
    const call = { action: 'ec2:CreateNetworkInterface', resource: '*' };

    expect(isAllowed(statementsOf(inside, roleOf(name, inside)), call)).toBe(false);
  });

  it('is refused without a subnet', () => {
    expect(() => aStack({ clusterNetwork: { vpcId: 'vpc-0123', subnetIds: [] } })).toThrow(
      'Cannot put functions into VPC "vpc-0123": no subnet is named; expected one or more',
    );
  });
});

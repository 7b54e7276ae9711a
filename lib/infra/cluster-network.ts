import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { FunctionNetwork } from './stage-function.ts';

export interface ClusterNetworkProps {
  /** The VPC from which the clusters' private endpoints are reached. */
  readonly vpcId: string;
  /** Private subnets of it, with a way out to AWS: a NAT gateway, or endpoints. */
  readonly subnetIds: readonly string[];
}

/**
 * Puts functions into a VPC, for clusters without a public endpoint. Nothing gets in, and out goes HTTPS alone: to the
 * API servers and to AWS. The clusters' own security groups have to let this one in.
 */
export class ClusterNetwork extends Construct implements FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];

  constructor(scope: Construct, id: string, { vpcId, subnetIds }: ClusterNetworkProps) {
    super(scope, id);
    if (subnetIds.length === 0) {
      throw new Error(`Cannot put functions into VPC "${vpcId}": no subnet is named; expected one or more`);
    }
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 };
    const group = new ec2.CfnSecurityGroup(this, 'Group', {
      vpcId,
      groupDescription: 'Functions of Reinstate that talk to clusters',
      securityGroupEgress: [
        { ...https, cidrIp: '0.0.0.0/0', description: 'API servers and AWS' },
        { ...https, cidrIpv6: '::/0', description: 'API servers and AWS' },
      ],
    });
    this.subnetIds = subnetIds;
    this.securityGroupIds = [group.attrGroupId];
  }
}

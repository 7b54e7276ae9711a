import * as eks from 'aws-cdk-lib/aws-eks';
import { Construct } from 'constructs';
import type { Environment } from '../core/environment.ts';
import { CLUSTER_PARTS, type ClusterFunction, clusterGroup } from '../core/function-env.ts';

export interface ClusterAccessProps {
  readonly environment: Environment;
  /** ARNs of the roles of the functions that talk to clusters. */
  readonly roles: Readonly<Record<ClusterFunction, string>>;
}

/**
 * Lets functions into the EKS clusters of an environment, each as one group and nothing more: access policies of AWS
 * know no Rollouts and cannot be narrowed, so what a group may do is said by Roles inside (`reinstate cluster rbac`).
 * The clusters have to be in this account and region, with the authentication mode API or API_AND_CONFIG_MAP.
 */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, { environment, roles }: ClusterAccessProps) {
    super(scope, id);
    for (const clusterName of eksClustersOf(environment)) {
      for (const [name, part] of Object.entries(CLUSTER_PARTS)) {
        new eks.CfnAccessEntry(this, `${clusterName}-${name}`, {
          clusterName,
          principalArn: roles[name as ClusterFunction],
          type: 'STANDARD',
          kubernetesGroups: [clusterGroup(environment.name, part)],
        });
      }
    }
  }
}

/** By name, each once: levers may know one cluster under two keys. A local AWS knows no access entries. */
const eksClustersOf = ({ clusters = {}, insecureLocal }: Environment): string[] =>
  insecureLocal ? [] : [...new Set(Object.values(clusters).flatMap((cluster) => cluster.eks ?? []))];

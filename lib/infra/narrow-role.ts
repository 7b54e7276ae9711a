import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { flatten } from './flatten.ts';
import type { Permission } from './permissions.ts';

/** All inline policies of a role together, in characters: a quota of IAM's. */
const LARGEST_POLICY = 10_240;

export interface NarrowRoleProps {
  /** The AWS service that takes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** All that it may do; nothing is ever added. */
  readonly permissions: readonly Permission[];
}

/** A role with exactly the permissions it was given: constructs that would add their own do not get to. */
export class NarrowRole extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: NarrowRoleProps) {
    super(scope, id);
    const statements = props.permissions.map((permission) => this.statementOf(permission));
    const document = new iam.PolicyDocument({ statements });
    this.refuseLarge(document);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal(props.service),
      inlinePolicies: { Permissions: document },
    });
    this.role = role.withoutPolicyUpdates();
  }

  private statementOf({ effect, actions, resources, reason, conditions }: Permission): iam.PolicyStatement {
    const wild = resources.map((resource) => this.flat(resource)).filter((r) => r.includes('*'));
    if (wild.length > 0 && !reason) {
      throw new Error(`Cannot permit ${actions.join(', ')} on ${wild.join(', ')}: no reason is given`);
    }
    for (const resource of wild) {
      const id = `AwsSolutions-IAM5[Resource::${resource}]`;
      cdk.Validations.of(this).acknowledge({ id, reason: reason ?? '' });
    }
    return new iam.PolicyStatement({
      effect: effect === 'Deny' ? iam.Effect.DENY : iam.Effect.ALLOW,
      actions: [...actions],
      resources: [...resources],
      ...(conditions && { conditions }),
    });
  }

  /** IAM would refuse it too, in the middle of a deploy. */
  private refuseLarge(document: iam.PolicyDocument): void {
    const size = JSON.stringify(cdk.Stack.of(this).resolve(document)).length;
    if (size <= LARGEST_POLICY) return;
    throw new Error(
      `Cannot permit all that ${this.node.path} needs: ${size} characters and IAM takes ${LARGEST_POLICY}; ` +
        'move some services to an environment of their own',
    );
  }

  /** An ARN as cdk-nag names it in its findings: `<LogicalId.Arn>` for what the deploy will know. */
  private flat(resource: string): string {
    const resolved: unknown = cdk.Stack.of(this).resolve(resource);
    return flatten(
      resolved,
      (logicalId, attribute) => `<${attribute ? `${logicalId}.${attribute}` : logicalId}>`,
    );
  }
}

import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface StorageProps {
  /** Keep the table and the bucket when the stack is destroyed. */
  readonly keep: boolean;
  /** Fixed names: the command line finds both without asking CloudFormation. */
  readonly tableName: string;
  readonly bucketName: string;
}

/** The table with leases, incidents and baselines, and the bucket with closing reports. */
export class Storage extends Construct {
  readonly table: dynamodb.Table;
  readonly reports: s3.Bucket;

  constructor(scope: Construct, id: string, { keep, tableName, bucketName }: StorageProps) {
    super(scope, id);
    const removalPolicy = keep ? cdk.RemovalPolicy.RETAIN : cdk.RemovalPolicy.DESTROY;
    this.table = new dynamodb.Table(this, 'Table', {
      tableName,
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: keep,
      removalPolicy,
    });
    this.reports = new s3.Bucket(this, 'Reports', {
      bucketName,
      versioned: true,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [
        {
          id: 'keep-current-reports',
          abortIncompleteMultipartUploadAfter: cdk.Duration.days(7),
          noncurrentVersionExpiration: cdk.Duration.days(365),
          transitions: [
            { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: cdk.Duration.days(90) },
          ],
        },
      ],
      removalPolicy,
    });
    cdk.Validations.of(this.reports).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Reports are versioned, and written by two functions only; access logs would need a second bucket',
    });
  }
}

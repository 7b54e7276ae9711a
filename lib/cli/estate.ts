import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EKSClient } from '@aws-sdk/client-eks';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { systemClock } from '../adapters/clock.ts';
import { estateReader } from '../adapters/estate/reader.ts';
import type { EstateReader } from '../ports/estate-reader.ts';
import { anyCredentials, awsOf } from './deployment.ts';
import type { Found } from './which-environment.ts';

/** The estate of an environment; nothing has to be deployed there. */
export function openEstate(found: Found): EstateReader {
  const { options } = awsOf(found);
  return estateReader({
    environment: found.environment,
    cloudwatch: new CloudWatchClient(options),
    ssm: new SSMClient(options),
    eks: new EKSClient(options),
    secrets: new SecretsManagerClient(options),
    clock: systemClock(),
    ...(found.local && { credentials: anyCredentials }),
  });
}

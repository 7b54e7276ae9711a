import * as z from 'zod';
import { MODES } from '../core/environment.ts';
import { callFormat } from './call-format.ts';
import { mapping, name, oneOf, says, secretArn, text, url, yesOrNo } from './forms.ts';
import { goalFormat } from './service-format.ts';

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

const mlflowFormat = mapping({
  url: url.describe('URL of the MLflow server'),
  secret: secretArn.optional().describe('ARN of the Secrets Manager secret with its credentials'),
});

/** Or the placeholder of `local`, whose cluster makes a new one each time. */
const CA = /^([A-Za-z0-9+/=]{1,16000}|\$\{[\w-]{1,40}\})$/;

const clusterFormat = mapping({
  eks: text(/^[A-Za-z0-9][\w-]{0,99}$/, 'not a name of an EKS cluster', 'letters, digits, hyphens and _')
    .optional()
    .describe('Name of the EKS cluster'),
  endpoint: url.optional().describe('URL of its API server; read from EKS when left out'),
  ca: text(CA, 'not a certificate', 'PEM in base64, as "aws eks describe-cluster" prints it')
    .optional()
    .describe('Certificate of its authority, PEM in base64; read from EKS when left out'),
  secret: secretArn
    .optional()
    .describe('ARN of a Secrets Manager secret with {"token"}, where it is not EKS'),
}).refine(({ eks, endpoint, ca, secret }) => eks !== undefined || (endpoint && ca && secret), {
  error: says('cluster cannot be reached', '"eks", or all of "endpoint", "ca" and "secret"'),
});

/** The format of `environments/<environment>/environment.yaml`. */
export const environmentFormat = mapping({
  account: text(/^\d{12}$/, 'not an account', '12 digits in quotes, such as "111122223333"').describe(
    'AWS account, in quotes',
  ),
  region: text(REGION, 'not a region', 'a region such as eu-west-1').describe('AWS region'),
  mode: oneOf(MODES)
    .default('observe')
    .describe('Mode until "reinstate mode" sets one: off, nothing; observe, plans only; act, pulls levers'),
  goal: goalFormat.prefault('5 min').describe('Goal for the time to recover where a runbook names none'),
  mlflow: mlflowFormat.optional().describe('How MLflow is reached; needed for alias levers'),
  clusters: z
    .record(name, clusterFormat, { error: says('not a mapping', 'clusters by name') })
    .optional()
    .describe('Clusters of Kubernetes by name; needed for rollout, deployment and helm levers'),
  'insecure-local': yesOrNo
    .default(false)
    .describe('Allow plain http and loopback; only in the environment "local"'),
  paged: callFormat.default([]).describe('Who is paged for every service'),
}).describe('One deployment of Reinstate');

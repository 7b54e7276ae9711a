import { MODES } from '../core/environment.ts';
import { callFormat } from './call-format.ts';
import { mapping, oneOf, text, url, yesOrNo } from './forms.ts';
import { goalFormat } from './service-format.ts';

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
const SECRET = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/;

const mlflowFormat = mapping({
  url: url.describe('URL of the MLflow server'),
  secret: text(
    SECRET,
    'not the ARN of a secret',
    'an ARN such as arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf',
  )
    .optional()
    .describe('ARN of the Secrets Manager secret with its credentials'),
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
  'insecure-local': yesOrNo
    .default(false)
    .describe('Allow plain http and loopback; only in the environment "local"'),
  paged: callFormat.default([]).describe('Who is paged for every service'),
}).describe('One deployment of Reinstate');

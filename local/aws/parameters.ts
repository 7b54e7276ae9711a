/** The flag of the demo's service: a plain parameter that a person or a pipeline writes. */
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AWS_REGION } from './ministack.ts';

export async function putParameter(aws: string, name: string, value: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SSMClient({ endpoint: aws, region: AWS_REGION, credentials });
  // Type only counts when the parameter is made.
  await client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }));
  client.destroy();
}

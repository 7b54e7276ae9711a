import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Settings } from '../ports/settings.ts';
import { asking, nameOf } from './aws-errors.ts';
import { settingsOver } from './parameter-text.ts';

export interface SettingsDeps {
  readonly client: SSMClient;
  readonly environment: string;
}

/** Modes and armed services in SSM parameters. Whatever is not plainly there, absent or well formed is an error. */
export const ssmSettings = ({ client, environment }: SettingsDeps): Settings =>
  settingsOver(environment, (name) => readParameter(client, name));

async function readParameter(client: SSMClient, Name: string): Promise<string | undefined> {
  return asking(`read parameter "${Name}"`, async () => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name }));
      return Parameter?.Value ?? '';
    } catch (error) {
      if (nameOf(error) === 'ParameterNotFound') return undefined;
      throw error;
    }
  });
}

import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { parameterNames, strictest } from '../core/environment.ts';
import type { Settings } from '../ports/settings.ts';
import { asking, nameOf } from './aws-errors.ts';
import { armedIn, modeIn } from './parameter-text.ts';

export interface SettingsDeps {
  readonly client: SSMClient;
  readonly environment: string;
}

/** Modes and armed services in SSM parameters. Whatever is not plainly there, absent or well formed is an error. */
export function ssmSettings({ client, environment }: SettingsDeps): Settings {
  const names = parameterNames(environment);
  const read = (name: string) => readParameter(client, name);
  return {
    mode: async (service, first) => {
      const voters = [names.mode, names.serviceMode(service)];
      const votes = await Promise.all(voters.map(async (name) => modeIn(name, await read(name))));
      return strictest(votes, first);
    },
    armed: async (service) => {
      const name = names.armed(service);
      const text = await read(name);
      return text === undefined ? undefined : armedIn(text, { name, service, environment });
    },
  };
}

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

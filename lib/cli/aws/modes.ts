import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { asking, nameOf } from '../../adapters/aws-errors.ts';
import { modeIn } from '../../adapters/parameter-text.ts';
import { parameterNames } from '../../core/environment.ts';
import type { Modes } from '../desk.ts';

/** Mode parameters in SSM. No stack owns them: a deploy must not overwrite what an operator set. */
export function ssmModes({ client, environment }: { client: SSMClient; environment: string }): Modes {
  const names = parameterNames(environment);
  const nameFor = (service?: string) => (service === undefined ? names.mode : names.serviceMode(service));
  return {
    read: async (service) => modeIn(nameFor(service), await textOf(client, nameFor(service))),
    set: async (mode, service) => {
      const Name = nameFor(service);
      const command = new PutParameterCommand({ Name, Value: mode, Type: 'String', Overwrite: true });
      await asking(`set parameter "${Name}"`, () => client.send(command));
    },
  };
}

const textOf = (client: SSMClient, Name: string): Promise<string | undefined> =>
  asking(`read parameter "${Name}"`, async () => {
    try {
      return (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? '';
    } catch (error) {
      if (nameOf(error) === 'ParameterNotFound') return undefined;
      throw error;
    }
  });

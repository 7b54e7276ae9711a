/** Which service a command line names: the service files say whether there is one, before anybody signs in. */
import type { Command } from 'commander';
import { serviceOfIncident } from '../core/incident-id.ts';
import { type Given, text } from './session.ts';

/** By the argument that takes one, or by --service; what looks like an incident is none. */
export function namedService(
  { registeredArguments }: Pick<Command, 'registeredArguments'>,
  { args, options }: Given,
): string | undefined {
  const position = registeredArguments.findIndex((argument) =>
    argument.name().split('|').includes('service'),
  );
  const named = text(options['service']) ?? args[position];
  return named === undefined || serviceOfIncident(named) !== undefined ? undefined : named;
}

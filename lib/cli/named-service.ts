/** Which service a command line names: the service files say whether there is one, before anybody signs in. */
import type { Command } from 'commander';
import { type Given, text } from './session.ts';

/** `<service>-<yyyymmddThhmmss>-<8 hex>`. */
export const INCIDENT_ID = /^(.+)-\d{8}T\d{6}-[0-9a-f]{8}$/;

/** By the argument that takes one, or by --service; what looks like an incident is none. */
export function namedService(
  { registeredArguments }: Pick<Command, 'registeredArguments'>,
  { args, options }: Given,
): string | undefined {
  const position = registeredArguments.findIndex((argument) =>
    argument.name().split('|').includes('service'),
  );
  const named = text(options['service']) ?? args[position];
  return named === undefined || INCIDENT_ID.test(named) ? undefined : named;
}

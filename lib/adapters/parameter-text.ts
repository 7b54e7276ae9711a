import * as z from 'zod/mini';
import { MODES, type Mode, parameterNames, strictest } from '../core/environment.ts';
import { OutsideRefusal } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { type ArmedService, armedService } from '../core/service.ts';
import type { Settings } from '../ports/settings.ts';

/** Settings over parameters: `read` gives the text of one by its name, or nothing where there is none. */
export function settingsOver(
  environment: string,
  read: (name: string) => Promise<string | undefined>,
): Settings {
  const names = parameterNames(environment);
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

/** The mode a parameter votes for; a typing error is no vote for anything. */
export function modeIn(name: string, text: string | undefined): Mode | undefined {
  if (text === undefined) return undefined;
  const mode = MODES.find((m) => m === text.trim());
  if (mode) return mode;
  const found = printable(text).slice(0, 40);
  throw new OutsideRefusal(`Cannot use mode "${found}" in parameter "${name}": expected ${MODES.join(', ')}`);
}

/** The armed service in a parameter's text, if it is whole and for this service. */
function armedIn(
  text: string,
  at: { readonly name: string; readonly service: string; readonly environment: string },
): ArmedService {
  const refuse = (why: string, cause?: unknown) =>
    new OutsideRefusal(`Cannot use armed parameter "${at.name}": ${why}; deploy again`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse('it is no JSON', error);
  }
  const parsed = z.safeParse(armedService, json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'its top';
    throw refuse(`${where} is not as this version expects`, parsed.error);
  }
  const { service, environment } = parsed.data;
  if (service.name === at.service && environment === at.environment) return parsed.data;
  throw refuse(`it is for service "${service.name}" in "${environment}"`);
}

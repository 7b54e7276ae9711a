import { type Mode, parameterNames, strictest } from '../../core/environment.ts';
import type { ArmedService } from '../../core/service.ts';
import type { Settings } from '../../ports/settings.ts';
import { armedIn, modeIn } from '../parameter-text.ts';
import { type MemoryWorld, putParameter, writeParameter } from './world.ts';

/** Modes and armed services in the world's parameters. */
export function memorySettings(world: MemoryWorld, environment: string): Settings {
  const names = parameterNames(environment);
  const read = (name: string) =>
    world.trouble.during('ssm.GetParameter', () => world.parameters.get(name)?.history.at(-1)?.value);
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

/** Sets a mode as `reinstate mode` does: for one service, or for all of the environment. */
export function setMode(world: MemoryWorld, at: { environment: string; service?: string }, mode: Mode): void {
  const names = parameterNames(at.environment);
  putParameter(world, at.service === undefined ? names.mode : names.serviceMode(at.service), mode);
}

/** Arms a service as a deploy does. */
export function arm(world: MemoryWorld, armed: ArmedService): void {
  const name = parameterNames(armed.environment).armed(armed.service.name);
  writeParameter(world, name, { value: JSON.stringify(armed), by: 'deploy' });
}

import { type Mode, parameterNames } from '../../core/environment.ts';
import type { ArmedService } from '../../core/service.ts';
import type { Settings } from '../../ports/settings.ts';
import { settingsOver } from '../parameter-text.ts';
import { type MemoryWorld, putParameter, writeParameter } from './world.ts';

/** Modes and armed services in the world's parameters. */
export const memorySettings = (world: MemoryWorld, environment: string): Settings =>
  settingsOver(environment, (name) =>
    world.trouble.during('ssm.GetParameter', () => world.parameters.get(name)?.history.at(-1)?.value),
  );

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

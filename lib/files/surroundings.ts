import type { Environment } from '../core/environment.ts';
import type { Replacements } from './urls.ts';

/** What a service file needs to know of its environment; there is none when the environment's file cannot be read. */
export interface Surroundings {
  readonly environment: Environment | undefined;
  readonly replacements?: Replacements | undefined;
}

import type { Mode } from '../core/environment.ts';
import type { ArmedService } from '../core/service.ts';

/** What the deploy and the operator set. Read when needed, never cached. */
export interface Settings {
  /** The stricter of the environment's and the service's mode; `first` when nobody set one. @throws when unreadable. */
  mode(service: string, first: Mode): Promise<Mode>;
  /** What the last deploy armed for a service, or nothing. @throws when unreadable or not of the expected form. */
  armed(service: string): Promise<ArmedService | undefined>;
}

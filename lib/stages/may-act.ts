import { sentenceOf } from '../core/errors.ts';
import type { ArmedService } from '../core/service.ts';
import type { Settings } from '../ports/settings.ts';

/** How long the function that works has until it is ended. */
export interface Remaining {
  remainingMs(): number;
}

/** The longest that any function may take: for callers that do not know what is left of their own. */
export const WHOLE_TIME: Remaining = { remainingMs: () => 50_000 };

/** Why nothing may be written now, or nothing. Read before every act, never cached; unreadable means no (I7). */
export async function forbidden(settings: Settings, armed: ArmedService): Promise<string | undefined> {
  try {
    const mode = await settings.mode(armed.service.name, armed.firstMode);
    return mode === 'act' ? undefined : `the mode is ${mode}`;
  } catch (error) {
    return `the mode cannot be read: ${sentenceOf(error)}`;
  }
}

import { Option } from 'commander';
import type { Person } from '../core/desk.ts';
import type { Desk } from './desk.ts';
import { type Session, text } from './session.ts';

/** Who is named in the ledger. */
export const byOption = (): Option => new Option('--by <name>', 'who you are; else the user of this machine');

/** Who types this, now, and why. */
export const personOf = (
  { host }: Session,
  { clock }: Pick<Desk, 'clock'>,
  options: Readonly<Record<string, unknown>>,
): Person => ({
  by: text(options['by']) ?? host.user,
  at: clock.now(),
  reason: text(options['reason']) ?? '',
});

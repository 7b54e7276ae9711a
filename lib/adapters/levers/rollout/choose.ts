import { ownerWords } from '../../../core/spec-owner.ts';
import { type Owner, say } from '../../../core/step.ts';
import { hashHeld, type Standing } from './standing.ts';

/** What can be done to a Rollout; every one is followed by another look. */
export type Verb = 'abort' | 'promote' | 'template' | 'wait';

/** What brings it to hold a hash, seen its state. */
export type Choice =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'act'; readonly verb: Verb }
  | { readonly kind: 'conflict'; readonly why: string };

export interface Wanted {
  readonly to: string;
  /** What stood there when it was decided to act. */
  readonly before: string | null;
  readonly owner: Owner | undefined;
}

/**
 * Never promotes but where the newest template is the wanted one: after an abort that ships the aborted one.
 * An abort of what is stable already is dropped without a word, so there the template goes back first (F30).
 */
export function chooseTraffic(standing: Standing, { to, before, owner }: Wanted): Choice {
  const { current, stable, leaving, stuck } = standing;
  const value = hashHeld(standing, to);
  if (value === to) return { kind: 'nothing' };
  if (value !== before && current !== to) return { kind: 'conflict', why: movedTo(value) };
  if (leaving !== undefined && current === to) return { kind: 'act', verb: 'wait' };
  if (stable === to && !(stuck && !owner)) return { kind: 'act', verb: 'abort' };
  if (current === to) return { kind: 'act', verb: 'promote' };
  return owner ? { kind: 'conflict', why: ownedBy(owner) } : { kind: 'act', verb: 'template' };
}

/** The template alone: what the next edit, retry or restart starts from. */
export function chooseSpec({ current }: Standing, { to, before, owner }: Wanted): Choice {
  if (current === to) return { kind: 'nothing' };
  if (current !== before) return { kind: 'conflict', why: movedTo(current) };
  return owner ? { kind: 'conflict', why: ownedBy(owner) } : { kind: 'act', verb: 'template' };
}

const movedTo = (value: string): string => `was moved to ${say(value)} in between; it was left as it is`;

/** Why somebody else's spec is left to them. */
export function ownedBy(owner: Owner): string {
  const where = owner.kind === 'helm' ? 'there' : 'in Git';
  return `is owned by ${ownerWords(owner)}: it has to be rolled back ${where}`;
}

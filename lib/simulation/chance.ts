/**
 * Seeded chance without a state: each draw is named, so that one fault less changes no other draw. That is what lets a
 * failing run shrink. The names come from the run itself: `apply-flag@event-1-1#3/7` is the
 * 7th call of that function's 3rd run for that execution.
 */
export interface Chance {
  readonly seed: number;
  /** In [0, 1). */
  number(name: string): number;
  /** A whole number in [from, to]. */
  between(name: string, from: number, to: number): number;
  pick<T>(name: string, of: readonly [T, ...T[]]): T;
  /**
   * Whether something that is off the good path happens. What happened is in `happened`; a replay may allow only some
   * of it.
   */
  happens(name: string, probability: number): boolean;
  /** Names of what happened, in order. */
  readonly happened: readonly string[];
}

/** @param allowed the only faults that may happen, by name. @default all that the seed brings */
export function seededChance(seed: number, allowed?: ReadonlySet<string>): Chance {
  const happened: string[] = [];
  const number = (name: string) => hash(seed, name) / 2 ** 32;
  return {
    seed,
    number,
    between: (name, from, to) => from + Math.floor(number(name) * (to - from + 1)),
    pick: (name, of) => of[Math.floor(number(name) * of.length)] ?? of[0],
    happens: (name, probability) => {
      if (probability <= 0 || number(name) >= probability || allowed?.has(name) === false) return false;
      happened.push(name);
      return true;
    },
    happened,
  };
}

/** FNV-1a over the name, begun with the seed, then murmur3's last mix: all bits of a draw are of use. */
function hash(seed: number, name: string): number {
  let h = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  h = Math.imul(h ^ (seed / 2 ** 32), 0x01000193);
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

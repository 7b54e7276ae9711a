/** What a day came to, small enough to be compared as a whole. */
import type { Message } from '../../../lib/ports/notifier.ts';
import type { Day } from '../scenario.ts';

export const FLAG = 'flag:/shop/recommender/new-features';
export const CHAMPION = 'alias:recommender@champion';
export const ROLLED_BACK = 'alias:recommender@rolled_back';
export const PREVIOUS = 'alias:recommender@previous_champion';

export interface Came {
  /** `recovered, closed`. */
  readonly end: string;
  /** What Reinstate changed at targets, sorted: settle steps run side by side. */
  readonly changes: readonly string[];
  /** How each step ended. */
  readonly steps: Readonly<Record<string, string>>;
  /** Subjects, of each channel's copy one. */
  readonly pages: readonly string[];
  /** Of the incident; that an alarm is OK again is told beside it. */
  readonly notifications: readonly string[];
  /** How often CloudWatch called people, by another path. */
  readonly platformPages: number;
  readonly violations: readonly string[];
  readonly running: readonly string[];
}

/** The day of its only incident. */
export function came({ incident, receipts, pages, notifications, violations, environment }: Day): Came {
  const { witness, machine } = environment;
  const moved = witness.moves.filter(({ by }) => by !== 'somebody');
  return {
    end: `${incident.ending ?? 'no ending'}, ${incident.state}`,
    changes: moved
      .map(({ target, before, after }) => `${target} ${before} -> ${after}`)
      .toSorted((a, b) => a.localeCompare(b)),
    steps: Object.fromEntries(receipts.map(({ step, outcome }) => [step, outcome])),
    pages: subjects(pages),
    notifications: subjects(notifications.filter((told) => told.incident !== undefined)),
    platformPages: witness.platformPages.length,
    violations: violations.map(({ invariant, what }) => `${invariant}: ${what}`),
    running: machine.running,
  };
}

const subjects = (told: readonly Message[]): string[] => told.map(({ subject }) => subject);

/** What settles the alias. */
export const SETTLED = [`${PREVIOUS} null -> 2`, `${ROLLED_BACK} null -> 4`] as const;

/** The alias put back, and settled. */
export const ALIAS_CHANGES = [`${CHAMPION} 4 -> 3`, ...SETTLED] as const;

/** Both levers pulled, settled, and proven. */
export const ALL_WELL: Came = {
  end: 'recovered, closed',
  changes: [...ALIAS_CHANGES, `${FLAG} true -> false`],
  steps: { '1.1': 'applied', '2.1': 'applied', '2.1.s1': 'applied', '2.1.s2': 'applied' },
  pages: [],
  notifications: ['recommender (local) recovered'],
  platformPages: 0,
  violations: [],
  running: [],
};

/** Only the flag was pulled. */
export const FLAG_ONLY: Came = {
  ...ALL_WELL,
  changes: [`${FLAG} true -> false`],
  steps: { '1.1': 'applied' },
};

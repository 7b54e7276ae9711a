/** The demo's service as others would write it, and what their days have in common. */
import type { ArmedService, Pull, Signal } from '../../../lib/core/service.ts';
import type { Day, Setting } from '../scenario.ts';
import { localServices } from '../seeds.ts';
import type { Came } from './came.ts';

const [RECOMMENDER] = localServices();

type Ladder = readonly (readonly Pull[])[];

/** Every signal with these words of its own, and another ladder. @param ladder @default its own */
export function variant(
  signal: Partial<Signal>,
  ladder: Ladder = RECOMMENDER.service.policy.do,
): readonly [ArmedService] {
  const { service } = RECOMMENDER;
  const signals = service.signals.map((s) => ({ ...s, ...signal }));
  const policy = { ...service.policy, do: ladder.map((rung) => [...rung]) };
  return [{ ...RECOMMENDER, service: { ...service, signals, policy } }];
}

/** Both levers side by side. */
export const ONE_RUNG: Ladder = [RECOMMENDER.service.policy.do.flat()];

export const FLAG_BREAKS: Setting = { breaks: ['new-features'] };
export const CHAMPION_BREAKS: Setting = { breaks: ['champion'] };

/** Seconds until a rung without a verdict is inconclusive: twice the window of 60 s, a period and half of one. */
export const BUDGET_SECONDS = 135;

/** Seconds from open to the end of the only incident. */
export const takenSeconds = ({ incident: { openedAt, endedAt = 0 } }: Day): number =>
  (endedAt - openedAt) / 1000;

/** Seconds from open to the deadline of the only incident. */
export const allowedSeconds = ({ incident: { openedAt, deadlineAt = 0 } }: Day): number =>
  (deadlineAt - openedAt) / 1000;

/** How it ends where the bad release serves nothing and nobody can prove it. */
export const CONTAINED = {
  end: 'contained, ended',
  pages: ['recommender (local) contained: the bad release serves nothing, recovery is not proven'],
  notifications: [],
} as const satisfies Partial<Came>;

/** How it ends where people have to take over. */
export const ESCALATED = {
  end: 'escalated, ended',
  pages: ['recommender (local) needs you: the automation gave up'],
  notifications: [],
} as const satisfies Partial<Came>;

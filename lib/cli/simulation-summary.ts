/** What many seeds say about one service. Pure. */
import { nearestRank } from '../core/ranks.ts';
import type { Outcome, SimulatedEnding } from '../simulation/run.ts';
import type { Violation } from '../simulation/witness.ts';

/** What is kept of one seed: its trace alone is thousands of lines. */
export interface SeedFacts {
  readonly seed: number;
  /** Of the service that is asked about. */
  readonly endings: readonly SimulatedEnding[];
  readonly violations: readonly Violation[];
  /** What befell the service beside a bad release. */
  readonly befell: readonly string[];
  /** How many single calls, events and datapoints went wrong. */
  readonly faults: number;
}

/** Seconds to recover, of so many incidents. Percentiles by nearest rank. */
export interface Times {
  readonly recovered: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly pastGoal: number;
}

/** What became of one incident, and what else happened on its day. */
export interface Case
  extends Pick<SeedFacts, 'seed' | 'befell' | 'faults'>,
    Pick<SimulatedEnding, 'incident' | 'ending' | 'reasons' | 'levers' | 'timeToRecover'> {}

/** How often incidents ended so, and the reason that most of them had. */
export interface EndingCount {
  readonly ending: SimulatedEnding['ending'];
  readonly incidents: number;
  readonly percent: number;
  readonly mostly?: { readonly reason: string; readonly incidents: number };
}

export interface Summary {
  readonly seeds: number;
  readonly incidents: number;
  /** By the levers that were pulled last; the most frequent first. */
  readonly byLever: readonly (Times & { readonly levers: string })[];
  /** The same service on days when only a release was bad; no times when nothing recovered. */
  readonly calm: Pick<Summary, 'seeds' | 'incidents' | 'endings'> & { readonly times?: Times };
  readonly endings: readonly EndingCount[];
  /** Past the deadline, and nobody was called in time. */
  readonly unheard: number;
  readonly slowest: readonly Case[];
  /** Escalated or contained, those with the least trouble first: they have the least excuse. */
  readonly leftToPeople: readonly Case[];
  /** Seeds that broke a rule of Reinstate's own. */
  readonly broken: readonly Pick<SeedFacts, 'seed' | 'violations'>[];
}

const MOST_CASES = 3;

export function factsOf(outcome: Outcome, service: string): SeedFacts {
  const { seed, violations, endings, happened } = outcome;
  const ours = `${service} `;
  // Turns of a service's story are named after it; all else is single calls, events and datapoints.
  const turns = happened.filter((name) => name.startsWith(ours)).map((name) => name.slice(ours.length));
  const meddled = happened.filter((name) => name.endsWith(' meddle')).length;
  const befell = meddled > 0 ? [...turns, 'somebody else got in between'] : turns;
  const own = endings.filter((ending) => ending.service === service);
  return { seed, violations, endings: own, befell, faults: happened.length - turns.length - meddled };
}

/** @param calm seeds in which nothing went wrong but the release. */
export function summaryOf(
  seeds: readonly SeedFacts[],
  calm: readonly SeedFacts[],
  goalSeconds: number,
): Summary {
  const cases = seeds.flatMap(casesOf);
  const left = cases.filter(({ ending }) => ending === 'escalated' || ending === 'contained');
  return {
    seeds: seeds.length,
    incidents: cases.length,
    byLever: byLever(cases, goalSeconds),
    calm: calmOf(calm, goalSeconds),
    endings: endingsOf(cases),
    unheard: seeds.flatMap(({ endings }) => endings.filter(({ unheard }) => unheard)).length,
    slowest: most(
      cases.filter(({ timeToRecover }) => timeToRecover !== undefined),
      (it) => it.timeToRecover ?? 0,
    ),
    leftToPeople: most(left, ({ befell, faults }) => -(1000 * befell.length + faults)),
    broken: [...seeds, ...calm].filter(({ violations }) => violations.length > 0),
  };
}

const casesOf = ({ seed, befell, faults, endings }: SeedFacts): Case[] =>
  endings.map(({ service: _service, unheard: _unheard, ...ending }) => ({
    seed,
    ...ending,
    reasons: ending.reasons.map((reason) => reason.replaceAll(CREDENTIAL, '')),
    befell,
    faults,
  }));

/** What the twins' errors tell of a credential, so that it can be seen that it is told to nobody. */
const CREDENTIAL = ' (Authorization: [redacted])';

const most = (cases: readonly Case[], of: (it: Case) => number): Case[] =>
  cases.toSorted((a, b) => of(b) - of(a)).slice(0, MOST_CASES);

function byLever(cases: readonly Case[], goalSeconds: number): Summary['byLever'] {
  const recovered = cases.filter(({ timeToRecover }) => timeToRecover !== undefined);
  return grouped(recovered, ({ levers = [] }) => levers.join(' and ') || 'no lever').flatMap(
    ([levers, of]) => {
      const times = timesOf(of, goalSeconds);
      return times ? [{ levers, ...times }] : [];
    },
  );
}

function calmOf(calm: readonly SeedFacts[], goalSeconds: number): Summary['calm'] {
  const cases = calm.flatMap(casesOf);
  const times = timesOf(cases, goalSeconds);
  const endings = endingsOf(cases);
  return { seeds: calm.length, incidents: cases.length, endings, ...(times && { times }) };
}

function endingsOf(cases: readonly Case[]): EndingCount[] {
  return grouped(cases, ({ ending }) => ending).map(([ending, of]) => {
    const reasons = of.filter((it) => it.reasons.length > 0);
    const [mostly] = grouped(reasons, (it) => kindOf(it.reasons[0] ?? ''));
    return {
      ending,
      incidents: of.length,
      percent: Math.round((1000 * of.length) / cases.length) / 10,
      ...(mostly && { mostly: { reason: mostly[0], incidents: mostly[1].length } }),
    };
  });
}

/** Without what differs from one incident to the next: names in quotes, and which run of a function it was. */
const kindOf = (reason: string): string => reason.replace(/"[^"]*"/g, '…').replace(/@\S+#\d+/g, '');

/** The largest group first. */
function grouped<K>(cases: readonly Case[], keyOf: (it: Case) => K): [K, Case[]][] {
  const groups = Map.groupBy(cases, keyOf);
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

/** Nothing, when none of them recovered. */
export function timesOf(
  cases: readonly Pick<Case, 'timeToRecover'>[],
  goalSeconds: number,
): Times | undefined {
  const sorted = cases
    .map(({ timeToRecover }) => timeToRecover)
    .filter((seconds) => seconds !== undefined)
    .sort((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const rank = (percent: number) => nearestRank(sorted, percent) ?? max;
  const pastGoal = sorted.filter((seconds) => seconds > goalSeconds).length;
  return { recovered: sorted.length, p50: rank(50), p95: rank(95), max, pastGoal };
}

/** What a Rollout or a Deployment runs, as its controller tells it: for people, and as a doubt about what was measured. */
import type { Shares } from './traffic.ts';

/** One ReplicaSet. `role` is what its controller does with it now. */
export interface PodSet {
  readonly hash: string;
  readonly revision: string;
  /** @default - none: it was replaced */
  readonly role?: 'stable' | 'canary' | 'active' | 'preview' | 'current';
  readonly ready: number;
  /** Of those that are wanted, or still there. */
  readonly pods: number;
  /** Of its first container: the tag, or the first 12 digits of the digest. */
  readonly image: string;
}

export interface Workload {
  /** The newest revision first. */
  readonly sets: readonly PodSet[];
  /** How many more there are. @default 0 */
  readonly more?: number;
  /** Percent of requests by hash, as its controller told the router. @default - no router is told */
  readonly weights?: Readonly<Record<string, number>>;
  /** The controller looked, and the router does not have these weights. @default false */
  readonly unconfirmed?: boolean;
}

/** A hundred revisions may have pods at once, while nodes are missing; an item of the table is read by people. */
const MOST_SETS = 6;
/** So many are shown whatever they have: a bad one that was settled has no role and no pods, and people look for it. */
const FEWEST_SETS = 3;

/** The sets that have a role, pods or weight, and the wanted one; of too many the newest, and so of too few. */
export function boundedWorkload({ sets, ...rest }: Workload, wanted?: string | null): Workload {
  const rankOf = ({ hash, role, pods }: PodSet): number => {
    if (role !== undefined || hash === wanted) return 0;
    return pods > 0 || (rest.weights?.[hash] ?? 0) > 0 ? 1 : 2;
  };
  const newest = [...sets].sort((a, b) => Number(b.revision) - Number(a.revision));
  const ranked = [...newest].sort((a, b) => rankOf(a) - rankOf(b));
  const matter = ranked.filter((set) => rankOf(set) < 2).length;
  const kept = ranked.slice(0, Math.min(MOST_SETS, Math.max(FEWEST_SETS, matter)));
  const more = sets.length - kept.length;
  return { ...rest, sets: newest.filter((set) => kept.includes(set)), ...(more > 0 && { more }) };
}

/** What speaks against a version having everything by the weights; where it was measured, what that has to say. */
export function doubtAboutWeights(
  { weights = {}, unconfirmed = false }: Workload,
  good: string | null,
  shares: Shares | undefined,
): string | undefined {
  if (unconfirmed) return 'the router has not confirmed the weights that its controller set';
  const bad = Object.entries(weights).filter(([hash, percent]) => hash !== good && percent > 0);
  if (bad.length === 0) return undefined;
  const given = bad.map(([hash, percent]) => `${percentText(percent)} to "${hash}"`).join(' and ');
  const reached = bad.some(([hash]) => (shares?.requests[hash] ?? 0) > 0);
  const measured =
    shares && !reached ? `, though none of its requests were seen in ${shares.windowSeconds} s` : '';
  return `the router is told to give ${given}${measured}`;
}

/** Whether the router is told to send requests to this version alone. */
export const isGivenAll = ({ weights }: Workload, good: string | null): boolean =>
  weights !== undefined && Object.entries(weights).every(([hash, percent]) => hash === good || percent === 0);

/** `12.5 %`; what is not nothing is never shown as 0 %. */
export const percentText = (percent: number): string =>
  percent > 0 && percent < 0.1 ? '< 0.1 %' : `${Number(percent.toFixed(1))} %`;

/** `good 100 %, bad 0 %`: the largest first. */
export const weightsText = (weights: NonNullable<Workload['weights']>): string =>
  Object.entries(weights)
    .sort(([, a], [, b]) => b - a)
    .map(([hash, percent]) => `${hash} ${percentText(percent)}`)
    .join(', ');

import type { Signal, Traffic } from './service.ts';
import { isGivenAll, type Workload } from './workload.ts';

/** Requests by version, as the data plane counted them over a window that begins after the switch. */
export interface Shares {
  readonly windowSeconds: number;
  readonly requests: Readonly<Record<string, number>>;
}

/** What serving instances were seen to use. */
export interface ServedReading {
  readonly target: string;
  readonly expected: string | null;
  readonly values: readonly string[];
  readonly good: boolean;
  readonly problem?: string;
  /** Requests by version, where the lever says how they are counted. */
  readonly shares?: Shares;
  /** What its controller says at the same moment. @default - the target is no workload of a cluster */
  readonly workload?: Workload;
}

/** What verification saw last, while a rung has no verdict yet: each look takes the place of the one before. */
export interface Look {
  readonly rung: number;
  readonly at: number;
  readonly served: readonly ServedReading[];
}

/** Nothing bad in a whole window, and enough that is good; else why not. What was configured proves nothing, and is named beside it. */
export function doubtAbout(
  { requests, windowSeconds }: Shares,
  good: string | null,
  wanted: Pick<Traffic, 'least' | 'windowSeconds'> & { readonly told?: Workload },
): string | undefined {
  const bad = Object.entries(requests).filter(([version, count]) => version !== good && count > 0);
  const total = sum(Object.values(requests));
  if (bad.length > 0) {
    const parts = bad.map(
      ([version, count]) => `${share(count, total)} of ${total} requests to "${version}"`,
    );
    const isTold = wanted.told && isGivenAll(wanted.told, good);
    const though = isTold ? ', though the router is told to send it none' : '';
    return `${parts.join(' and ')} in ${windowSeconds} s${though}`;
  }
  if (windowSeconds < wanted.windowSeconds)
    return `requests were counted for ${windowSeconds} s; expected ${wanted.windowSeconds} s`;
  if (total >= wanted.least) return undefined;
  return `${total} requests in ${windowSeconds} s, too few to prove it; expected ${wanted.least}`;
}

/** What people read: the share of each version, the largest first. */
export function sharesText({ requests, windowSeconds }: Shares): string {
  const total = sum(Object.values(requests));
  const parts = Object.entries(requests)
    .sort(([, a], [, b]) => b - a)
    .map(([version, count]) => `${version} ${total === 0 ? '0 %' : share(count, total)}`);
  return `${parts.join(', ')} of ${total} requests in ${windowSeconds} s`;
}

/** The series that counts the requests to one version. */
export const countOf = ({ metric, by, periodSeconds }: Traffic, version: string): Signal => ({
  name: `requests to ${version}`,
  metric: { ...metric, dimensions: { ...metric.dimensions, [by]: version } },
  statistic: 'Sum',
  periodSeconds,
  unit: 'count',
  lagSeconds: 0,
  missing: 'wait',
});

/** The whole seconds to look at: the last window, but nothing from before the switch. */
export function windowOf({ windowSeconds }: Traffic, switchAt: number, now: number) {
  const from = Math.max(switchAt, now - windowSeconds * 1000);
  return { from, to: now };
}

/** The share of one version, as people read it; nothing where no request was counted. */
export function shareText({ requests }: Shares, version: string): string | undefined {
  const total = sum(Object.values(requests));
  return total === 0 ? undefined : share(requests[version] ?? 0, total);
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** A share that is not nothing is never shown as 0 %, nor one that is not all as 100 %. */
const share = (count: number, total: number): string => {
  const percent = (100 * count) / total;
  if (count === 0 || count === total) return `${percent} %`;
  return percent < 0.1 ? '< 0.1 %' : percent > 99.9 ? '> 99.9 %' : `${percent.toFixed(1)} %`;
};

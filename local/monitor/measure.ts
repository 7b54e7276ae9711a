/** From requests to the numbers a monitor publishes: latency, error ratio, online AUC, number of requests. */
import { areaUnderCurve } from '../traffic/population.ts';
import type { Seen } from '../traffic/requests.ts';

export interface Measured {
  readonly requests: number;
  readonly errorRatio: number;
  readonly latencies: readonly number[];
  readonly auc?: number;
  readonly byVersion: Readonly<Record<string, number>>;
}

export function measure(seen: readonly Seen[]): Measured {
  const failed = seen.filter(({ status }) => status !== 200).length;
  const auc = areaUnderCurve(
    seen.flatMap(({ score, label }) =>
      score === undefined || label === undefined ? [] : [{ score, label }],
    ),
  );
  const byVersion: Record<string, number> = {};
  for (const { version } of seen) byVersion[version] = (byVersion[version] ?? 0) + 1;
  return {
    requests: seen.length,
    errorRatio: seen.length === 0 ? 0 : failed / seen.length,
    latencies: seen.map(({ ms }) => Math.round(ms * 10) / 10),
    ...(auc === undefined ? {} : { auc }),
    byVersion,
  };
}

export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

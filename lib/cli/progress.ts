/** How far verification is. The stage writes nothing between two looks, so what was read here is judged as it judges. */

import { switchOf } from '../core/step.ts';
import { type Judged, judge, watchedBy } from '../core/verdict.ts';
import type { IncidentView } from './incident-view.ts';

/** The rung that waits for its verdict, and since when it has taken effect for users. */
export interface Verifying {
  readonly rung: number;
  readonly switchAt: number;
}

/** The rung that is being verified, if one is. */
export function verifying({ incident, plan, receipts, verdicts }: IncidentView): Verifying | undefined {
  if (incident.state !== 'running' || plan?.outcome !== 'planned') return undefined;
  const rung = Math.max(0, ...receipts.map((r) => r.rung));
  const steps = plan.plan.rungs[rung - 1]?.steps ?? [];
  const applied = receipts.filter((r) => r.rung === rung && r.phase === 'apply');
  if (rung === 0 || applied.length < steps.length || verdicts.some((v) => v.rung === rung)) return undefined;
  const switchAt = switchOf(receipts.filter((r) => r.rung === rung));
  return switchAt === undefined ? undefined : { rung, switchAt };
}

/** Its signals as they can be judged now; nothing while there can be none, or one was never read. */
export function judgedSoFar(view: IncidentView, now: number): readonly Judged[] | undefined {
  const { armed, incident, alarms, signals = [] } = view;
  const switchAt = verifying(view)?.switchAt;
  if (!armed || switchAt === undefined || now < switchAt) return undefined;
  const watched = watchedBy(
    armed,
    alarms.map((a) => a.arn),
  );
  const known = signals.filter((s) => s.datapoints !== undefined);
  const datapoints = Object.fromEntries(known.map((s) => [s.signal.name, s.datapoints ?? []]));
  const isKnown = (name: string) =>
    signals.some((s) => s.signal.name === name && (s.datapoints || s.unreadable));
  if (!watched.every(({ signal }) => isKnown(signal.name))) return undefined;
  const seen = { armed, now, switchAt, deadlineAt: incident.deadlineAt ?? now, watched, datapoints };
  const judged = judge({ ...seen, unreadable: {}, served: [], alarms: [] });
  return judged.kind === 'pending' ? judged.signals : judged.record.signals;
}

/** `error-ratio 3/6`: healthy datapoints in a row, of those it takes. */
export function countOf({ signal, needed, datapoints, verdict }: Judged): string {
  const run = datapoints.length - (datapoints.findLastIndex((d) => !d.good) + 1);
  const bad = datapoints.filter((d) => !d.good).length;
  const breached = verdict !== 'recovered' && bad > 0 ? ` (${bad} breached)` : '';
  return `${signal} ${Math.min(run, needed)}/${needed}${breached}`;
}

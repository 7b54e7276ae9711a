/** I6, computed anew from what was measured: the verdict's own code is not asked. */
import { signalNamed } from '../../core/service.ts';
import { type Receipt, tookEffect } from '../../core/step.ts';
import { seriesOf } from '../measures.ts';
import type { Past, Step } from '../witness.ts';
import { isAct } from '../witness.ts';
import type { SimulatedService } from '../world.ts';
import { itemsOf } from './past.ts';

export function provenByFreshDatapoints(past: Past) {
  /** When Reinstate changed anything last, by incident and step. */
  const switched = new Map<string, Map<string, number>>();
  return (step: Step): readonly string[] => {
    note(switched, step);
    return step.table.flatMap(({ key, before, after }) => {
      const recovered =
        key.sk === 'incident' && after?.['ending'] === 'recovered' && before?.['ending'] !== 'recovered';
      const service = past.services.find(({ armed }) => armed.service.name === after?.['service']);
      if (!recovered || !service) return [];
      const switchAt = lastOf(past, key.pk, switched.get(key.pk) ?? new Map<string, number>());
      return unproven(past, service, { id: key.pk, switchAt });
    });
  };
}

/** What changes what users get, and no target. */
const RELOADS: readonly Step['operation'][] = ['service.Reload', 'kubernetes.PatchWorkload'];

/** Settle steps move names that nobody reads: only what the levers hold is a switch. */
function note(switched: Map<string, Map<string, number>>, { by, operation, at, targets }: Step): void {
  if (by === 'somebody' || !isAct(operation) || !by.order || by.step?.includes('.s')) return;
  if (targets.length === 0 && !RELOADS.includes(operation)) return;
  const key = `incident#${by.order.incident}`;
  const ofIncident = switched.get(key) ?? new Map<string, number>();
  switched.set(key, ofIncident.set(by.step ?? '', at));
}

/** What somebody else has undone since was no switch. */
function lastOf(past: Past, pk: string, switched: ReadonlyMap<string, number>): number {
  const undone = itemsOf<Receipt>(past, pk, 'receipt#').filter((receipt) => !tookEffect(receipt));
  const steps = [...switched].filter(([step]) => !undone.some((receipt) => receipt.step === step));
  return Math.max(0, ...steps.map(([, at]) => at));
}

interface Claim {
  readonly id: string;
  readonly switchAt: number;
}

function unproven(
  { world, clocksDifferMs }: Past,
  { armed }: SimulatedService,
  { id, switchAt }: Claim,
): string[] {
  // A receipt's time is that of its worker's clock.
  const since = switchAt - clocksDifferMs;
  return armed.service.policy.verify.flatMap(({ signal: name, is, threshold = Number.NaN, datapoints }) => {
    const signal = signalNamed(armed.service, name);
    const fresh = (world.datapoints.get(seriesOf(signal)) ?? [])
      .filter(({ at, value }) => at >= since + signal.lagSeconds * 1000 && !Number.isNaN(value))
      .sort((a, b) => a.at - b.at);
    const well = (value: number) =>
      is === '<'
        ? value < threshold
        : is === '<='
          ? value <= threshold
          : is === '>'
            ? value > threshold
            : value >= threshold;
    if (fresh.length < datapoints)
      return [`${id} recovered with ${fresh.length} fresh datapoints of ${name}; ${datapoints} are needed`];
    // One more may have come since it was judged.
    const judged = [fresh, fresh.slice(0, -1), fresh.slice(0, -2), fresh.slice(0, -3)];
    const proven = judged.some(
      (run) => run.length >= datapoints && run.slice(-datapoints).every((d) => well(d.value)),
    );
    return proven ? [] : [`${id} recovered, and ${name} was not well for ${datapoints} fresh datapoints`];
  });
}

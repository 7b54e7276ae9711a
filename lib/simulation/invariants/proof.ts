/** I6, computed anew from what was measured: the verdict's own code is not asked. */
import { signalNamed } from '../../core/service.ts';
import { seriesOf } from '../measures.ts';
import type { Past, Step } from '../witness.ts';
import { isAct } from '../witness.ts';
import type { SimulatedService } from '../world.ts';

export function provenByFreshDatapoints(past: Past) {
  /** When Reinstate changed anything for a service last. */
  const switched = new Map<string, number>();
  return (step: Step): readonly string[] => {
    note(switched, step);
    return step.table.flatMap(({ key, before, after }) => {
      const recovered =
        key.sk === 'incident' && after?.['ending'] === 'recovered' && before?.['ending'] !== 'recovered';
      const service = past.services.find(({ armed }) => armed.service.name === after?.['service']);
      return recovered && service
        ? unproven(past, service, { id: key.pk, switchAt: switched.get(key.pk) ?? 0 })
        : [];
    });
  };
}

/** Settle steps move names that nobody reads: only what the levers hold is a switch. */
function note(switched: Map<string, number>, { by, operation, at, targets }: Step): void {
  if (by === 'somebody' || !isAct(operation) || !by.order) return;
  const reads = targets.some(({ target }) => !/@(rolled_back|previous_champion)$/.test(target));
  if (reads || operation === 'service.Reload') switched.set(`incident#${by.order.incident}`, at);
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
  return armed.service.policy.verify.flatMap(({ signal: name, is, threshold, datapoints }) => {
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

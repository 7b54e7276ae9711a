/** I1, I2, I4, I7, I11: who may act, when, and on what. */
import type { Lease } from '../../core/lease.ts';
import { isAct, isPersons, type Past, type Step } from '../witness.ts';
import type { Worker } from '../worker.ts';
import { isAside, type TableChange, type TargetChange } from '../world.ts';
import { itemOf, itemsOf, leaseOf, NONE, serviceOf } from './past.ts';

export interface Acting {
  readonly worker: Worker;
  readonly incident: string;
  readonly fence: number;
  readonly service: string;
}

/** A worker's act, with what it was told to put. */
export function actOf({ by, operation }: Step): Acting | undefined {
  if (by === 'somebody' || !isAct(operation) || !by.order) return undefined;
  return { worker: by, ...by.order, service: serviceOf(by.order.incident) };
}

export function oneActs(past: Past) {
  const acting = new Map<string, { fence: number; execution: string }>();
  return (step: Step) => {
    const act = actOf(step);
    if (!act) return NONE;
    const { service, fence, incident, worker } = act;
    const execution = worker.execution ?? worker.function;
    const last = acting.get(service);
    acting.set(service, { fence, execution });
    const lease = leaseOf(past, incident);
    if (lease?.incident !== incident)
      return [`${worker.id} acts for ${incident}; the lease is ${lease?.incident}'s`];
    if (last && fence < last.fence)
      return [`${worker.id} acts under fence ${fence} after ${last.fence} has acted`];
    const two = last && fence === last.fence && execution !== last.execution;
    return two ? [`${execution} and ${last.execution} act under fence ${fence}`] : NONE;
  };
}

export function onceOnly() {
  /** `incident target`, of what Reinstate changed last. */
  const done = new Set<string>();
  const forget = (target: string) => {
    for (const key of done) if (key.endsWith(` ${target}`)) done.delete(key);
  };
  return (step: Step) => {
    const act = actOf(step);
    if (isPersons(step)) for (const { target } of step.targets) forget(target);
    return act ? step.targets.flatMap((change) => again(done, act, change)) : NONE;
  };
}

function again(done: Set<string>, { incident, worker }: Acting, { target, after }: TargetChange): string[] {
  const key = `${incident} ${target}`;
  if (isAside(target)) return [];
  if (!done.has(key)) {
    done.add(key);
    return [];
  }
  return [`${worker.id} changes ${target} for ${incident} a second time, to ${after}`];
}

const FENCED = /^(incident|plan|attempt#.*|receipt#.*|verdict#.*|hold|quarantine#.*)$/;

export function fencedOff(past: Past) {
  /** Which worker has announced a step last, by its key. */
  const begun = new Map<string, string>();
  return (step: Step) => {
    const { by, at, table } = step;
    if (by === 'somebody') return NONE;
    for (const { key } of table) if (key.sk.startsWith('attempt#')) begun.set(`${key.pk} ${key.sk}`, by.id);
    const act = actOf(step);
    return [
      ...(act ? inFlight(past, { ...act, at }) : []),
      ...(act ? overtaken(begun, act) : []),
      ...table.flatMap((change) => endedInFlight(past, change, at)),
      ...table.flatMap(({ key }) => {
        const incident = key.pk.startsWith('incident#') ? key.pk.slice('incident#'.length) : undefined;
        const lease =
          incident === undefined ? itemOf<Lease>(past, { ...key, sk: 'lease' }) : leaseOf(past, incident);
        const lost =
          by.fence !== undefined && by.fence > 0 && lease !== undefined && lease.fence !== by.fence;
        return lost && FENCED.test(key.sk)
          ? [`${by.id} with fence ${by.fence} writes ${key.sk}; the lease's is ${lease.fence}`]
          : [];
      }),
    ];
  };
}

/** Every act is announced, lands in its time, and after all that was announced under an older fence. */
function inFlight(past: Past, { worker, incident, fence, at }: Acting & { at: number }): string[] {
  const attempts = itemsOf(past, `incident#${incident}`, 'attempt#');
  const own = Math.max(0, ...attempts.filter((a) => a['fence'] === fence).map((a) => Number(a['actUntil'])));
  const older = Math.max(
    0,
    ...attempts.filter((a) => Number(a['fence']) < fence).map((a) => Number(a['actUntil'])),
  );
  if (own < at && older < at) return [`${worker.id} acts ${at - own} ms after its actUntil`];
  return older > at ? [`${worker.id} acts while an older fence may be writing`] : [];
}

export function onlyInActMode(step: Step): readonly string[] {
  const act = actOf(step);
  if (!act) return NONE;
  const { id, mode = 'not at all', modeIsFresh = true } = act.worker;
  if (mode !== 'act') return [`${id} acts (${step.operation}) and read mode ${mode}`];
  return modeIsFresh ? NONE : [`${id} acts (${step.operation}), and read the mode before it looked`];
}

export function leavesOthersAlone(step: Step): readonly string[] {
  const act = actOf(step);
  if (!act) return NONE;
  return step.targets
    .filter(({ service }) => service !== act.service)
    .map(({ target, service }) => `${act.worker.id} of ${act.service} changes ${target} of ${service}`);
}

/** An incident does not end while somebody under an older fence may still be writing. */
function endedInFlight(past: Past, { key, before, after }: TableChange, at: number): string[] {
  const ends = key.sk === 'incident' && before?.['state'] === 'closing' && after?.['state'] !== 'closing';
  if (!ends) return [];
  const fence = leaseOf(past, key.pk.slice('incident#'.length))?.fence ?? 0;
  const older = itemsOf(past, key.pk, 'attempt#').filter((a) => Number(a['fence']) < fence);
  const until = Math.max(0, ...older.map((a) => Number(a['actUntil'])));
  return until > at ? [`${key.pk} ends, and an attempt under an older fence has ${until - at} ms left`] : [];
}

/** Whoever announced a step last is the only one who writes for it. */
function overtaken(begun: ReadonlyMap<string, string>, { worker, incident }: Acting): string[] {
  const last = begun.get(`incident#${incident} attempt#${worker.step}`);
  return last === undefined || last === worker.id
    ? []
    : [`${worker.id} acts for step ${worker.step} of ${incident}, which ${last} has begun since`];
}

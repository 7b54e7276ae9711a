/** I1-I11: what must hold after every step of every run, in one place. */

import { itemKey } from '../adapters/memory/world.ts';
import { keys } from '../core/keys.ts';
import type { Lease } from '../core/lease.ts';
import type { Quarantine } from '../core/release.ts';
import { targetOf } from '../core/service.ts';
import { everyAlarmEnds } from './invariants/ending.ts';
import { provenByFreshDatapoints } from './invariants/proof.ts';
import { isAct, type Past, type Step } from './witness.ts';
import { CANARY, type Worker } from './worker.ts';
import type { TargetChange } from './world.ts';

export interface Invariant {
  readonly id: string;
  readonly words: string;
  /** After every step: sentences about what is wrong with it. */
  readonly step?: (step: Step) => readonly string[];
  /** After the last. */
  readonly end?: () => readonly string[];
}

const NONE: readonly string[] = [];

/** Invariants of one run; they keep what they need to know of its past. */
export const invariantsOf = (past: Past): readonly Invariant[] => [
  { id: 'I1', words: 'never more than one acting execution per service', step: oneActs(past) },
  { id: 'I2', words: 'each effect applied at most once per incident', step: onceOnly() },
  {
    id: 'I3',
    words: 'what is put back equals the armed baseline, never the bad one',
    step: onlyBaseline(past),
  },
  {
    id: 'I4',
    words: 'no write after the fence is lost; what was in flight has ended',
    step: fencedOff(past),
  },
  {
    id: 'I5',
    words: 'every accepted alarm ends, or pages within deadline + 120 s',
    end: everyAlarmEnds(past),
  },
  { id: 'I6', words: 'recovered only on fresh datapoints', step: provenByFreshDatapoints(past) },
  { id: 'I7', words: 'no act in observe or off', step: onlyInActMode },
  { id: 'I8', words: 'receipts are append-only and ordered', step: appendOnly(past) },
  { id: 'I9', words: 'no secret in any output', end: noSecret(past) },
  { id: 'I10', words: 'a bad version stays quarantined', step: staysQuarantined(past) },
  { id: 'I11', words: 'unaffected services are untouched', step: leavesOthersAlone },
];

const item = <T>({ world }: Past, key: { pk: string; sk: string }): T | undefined =>
  world.items.get(itemKey(key)) as T | undefined;

const serviceOf = (incident: string): string => incident.replace(/-\d{8}T\d{6}-[0-9a-f]{8}$/, '');
const leaseOf = (past: Past, incident: string) => item<Lease>(past, keys.lease(serviceOf(incident)));

interface Acting {
  readonly worker: Worker;
  readonly incident: string;
  readonly fence: number;
  readonly service: string;
}

/** A worker's act, with what it was told to put. */
function actOf({ by, operation }: Step): Acting | undefined {
  if (by === 'somebody' || !isAct(operation) || !by.order) return undefined;
  return { worker: by, ...by.order, service: serviceOf(by.order.incident) };
}

function oneActs(past: Past) {
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

function onceOnly() {
  /** `incident target`, of what Reinstate changed last. */
  const done = new Set<string>();
  const forget = (target: string) => {
    for (const key of done) if (key.endsWith(` ${target}`)) done.delete(key);
  };
  return (step: Step) => {
    const act = actOf(step);
    if (!act) for (const { target } of step.targets) forget(target);
    return act ? step.targets.flatMap((change) => again(done, act, change)) : NONE;
  };
}

function again(done: Set<string>, { incident, worker }: Acting, { target, after }: TargetChange): string[] {
  const key = `${incident} ${target}`;
  if (!done.has(key)) {
    done.add(key);
    return [];
  }
  return [`${worker.id} changes ${target} for ${incident} a second time, to ${after}`];
}

const quarantined = (past: Past, service: string): Quarantine[] =>
  [...past.world.items.values()].filter(
    ({ pk, sk, state }) =>
      pk === `service#${service}` && sk.startsWith('quarantine#') && state === 'quarantined',
  ) as unknown as Quarantine[];

/** The newest baseline that holds nothing quarantined; a flag's declared safe value too. */
function onlyBaseline(past: Past) {
  return (step: Step) => {
    const act = actOf(step);
    if (!act) return NONE;
    const service = past.services.find(({ armed }) => armed.service.name === act.service);
    const barred = quarantined(past, act.service);
    const baseline = service?.baselines.find((release) =>
      Object.entries(release).every(
        ([t, { value }]) => !barred.some((q) => q.target === t && q.value === value),
      ),
    );
    return step.targets.flatMap(({ target, after }) => {
      const lever = service?.armed.service.levers.find((l) => targetOf(l) === target);
      if (!lever) return [];
      const good = [baseline?.[target]?.value, lever.kind === 'flag' ? lever.safe : undefined];
      return good.includes(after)
        ? []
        : [`${act.worker.id} puts ${after} to ${target}; good would be ${good}`];
    });
  };
}

const FENCED = /^(incident|plan|attempt#.*|receipt#.*|verdict#.*|hold|quarantine#.*)$/;

function fencedOff(past: Past) {
  return (step: Step) => {
    const { by, at, table } = step;
    if (by === 'somebody') return NONE;
    const act = actOf(step);
    return [
      ...(act ? inFlight(past, { ...act, at }) : []),
      ...table.flatMap(({ key }) => {
        const incident = key.pk.startsWith('incident#') ? key.pk.slice('incident#'.length) : undefined;
        const lease =
          incident === undefined ? item<Lease>(past, { ...key, sk: 'lease' }) : leaseOf(past, incident);
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
  const attempts = [...past.world.items.values()].filter(
    ({ pk, sk }) => pk === `incident#${incident}` && sk.startsWith('attempt#'),
  );
  const own = Math.max(0, ...attempts.filter((a) => a['fence'] === fence).map((a) => Number(a['actUntil'])));
  const older = Math.max(
    0,
    ...attempts.filter((a) => Number(a['fence']) < fence).map((a) => Number(a['actUntil'])),
  );
  if (own < at && older < at) return [`${worker.id} acts ${at - own} ms after its actUntil`];
  return older > at ? [`${worker.id} acts while an older fence may be writing`] : [];
}

function onlyInActMode(step: Step): readonly string[] {
  const act = actOf(step);
  if (!act || act.worker.mode === 'act') return NONE;
  return [`${act.worker.id} acts (${step.operation}) and read mode ${act.worker.mode ?? 'not at all'}`];
}

function appendOnly(past: Past) {
  return ({ table }: Step) =>
    table.flatMap(({ key, before, after }) => {
      if (!key.sk.startsWith('receipt#')) return [];
      if (before || !after) return [`${key.sk} of ${key.pk} was changed`];
      const rung = Number(after['rung']);
      const judged = [...past.world.items.values()].some(
        ({ pk, sk }) => pk === key.pk && sk.startsWith(`verdict#${String(rung - 1).padStart(3, '0')}#`),
      );
      return rung > 1 && !judged
        ? [`${key.sk} of ${key.pk} was written before rung ${rung - 1} was judged`]
        : [];
    });
}

function noSecret(past: Past) {
  return () => {
    const { world } = past;
    const outputs = {
      items: [...world.items.values()],
      messages: world.messages,
      reports: [...world.reports.values()],
    };
    return Object.entries(outputs).flatMap(([what, values]) => {
      const text = values.map((v) => JSON.stringify(v)).find((t) => t.includes(CANARY));
      return text === undefined ? [] : [`a secret is in ${what}: ${text.slice(0, 200)}`];
    });
  };
}

function staysQuarantined(past: Past) {
  return (step: Step) => {
    const act = actOf(step);
    const freed = step.table.flatMap(({ key, before, after }) =>
      step.by !== 'somebody' && before?.['state'] === 'quarantined' && after?.['state'] !== 'quarantined'
        ? [`${key.sk} was freed`]
        : [],
    );
    const put = step.targets.flatMap(({ target, after }) =>
      act && quarantined(past, act.service).some((q) => q.target === target && q.value === after)
        ? [`${act.worker.id} puts quarantined ${after} to ${target}`]
        : [],
    );
    return [...freed, ...put];
  };
}

function leavesOthersAlone(step: Step): readonly string[] {
  const act = actOf(step);
  if (!act) return NONE;
  return step.targets
    .filter(({ service }) => service !== act.service)
    .map(({ target, service }) => `${act.worker.id} of ${act.service} changes ${target} of ${service}`);
}

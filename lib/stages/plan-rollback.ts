/** incident --plan-rollback--> plan: reads only. Observes every target, chooses the baseline, decides; or refuses. */
import { type Aim, aimedAt, meantBy } from '../core/aim.ts';
import { type AddressNote, isReachable } from '../core/cluster-addresses.ts';
import { sentenceOf } from '../core/errors.ts';
import { type Cursor, type Incident, restraint } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { type PlanInput, type PlanResult, planRollback, type Seen } from '../core/plan.ts';
import { referredTo } from '../core/reference.ts';
import { type Baseline, inForce, provenBaselines } from '../core/release.ts';
import { rungCursor, startAt } from '../core/resume.ts';
import { type ArmedService, type Lever, targetOf } from '../core/service.ts';
import type { Write } from '../core/write.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterFinder } from '../ports/cluster-finder.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Levers } from '../ports/lever.ts';
import { type AddressNews, freshAddresses } from './fresh-addresses.ts';
import { leverPort } from './lever-port.ts';
import { isAsked, notAsked } from './plan-digest.ts';
import { ADDRESS_NOTE, present, records, updateIncident, writeFenced } from './records.ts';

export interface ChoosePlanPorts {
  readonly ledger: Ledger;
  readonly levers: Levers;
  readonly clock: Clock;
}

export interface PlanRollbackPorts extends ChoosePlanPorts {
  readonly clusters: ClusterFinder;
}

export async function planRollbackStage(ports: PlanRollbackPorts, cursor: Cursor): Promise<Cursor> {
  const read = records(ports.ledger);
  const incident = present(await read.incident(cursor.incident), `incident ${cursor.incident}`);
  const armed = present(await read.armed(cursor.incident), `the armed service of ${cursor.incident}`);
  const { trigger } = incident;
  const byPerson = trigger.kind === 'person';
  const start = { byPerson, ...(byPerson && trigger.to && { aim: trigger.to }) };
  const { result: now, news } = await chooseWhereClustersAre(ports, armed, start);
  const asked = byPerson ? trigger.plan : undefined;
  const isStale = asked !== undefined && !isAsked(now, asked);
  const result = isStale ? notAsked(now, asked) : now;
  await writeFenced(ports.ledger, cursor, [
    { kind: 'put', key: keys.plan(cursor.incident), item: { ...result } },
    ...newsWrites(cursor.incident, armed, { news, now: ports.clock.now() }),
  ]);
  const earlier = (await read.summaries(cursor.service)).filter((summary) => summary.id !== incident.id);
  // Nothing at all is changed for a plan that nobody asked for: not even promotion is held.
  const held = isStale ? undefined : restraint(earlier, ports.clock.now(), byPerson);
  return route(ports, { cursor, incident, result, ...(held !== undefined && { held }) });
}

interface Chosen {
  readonly result: PlanResult;
  readonly news: AddressNews;
}

/** By the addresses that were recorded, while EKS is asked; again where it says that a cluster is elsewhere. */
async function chooseWhereClustersAre(
  ports: PlanRollbackPorts,
  armed: ArmedService,
  start: Start,
): Promise<Chosen> {
  const choose = (at: ArmedService) => choosePlan(ports, at, start);
  const meanwhile = isReachable(armed) ? Promise.allSettled([choose(armed)]) : undefined;
  const news = await freshAddresses(ports.clusters, armed);
  if (news.clusters) return { result: await choose({ ...armed, clusters: news.clusters }), news };
  const [chosen] = (await meanwhile) ?? (await Promise.allSettled([choose(armed)]));
  if (chosen.status === 'rejected') throw chosen.reason;
  return { result: chosen.value, news };
}

/** Later functions of this incident find the clusters where they are now; nothing else of the armed record changes (F52). */
function newsWrites(
  incident: string,
  armed: ArmedService,
  { news, now }: { news: AddressNews; now: number },
) {
  const { clusters, refused } = news;
  const writes: Write[] = [];
  if (clusters) writes.push({ kind: 'put', key: keys.armed(incident), item: { ...armed, clusters } });
  const note: AddressNote = { at: now, refused };
  if (refused.length > 0)
    writes.push({ kind: 'put', key: keys.note(incident, ADDRESS_NOTE), item: { ...note } });
  return writes;
}

/** Who starts it, and where a person wants it to go. */
export interface Start {
  readonly byPerson: boolean;
  readonly aim?: Aim;
}

/** The plan that an incident of this service would have now; also what `plan` and a dry run print. */
export async function choosePlan(
  ports: ChoosePlanPorts,
  armed: ArmedService,
  { byPerson, aim }: Start,
): Promise<PlanResult> {
  const read = records(ports.ledger);
  const [all, quarantine] = await Promise.all([
    read.baselines(armed.service.name),
    read.quarantine(armed.service.name),
  ]);
  const barred = inForce(quarantine, ports.clock.now());
  const proven = provenBaselines(all, barred);
  const { missing } = referredTo(armed, proven[0]);
  if (missing !== undefined) return refusal(missing);
  const aimed = async (at: Aim | undefined) => {
    const baselines = aimedAt(at, { armed, baselines: proven, quarantine: barred });
    if (typeof baselines === 'string') return baselines;
    return { baselines, seen: await seeAll(ports, armed, baselines[0]) };
  };
  const first = await aimed(aim);
  const meant = typeof first !== 'string' && meantBy(aim, armed, candidateIn(first.seen));
  const found = meant ? await aimed(meant) : first;
  if (typeof found === 'string') return refusal(found);
  const input: PlanInput = { armed, ...found, startedByPerson: byPerson };
  return planRollback(input);
}

const refusal = (reason: string): PlanResult => ({
  outcome: 'refused',
  reasons: [reason],
  differences: [],
  leftOut: [],
});

const candidateIn = (seen: Readonly<Record<string, Seen>>) => (target: string) => {
  const it = seen[target];
  return it && 'observed' in it ? it.observed.candidate : undefined;
};

async function seeAll(ports: ChoosePlanPorts, armed: ArmedService, baseline: Baseline | undefined) {
  const seen = armed.service.levers.map(async (lever): Promise<[string, Seen]> => {
    return [targetOf(lever), await see(ports, armed, { lever, baseline })];
  });
  return Object.fromEntries(await Promise.all(seen));
}

/** A target that cannot be read is left out, with the reason; its neighbours are not (F20). */
async function see(
  { levers }: ChoosePlanPorts,
  armed: ArmedService,
  { lever, baseline }: { lever: Lever; baseline: Baseline | undefined },
): Promise<Seen> {
  const port = leverPort(levers, armed, lever);
  try {
    const to = baseline?.release[targetOf(lever)]?.value;
    const observed = await port.observe(to);
    const [served, owner] = await Promise.all([
      port.served(to).catch(() => undefined),
      port.owner().catch(() => undefined),
    ]);
    return { observed: { ...observed, ...(owner && { owner }) }, ...(served && { served }) };
  } catch (error) {
    return { unseen: sentenceOf(error) };
  }
}

interface Routing {
  readonly cursor: Cursor;
  readonly incident: Incident;
  readonly result: PlanResult;
  readonly held?: string;
}

async function route(ports: PlanRollbackPorts, { cursor, incident, result, held }: Routing): Promise<Cursor> {
  const end = (next: 'close' | 'hold', ending: 'observed' | 'refused') => ({
    ...cursor,
    ...startAt(next, 0),
    ending,
  });
  const reasons = [
    ...(held === undefined ? [] : [held]),
    ...(result.outcome === 'refused' ? result.reasons : []),
  ];
  const deadlineAt =
    result.outcome === 'planned'
      ? incident.openedAt + result.plan.deadlineSeconds * 1000
      : incident.deadlineAt;
  await updateIncident(ports.ledger, cursor, { reasons, wakes: true, deadlineAt });
  if (incident.dryRun || incident.mode === 'observe') return end('close', 'observed');
  if (held !== undefined) return end('hold', 'refused');
  if (result.outcome === 'refused') return end('close', 'refused');
  return { ...cursor, ...rungCursor(result.plan, 1, 'hold') };
}

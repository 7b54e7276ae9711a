/** incident --plan-rollback--> plan: reads only. Observes every target, chooses the baseline, decides; or refuses. */
import { type Aim, aimedAt } from '../core/aim.ts';
import { sentenceOf } from '../core/errors.ts';
import { type Cursor, type Incident, restraint } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { type PlanInput, type PlanResult, planRollback, type Seen } from '../core/plan.ts';
import { type Baseline, inForce, provenBaselines } from '../core/release.ts';
import { rungCursor, startAt } from '../core/resume.ts';
import { type ArmedService, type Lever, targetOf } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Levers } from '../ports/lever.ts';
import { leverPort } from './lever-port.ts';
import { present, records, updateIncident, writeFenced } from './records.ts';

export interface PlanRollbackPorts {
  readonly ledger: Ledger;
  readonly levers: Levers;
  readonly clock: Clock;
}

export async function planRollbackStage(ports: PlanRollbackPorts, cursor: Cursor): Promise<Cursor> {
  const read = records(ports.ledger);
  const incident = present(await read.incident(cursor.incident), `incident ${cursor.incident}`);
  const armed = present(await read.armed(cursor.incident), `the armed service of ${cursor.incident}`);
  const { trigger } = incident;
  const byPerson = trigger.kind === 'person';
  const result = await choosePlan(ports, armed, {
    byPerson,
    ...(byPerson && trigger.to && { aim: trigger.to }),
  });
  await writeFenced(ports.ledger, cursor, [
    { kind: 'put', key: keys.plan(cursor.incident), item: { ...result } },
  ]);
  const earlier = (await read.summaries(cursor.service)).filter((summary) => summary.id !== incident.id);
  const held = restraint(earlier, ports.clock.now(), byPerson);
  return route(ports, { cursor, incident, result, ...(held !== undefined && { held }) });
}

/** Who starts it, and where a person wants it to go. */
export interface Start {
  readonly byPerson: boolean;
  readonly aim?: Aim;
}

/** The plan that an incident of this service would have now; also what `plan` and a dry run print. */
export async function choosePlan(
  ports: PlanRollbackPorts,
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
  const baselines = aimedAt(aim, { armed, baselines: proven, quarantine: barred });
  if (typeof baselines === 'string')
    return { outcome: 'refused', reasons: [baselines], differences: [], leftOut: [] };
  const seen = await seeAll(ports, armed, baselines[0]);
  const input: PlanInput = { armed, baselines, seen, startedByPerson: byPerson };
  return planRollback(input);
}

async function seeAll(ports: PlanRollbackPorts, armed: ArmedService, baseline: Baseline | undefined) {
  const seen = armed.service.levers.map(async (lever): Promise<[string, Seen]> => {
    return [targetOf(lever), await see(ports, armed, { lever, baseline })];
  });
  return Object.fromEntries(await Promise.all(seen));
}

/** A target that cannot be read is left out, with the reason; its neighbours are not (F20). */
async function see(
  { levers }: PlanRollbackPorts,
  armed: ArmedService,
  { lever, baseline }: { lever: Lever; baseline: Baseline | undefined },
): Promise<Seen> {
  const port = leverPort(levers, armed, lever);
  try {
    const observed = await port.observe(baseline?.release[targetOf(lever)]?.value);
    const [served, owner] = await Promise.all([
      port.served().catch(() => undefined),
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

/** Whoever else works on the same systems: people, pipelines, updaters. They know nothing of an incident. */
import { memoryLedger } from '../adapters/memory/ledger.ts';
import { memoryLevers } from '../adapters/memory/levers.ts';
import { setMode } from '../adapters/memory/settings.ts';
import { itemKey } from '../adapters/memory/world.ts';
import { keys } from '../core/keys.ts';
import { type Lever, targetOf } from '../core/service.ts';
import { digestOf } from '../stages/plan-digest.ts';
import { choosePlan } from '../stages/plan-rollback.ts';
import { abort, promote, rollBackBlindly, upgradeByJob } from './cluster-others.ts';
import type { Environment } from './environment.ts';
import { pushBeside, pushOwn, revertByHand } from './git-others.ts';
import { kindOf } from './targets.ts';
import type { SimulatedService } from './world.ts';

type Levers = readonly [Lever, ...Lever[]];

/** Somebody does something right now, just before a call of ours arrives. */
export function meddle(environment: Environment, service: SimulatedService): void {
  const { chance, scheduler } = environment;
  const draw = `${service.armed.service.name} meddles at ${scheduler.clock.now()}`;
  const turns = [editTarget, editTarget, shipBadAgain, flipMode, joinAlarm, joinAlarm] as const;
  const onCluster = service.armed.service.levers.some(({ kind }) => kind === 'rollout' || kind === 'helm');
  const more = onCluster ? ([...turns, promote, abort, upgradeByJob, rollBackBlindly] as const) : turns;
  const onBranch = service.armed.service.levers.some(({ kind }) => kind === 'git');
  const turn = chance.pick(draw, onBranch ? [...more, ...PUSHES] : more);
  turn(environment, service);
}

/** A race of pushes is mostly with another service. */
const PUSHES = [pushBeside, pushBeside, pushBeside, pushBeside, revertByHand, pushOwn] as const;

/** Sets a target to something good, something bad, or something of their own (F19). */
export function editTarget({ world, chance, scheduler }: Environment, service: SimulatedService): void {
  const draw = `${service.armed.service.name} edits at ${scheduler.clock.now()}`;
  const lever = chance.pick(`${draw} with`, service.armed.service.levers as unknown as Levers);
  const good = service.baselines.map((release) => release[targetOf(lever)]?.value ?? '');
  const bad = [...(service.bad.get(targetOf(lever)) ?? [])];
  const own = kindOf(lever).own(world, lever);
  const any = [...good, ...bad, ...bad, own, own] as unknown as readonly [string, ...string[]];
  kindOf(lever).put(world, lever, chance.pick(`${draw} to`, any));
}

/** A pipeline or an updater puts the bad values again (F25, F43). */
export function shipBadAgain({ world }: Environment, service: SimulatedService): void {
  for (const lever of service.armed.service.levers) {
    const [bad] = service.bad.get(targetOf(lever)) ?? [];
    if (bad !== undefined) kindOf(lever).put(world, lever, bad);
  }
}

/** `reinstate mode`, for the service or for all (F54). */
export function flipMode({ world, chance, scheduler }: Environment, { armed }: SimulatedService): void {
  const { name } = armed.service;
  const draw = `${name} mode at ${scheduler.clock.now()}`;
  const mode = chance.pick(draw, ['off', 'observe', 'act'] as const);
  const service = chance.number(`${draw}, whose`) < 0.5 ? { service: name } : {};
  setMode(world, { environment: armed.environment, ...service }, mode);
}

/** Another alarm of the service fires, or says so, and its event is here at once. */
export function joinAlarm(
  { world, bus, machine, chance, scheduler }: Environment,
  { armed }: SimulatedService,
): void {
  const since = scheduler.clock.now();
  const quiet = armed.alarms.filter(({ arn }) => world.alarms.get(arn)?.state === 'OK');
  const [alarm] = quiet.filter((_, n) => n === chance.between(`alarm at ${since}`, 0, quiet.length - 1));
  const known = alarm && world.alarms.get(alarm.arn);
  if (!alarm || !known) return;
  world.alarms.set(alarm.arn, { ...known, state: 'ALARM', since });
  machine.start(`joined-${since}`, bus.eventOf({ arn: alarm.arn, state: 'ALARM', since }));
}

/** How long people read a plan before they start it, at most. */
const READING_MS = 20_000;
const MISTYPED = '0123456789ab';

/** `reinstate plan`, and after a while `rollback --plan` of what it printed; now and then of something mistyped. */
export function startAsRead(environment: Environment, service: SimulatedService): void {
  const { world, witness, chance, scheduler, machine } = environment;
  const { name } = service.armed.service;
  const draw = `${name} reads at ${scheduler.clock.now()}`;
  const ports = { ledger: memoryLedger(world), levers: memoryLevers(world), clock: scheduler.clock };
  void choosePlan(ports, service.armed, { byPerson: true }).then((result) => {
    if (result.outcome === 'refused') return;
    const digest = digestOf(result.plan);
    witness.plansRead.set(digest, result.plan);
    const plan = chance.number(`${draw} and mistypes`) < 0.2 ? MISTYPED : digest;
    environment.later(chance.between(`${draw} for`, 0, READING_MS), () =>
      witness.somebody(`a person starts plan ${plan}`, () => {
        machine.start(`as-read-${scheduler.clock.now()}`, { service: name, plan });
      }),
    );
  });
}

/** Somebody has proven the newest baseline bad before: the one before it is to be put back (I10). */
export function quarantineNewest({ world, scheduler }: Environment, service: SimulatedService): void {
  const { name, levers } = service.armed.service;
  for (const lever of levers.filter(({ kind }) => kind !== 'flag')) {
    const target = targetOf(lever);
    const value = service.baselines[0]?.[target]?.value;
    if (!value) continue;
    const since = scheduler.clock.now();
    const key = keys.quarantine(name, target, value);
    const quarantine = { target, value, state: 'quarantined', incident: 'earlier', since, until: since * 2 };
    world.items.set(itemKey(key), { ...quarantine, ...key });
  }
}

/** What a seed means: a bad release, and whatever else happens that day. */

import { setMode } from '../adapters/memory/settings.ts';
import { moveAlias, putParameter } from '../adapters/memory/world.ts';
import { type Lever, targetOf } from '../core/service.ts';
import type { Environment } from './environment.ts';
import { shipBad } from './estate.ts';
import type { Witness } from './witness.ts';
import { CANARY } from './worker.ts';
import type { SimulatedService } from './world.ts';

/** A turn that a story may take. `odds`: how often, from 0 to 1. */
interface Twist {
  readonly name: string;
  readonly odds: number;
  readonly happens: (environment: Environment, service: SimulatedService) => void;
}

const MINUTE = 60_000;
/** Before the bad release: alarms and signals have something to look back at. */
export const CALM_BEFORE_MS = 3 * MINUTE;

/** Lets a service's story begin: a bad release, then every twist that the seed brings. */
export function tell(stage: Environment, service: SimulatedService): void {
  const begin = CALM_BEFORE_MS + between(stage, service, { what: 'begin', from: 0, to: 60_000 });
  stage.later(begin, () => breakIt(stage, service, 'first'));
  for (const twist of TWISTS) {
    if (!stage.chance.happens(`${nameOf(service)} ${twist.name}`, twist.odds)) continue;
    const at = between(stage, service, { what: `${twist.name} at`, from: 0, to: 5 * MINUTE });
    stage.later(begin + at, () => stage.witness.somebody(twist.name, () => twist.happens(stage, service)));
  }
}

const nameOf = ({ armed }: SimulatedService): string => armed.service.name;

function between(
  { chance }: Environment,
  service: SimulatedService,
  { what, from, to }: { what: string; from: number; to: number },
): number {
  return chance.between(`${nameOf(service)} ${what}`, from, to);
}

/** Some levers' targets go bad, at least one; or something that no lever can help. */
function breakIt(stage: Environment, service: SimulatedService, which: string): void {
  const { chance, witness } = stage;
  const draw = `${nameOf(service)} ${which}`;
  const { levers } = service.armed.service;
  const chosen = levers.filter((lever) => chance.number(`${draw} breaks ${lever.name}`) < 0.6);
  const broken = chosen.length > 0 ? chosen : [chance.pick(`${draw} breaks`, levers as [Lever, ...Lever[]])];
  witness.somebody(`a bad release of ${broken.map((lever) => lever.name).join(' and ')}`, () => {
    shipBad(witness.world, service, broken);
    if (chance.happens(`${draw} is worse than any release`, 0.06))
      service.elsewhere.until = Number.MAX_SAFE_INTEGER;
  });
}

const TWISTS: readonly Twist[] = [
  {
    name: 'the baseline is bad too (F46)',
    odds: 0.05,
    happens: (_, service) => {
      for (const [target, { value }] of Object.entries(service.baselines[0] ?? {}))
        service.bad.set(target, (service.bad.get(target) ?? new Set()).add(value ?? ''));
    },
  },
  {
    name: 'it heals by itself for a while (F03)',
    odds: 0.08,
    happens: ({ scheduler }, service) => {
      const bad = new Map(service.bad);
      service.bad.clear();
      scheduler.after(30_000, () => {
        for (const [target, values] of bad) service.bad.set(target, values);
      });
    },
  },
  {
    name: 'a person flips the mode (F54)',
    odds: 0.08,
    happens: ({ witness, chance }, service) => {
      const {
        environment,
        service: { name },
      } = service.armed;
      const mode = chance.pick(`${name} mode`, ['off', 'observe', 'act'] as const);
      setMode(
        witness.world,
        { environment, ...(chance.number(`${name} whose mode`) < 0.5 && { service: name }) },
        mode,
      );
    },
  },
  {
    name: 'the mode cannot be read',
    odds: 0.02,
    happens: ({ witness }, { armed }) => {
      putParameter(witness.world, `/reinstate/${armed.environment}/mode`, 'sideways');
    },
  },
  {
    name: 'a person stops the execution (F50)',
    odds: 0.06,
    happens: ({ machine }) => {
      for (const arn of machine.running) machine.stop(arn);
    },
  },
  { name: 'a person edits a target (F19)', odds: 0.08, happens: meddle },
  {
    name: 'a pipeline ships the bad version again (F25)',
    odds: 0.06,
    happens: ({ witness }, service) => {
      for (const lever of service.armed.service.levers) putBadAgain(witness, service, lever);
    },
  },
  {
    name: 'another bad release',
    odds: 0.08,
    happens: (stage, service) => {
      stage.later(20 * MINUTE, () => breakIt(stage, service, 'second'));
      if (stage.chance.happens(`${nameOf(service)} a third bad release`, 0.4))
        stage.later(45 * MINUTE, () => breakIt(stage, service, 'third'));
    },
  },
  ...(['dynamodb', 'ssm', 'mlflow', 'service', 'cloudwatch', 'sns', 's3', 'states'] as const).map(
    (system): Twist => ({
      name: `${system} is down`,
      odds: 0.03,
      happens: ({ scheduler, down, chance }) => {
        const ms = chance.between(`${system} down for`, 5000, 6 * MINUTE);
        down.set(system, Math.max(down.get(system) ?? 0, scheduler.clock.now() + ms));
      },
    }),
  ),
  {
    name: 'the good version is deleted (F23)',
    odds: 0.03,
    happens: ({ witness }, { armed, baselines }) => {
      for (const lever of armed.service.levers) {
        const good = baselines[0]?.[targetOf(lever)]?.value;
        if (lever.kind === 'alias' && good) witness.world.models.get(lever.model)?.versions.delete(good);
      }
    },
  },
  {
    name: 'a parameter vanishes (F20)',
    odds: 0.02,
    happens: ({ witness }, { armed }) => {
      for (const lever of armed.service.levers) {
        if (lever.kind === 'flag') witness.world.parameters.delete(lever.parameter);
      }
    },
  },
  {
    name: 'a forged alarm (F06)',
    odds: 0.06,
    happens: ({ witness, bus, scheduler }, { armed }) => {
      const [alarm] = armed.alarms;
      const known = alarm && witness.world.alarms.get(alarm.arn);
      if (!alarm || !known) return;
      const since = scheduler.clock.now();
      witness.world.alarms.set(alarm.arn, { ...known, state: 'ALARM', since });
      bus.publish({ arn: alarm.arn, state: 'ALARM', since, reason: `set by hand, password=${CANARY}` });
    },
  },
  {
    name: 'a malformed event (F07)',
    odds: 0.05,
    happens: ({ machine, scheduler }) => {
      const event = {
        source: 'aws.cloudwatch',
        detail: JSON.parse('{"__proto__":{"polluted":1}}') as object,
      };
      machine.start(`malformed-${scheduler.clock.now()}`, event);
    },
  },
  {
    name: 'a person starts it',
    odds: 0.08,
    happens: ({ machine, scheduler }, service) => {
      machine.start(`person-${scheduler.clock.now()}`, {
        service: nameOf(service),
        reason: 'it looks wrong',
      });
    },
  },
  {
    name: 'a person asks for a dry run',
    odds: 0.04,
    happens: ({ machine, scheduler }, service) => {
      machine.start(`dry-run-${scheduler.clock.now()}`, { service: nameOf(service), dryRun: true });
    },
  },
];

/** Whoever else works on the targets: sets one to something good, something bad, or something of their own. */
export function meddle({ witness, chance, scheduler }: Environment, service: SimulatedService): void {
  const { levers } = service.armed.service;
  const draw = `${nameOf(service)} meddles at ${scheduler.clock.now()}`;
  const lever = chance.pick(`${draw} with`, levers as [Lever, ...Lever[]]);
  const good = service.baselines.map((release) => release[targetOf(lever)]?.value ?? '');
  const bad = [...(service.bad.get(targetOf(lever)) ?? [])];
  put(witness, lever, chance.pick(`${draw} to`, [...good, ...bad, ...bad] as [string, ...string[]]));
}

function putBadAgain(witness: Witness, service: SimulatedService, lever: Lever): void {
  const [bad] = service.bad.get(targetOf(lever)) ?? [];
  if (bad !== undefined) put(witness, lever, bad);
}

function put({ world }: Witness, lever: Lever, value: string): void {
  if (lever.kind === 'flag') {
    if (world.parameters.has(lever.parameter)) putParameter(world, lever.parameter, value);
    return;
  }
  if (!world.models.get(lever.model)?.versions.has(value)) return;
  moveAlias(world, `${lever.model}@${lever.alias}`, value);
  world.serving.set(`${lever.model}@${lever.alias}`, [value, value]);
}

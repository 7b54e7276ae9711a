/** What may happen beside a bad release. */
import { putParameter } from '../adapters/memory/world.ts';
import { type LeverKind, targetOf } from '../core/service.ts';
import { CANARY } from './call.ts';
import { CLUSTER_TWISTS } from './cluster-twists.ts';
import type { Environment } from './environment.ts';
import { GIT_TWISTS } from './git-twists.ts';
import { editTarget, flipMode, quarantineNewest, shipBadAgain } from './others.ts';
import { kindOf } from './targets.ts';
import type { SimulatedService } from './world.ts';

/** A turn that a story may take. `odds`: how often, from 0 to 1. */
export interface Twist {
  readonly name: string;
  readonly odds: number;
  /** Before the bad release, not within the minutes after it. @default false */
  readonly early?: boolean;
  /** Only where a service has such a lever. @default all services */
  readonly on?: LeverKind;
  readonly happens: (environment: Environment, service: SimulatedService) => void;
}

const MINUTE = 60_000;
const nameOf = ({ armed }: SimulatedService): string => armed.service.name;

export const TWISTS: readonly Twist[] = [
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
  { name: 'a person flips the mode (F54)', odds: 0.08, happens: flipMode },
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
  { name: 'a person edits a target (F19)', odds: 0.08, happens: editTarget },
  { name: 'a pipeline ships the bad version again (F25)', odds: 0.06, happens: shipBadAgain },
  {
    name: 'the newest baseline was proven bad earlier (I10)',
    odds: 0.05,
    early: true,
    happens: quarantineNewest,
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
        if (good) kindOf(lever).forget(witness.world, lever, good);
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
  {
    name: 'a person asks for a baseline that nobody recorded',
    odds: 0.06,
    happens: ({ machine, scheduler }, service) => {
      const to = { baseline: `${nameOf(service)}-b20200101T000000` };
      machine.start(`aimed-${scheduler.clock.now()}`, { service: nameOf(service), to });
    },
  },
  ...CLUSTER_TWISTS,
  ...GIT_TWISTS,
];

/** Days of the service on a cluster, and what they came to. */
import { sharesOf } from '../../../lib/adapters/memory/rollout.ts';
import type { Pull } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { SimulatedService } from '../../../lib/simulation/world.ts';
import { CANARY_BACK, HASH, modelSvc, REVISION } from '../clusters.ts';
import { type Day, day, once, type Setting } from '../scenario.ts';
import { type Calls, fate } from './faults.ts';

/** Pod-template-hashes of the simulated Rollout. */
export const GOOD = 'e2f75824c9';
export const BAD = '4ff50002c3';
/** The bad one of a Rollout that is not Helm's. */
export const BAD_OF_OTHERS = 'f920709f11';

export interface ClusterSetting extends Setting {
  /** @default `do: model-canary back` */
  readonly ladder?: readonly (readonly Pull[])[];
}

/** A bad canary at 10 %, in a Rollout that Helm owns, unless the setting says otherwise. */
export function clusterDay(
  { ladder = CANARY_BACK, ...setting }: ClusterSetting = {},
  happens?: (environment: Environment) => void,
): Promise<Day> {
  return day(happens, { services: [modelSvc(ladder)], breaks: ['model-canary'], ...setting });
}

export interface ClusterCame {
  readonly end: string;
  readonly steps: Readonly<Record<string, string>>;
  /** Percent of requests by pod-template-hash; nothing where there is no Rollout. */
  readonly serves?: Readonly<Record<string, number>>;
  /** What the next change of the Rollout starts from. */
  readonly template: string | null;
  /** `3`: the revision whose content is live; how often Helm was run; and how the last run ended. */
  readonly release: readonly [string | null, string | null];
  readonly pages: readonly string[];
  readonly violations: readonly string[];
}

/** What the day of one incident came to. */
export function clusterCame({ incident, receipts, pages, violations, holds, environment }: Day): ClusterCame {
  const rollout = environment.world.rollouts.get(HASH);
  return {
    end: `${incident.ending ?? 'no ending'}, ${incident.state}`,
    steps: Object.fromEntries(receipts.map(({ step, outcome }) => [step, outcome])),
    ...(rollout && { serves: Object.fromEntries(sharesOf(rollout)) }),
    template: holds[HASH.replace('rollout:', 'rollout-spec:')] ?? null,
    release: [holds[REVISION] ?? null, holds[REVISION.replace('helm:', 'helm-history:')] ?? null],
    pages: pages.map(({ subject }) => subject),
    violations: violations.map(({ invariant, what }) => `${invariant}: ${what}`),
  };
}

/** Aborted, settled by Helm, proven: nobody is paged. */
export const WELL: ClusterCame = {
  end: 'recovered, closed',
  steps: { '1.1': 'applied', '1.1.s1': 'applied' },
  serves: { [GOOD]: 100 },
  template: GOOD,
  release: ['3', '5 deployed'],
  pages: [],
  violations: [],
};

/** The first step failed, and so there is nothing to settle. */
export const NOT_PULLED = { '1.1': 'failed', '1.1.s1': 'not-begun' } as const;

/** Still as it was shipped. */
export const UNTOUCHED: Pick<ClusterCame, 'serves' | 'template' | 'release'> = {
  serves: { [GOOD]: 90, [BAD]: 10 },
  template: BAD,
  release: ['4', '4 deployed'],
};

/** What the automation left to people. */
export const LEFT: Pick<ClusterCame, 'end' | 'pages'> = {
  end: 'escalated, ended',
  pages: ['model-svc (local) needs you: the automation gave up'],
};

export type Turn = (environment: Environment, service: SimulatedService) => void;

/** When somebody has their turn: so many ms after nine o'clock, or just before a call of ours, the nth of its kind. */
export type When = { readonly at: number } | Parameters<typeof once>[0];

/** Somebody does something, once. */
export const somebody =
  (when: When, turn: Turn) =>
  (environment: Environment): void => {
    const { witness } = environment;
    const [service] = witness.services;
    if (!service) return;
    const happens = () => witness.somebody('somebody', () => turn(environment, service));
    if ('at' in when) environment.later(when.at, happens);
    else
      environment.script = once(when, () => {
        happens();
        return undefined;
      });
  };

/** These calls are refused, as the cluster would. */
export const refused =
  (calls: Calls, error: Error) =>
  (environment: Environment): void => {
    const isMeant = fate(calls, 'drop');
    environment.script = (worker, moment) => {
      if (isMeant(worker, moment)) throw error;
      return undefined;
    };
  };

export const controllerDown =
  ({ at, minutes }: { readonly at: number; readonly minutes: number }) =>
  (environment: Environment): void =>
    environment.later(at, () => {
      environment.controllers.downUntil = environment.scheduler.clock.now() + minutes * 60_000;
    });

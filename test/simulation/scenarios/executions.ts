/** What became of the executions of a day, and services whose executions are easy to count. */
import type { Cursor, Incident } from '../../../lib/core/incident.ts';
import type { ArmedService } from '../../../lib/core/service.ts';
import type { ExecutionStatus } from '../../../lib/ports/executions.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { Day } from '../scenario.ts';
import { localServices } from '../seeds.ts';
import { ALL_WELL, type Came, came } from './came.ts';

/** The demo's service. */
export const recommender = (): ArmedService => localServices()[0];

/** A service with its alarm on the error ratio alone: one bad release is one event. */
export function oneAlarm(armed: ArmedService = recommender()): ArmedService {
  const { policy } = armed.service;
  const when = policy.when.filter(({ signal }) => signal === 'error-ratio');
  const alarms = armed.alarms.filter(({ condition }) => condition.signal === 'error-ratio');
  return { ...armed, alarms, service: { ...armed.service, policy: { ...policy, when } } };
}

/** The day of one bad release and one alarm. */
export const ONE_ALARM = { services: [oneAlarm()] } as const;

/** The same service under another name: its file with parameters, models, metrics and alarms of its own. */
export function renamed(armed: ArmedService, name: string): ArmedService {
  const text = JSON.stringify(armed).replaceAll('recommender', name).replaceAll('/Recommender', `/${name}`);
  return JSON.parse(text) as ArmedService;
}

/** ARN of the alarm on the error ratio. */
export const alarmOf = (service = 'recommender'): string =>
  `arn:aws:cloudwatch:us-east-1:000000000000:alarm:reinstate-local-${service}-error-ratio`;

/** What an execution was in the end. */
export interface Ran {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly states: readonly string[];
  /** `owner` of an incident; `attached`: it lost the lease; `refused` at the door. */
  readonly as: 'owner' | 'attached' | 'refused' | 'nothing';
}

/** In the order they were started. All of them have to be over. */
export function executionsOf({ environment }: Pick<Day, 'environment'>): Promise<Ran[]> {
  const all = [...environment.world.executions].map(async ([arn, { name, status }]): Promise<Ran> => {
    const { states, output } = await environment.machine.historyOf(arn);
    return { name, status, states, as: partOf(output as Cursor | undefined) };
  });
  return Promise.all(all);
}

function partOf(output: Cursor | undefined): Ran['as'] {
  if (output === undefined) return 'nothing';
  if (output.fence > 0) return 'owner';
  if (output.ending === 'refused') return 'refused';
  return output.incident === '' ? 'nothing' : 'attached';
}

/** How many executions were what: `{ owner: 1, attached: 49 }`. */
export function counted(ran: readonly Ran[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { as } of ran) counts[as] = (counts[as] ?? 0) + 1;
  return counts;
}

/** Execution names with their status, the random names of the bus left out: `{ 'takeover-0': 'succeeded' }`. */
export const statusesOf = (ran: readonly Ran[]): Readonly<Record<string, ExecutionStatus>> =>
  Object.fromEntries(ran.map(({ name, status }) => [name.replace(/^.*-(?=takeover)/, ''), status]));

/** Calls of one function that took effect, by system: `{ ssm: 3, dynamodb: 7 }`. */
export function callsOf({ witness }: Environment, name: string): Readonly<Record<string, number>> {
  const call = new RegExp(` ${name}@\\S+ ([a-z0-9]+)\\.[A-Z]\\w+$`);
  const counts: Record<string, number> = {};
  for (const line of witness.trace) {
    const [, system] = call.exec(line) ?? [];
    if (system !== undefined) counts[system] = (counts[system] ?? 0) + 1;
  }
  return counts;
}

/** Values that the flag has held, in order: each effective write is one more. */
export const flagHeld = ({ environment: { world } }: Pick<Day, 'environment'>): string[] =>
  (world.parameters.get('/shop/recommender/new-features')?.history ?? []).map(({ value }) => value);

/** Settle steps run side by side: their changes come in any order. */
const unordered = (seen: Came): Came => ({ ...seen, changes: sorted(seen.changes) });

export const sorted = (texts: readonly string[]): string[] => texts.toSorted((a, b) => a.localeCompare(b));

/** The day of its only incident, its changes in no order. */
export const cameTo = (seen: Day): Came => unordered(came(seen));

/** Both levers pulled once, settled and proven; nobody paged. */
export const WELL: Came = unordered(ALL_WELL);

/** Nobody is paged by Reinstate; CloudWatch's alarm on the execution that failed calls people once. */
export const TAKEN_OVER: Came = { ...WELL, platformPages: 1 };

/** A day of several incidents, or none: how each ended and why, and how often anything was changed. */
export function allCameTo({ incidents, environment, pages, violations }: Day) {
  const moved = environment.witness.moves.filter(({ by }) => by !== 'somebody');
  return {
    ends: incidents.map(endOf),
    changes: sorted(moved.map(({ target, before, after }) => `${target} ${before} -> ${after}`)),
    pages: pages.map(({ subject }) => subject),
    violations,
  };
}

const endOf = ({ ending, reasons = [] }: Incident): string => [ending ?? 'no ending', ...reasons].join(': ');

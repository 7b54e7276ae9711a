/** Faults that are written down: which call of which worker, and what becomes of it. */
import type { AlarmReading } from '../../../lib/core/verdict.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { Fate, Moment, Oversleep, Worker } from '../../../lib/simulation/worker.ts';
import { type Day, day, type Setting } from '../scenario.ts';
import { alarmOf, ONE_ALARM } from './executions.ts';

export type Script = Environment['script'];

/** Calls of a function: the nth to the last of them, by whichever worker whose id matches. */
export interface Calls {
  readonly function: Worker['function'];
  readonly operation: Moment;
  /** @default all workers */
  readonly worker?: RegExp;
  /** @default 1 */
  readonly from?: number;
  /** @default as `from`: that one alone */
  readonly to?: number;
}

/** What becomes of these calls. */
export function fate(calls: Calls, what: Fate | Oversleep): Script {
  const { from = 1, to = from, worker: whose = /./ } = calls;
  let seen = 0;
  return (worker, moment) => {
    const isMeant = worker.function === calls.function && moment === calls.operation && whose.test(worker.id);
    if (!isMeant) return undefined;
    seen += 1;
    return seen >= from && seen <= to ? what : undefined;
  };
}

/** Several faults at once. */
export const all =
  (...scripts: readonly Script[]): Script =>
  (worker, moment) => {
    const fates = scripts.map((script) => script(worker, moment));
    return fates.find((one) => one !== undefined);
  };

/** The fault, and with it the execution ends: as a failure, or because a person stops it. Its functions run on. */
export const endingExecution =
  ({ machine }: Environment, as: 'failed' | 'aborted', script: Script): Script =>
  (worker, moment) => {
    const what = script(worker, moment);
    if (what !== undefined && worker.execution !== undefined) machine.stop(worker.execution, as);
    return what;
  };

/** A system (`dynamodb`) or an operation of it (`states.StartExecution`) is down so long. */
export function outage(environment: Environment, what: string, { at, ms }: { at: number; ms: number }): void {
  environment.later(at, () => {
    environment.witness.note(`${what} is down`);
    environment.down.set(what, environment.scheduler.clock.now() + ms);
  });
}

/** The alarm is set, and its event sent, as by SetAlarmState or an evaluation of CloudWatch's own. */
export function setAlarm(environment: Environment, state: AlarmReading['state'], arn = alarmOf()): void {
  const { world, witness, bus, scheduler } = environment;
  const known = world.alarms.get(arn);
  if (!known) throw new Error(`Cannot set alarm ${arn}: there is none`);
  const since = scheduler.clock.now();
  witness.somebody(`alarm ${state}`, () => world.alarms.set(arn, { ...known, state, since }));
  bus.publish({ arn, state, since });
}

/** When its ALARM events arrive, in ms after they were sent, once for each copy; others come as usual. */
export const alarmsArrive = ({ bus }: Environment, ...delays: readonly number[]): void => {
  bus.script = ({ state }) => (state === 'ALARM' ? delays : undefined);
};

/** The day of one bad release and one alarm, with these faults. */
export const dayOf = (script: Script, setting: Setting = {}): Promise<Day> =>
  day(
    (environment) => {
      environment.script = script;
    },
    { ...ONE_ALARM, ...setting },
  );

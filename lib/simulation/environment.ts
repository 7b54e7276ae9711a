/** A deployed environment in one process: twins of the outside, functions, state machine, bus, alarms and sweeper. */
import { setMode } from '../adapters/memory/settings.ts';
import type { Operation } from '../adapters/memory/trouble.ts';
import type { Mode } from '../core/environment.ts';
import type { ArmedService } from '../core/service.ts';
import { Applications } from './applications.ts';
import { Bus } from './bus.ts';
import type { Chance } from './chance.ts';
import { Controllers } from './controllers.ts';
import { likelyOwner, type OwnerOf, settleIn } from './estate.ts';
import { Functions } from './functions.ts';
import { Machine } from './machine.ts';
import { measure } from './measures.ts';
import { meddle } from './others.ts';
import { countRequests } from './requests.ts';
import type { Scheduler } from './scheduler.ts';
import { Sweeps } from './sweeps.ts';
import { type Weather, weatherOf } from './weather.ts';
import { Witness } from './witness.ts';
import type { Network } from './worker.ts';
import { type SimulatedWorld, simulatedWorld } from './world.ts';

type Services = readonly [ArmedService, ...ArmedService[]];

export interface EnvironmentProps {
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly services: Services;
  /** @default drawn by chance */
  readonly weather?: Weather;
  /** The mode that is set for all services. @default mostly `act` */
  readonly mode?: Mode;
  /** Who writes the specs of Rollouts and Deployments. @default the Application or Helm release beside each */
  readonly ownerOf?: OwnerOf;
}

export class Environment {
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly world: SimulatedWorld;
  readonly witness: Witness;
  readonly machine: Machine;
  readonly bus: Bus;
  readonly functions: Functions;
  readonly sweeps: Sweeps;
  readonly controllers: Controllers;
  readonly applications: Applications;
  /** Systems, or single operations of theirs, that are down, until when (epoch ms). */
  readonly down = new Map<string, number>();
  /** Epoch ms: a run is not over before. */
  storiesEndAt: number;
  /** What is written down for single calls, beside what chance brings. */
  script: Network['fateOf'] = () => undefined;
  /** ms by which the clock of a worker (its id) is ahead, where that is written down. */
  skew: (worker: string) => number | undefined = () => undefined;
  readonly #services: Services;
  readonly #mode: Mode;
  readonly #ownerOf: OwnerOf;

  constructor({
    chance,
    scheduler,
    services,
    weather = weatherOf(chance),
    mode = modeBy(chance),
    ownerOf = likelyOwner,
  }: EnvironmentProps) {
    this.chance = chance;
    this.scheduler = scheduler;
    this.#services = services;
    this.#mode = mode;
    this.#ownerOf = ownerOf;
    this.storiesEndAt = scheduler.clock.now();
    this.weather = weather;
    this.world = simulatedWorld(scheduler);
    this.witness = new Witness(this.world, scheduler, 2 * weather.skewMs);
    this.controllers = new Controllers({ scheduler, chance, witness: this.witness });
    this.applications = new Applications({ scheduler, chance, witness: this.witness });
    this.witness.looked = () => {
      this.controllers.notice();
      this.applications.notice();
    };
    const [{ environment, account, region }] = services;
    const allowed = Object.fromEntries(services.map((s) => [s.service.name, s.alarms.map((a) => a.arn)]));
    this.functions = new Functions({
      world: this.world,
      network: this.#network(),
      rules: { environment, account, region, allowed },
      skewOf: (worker) =>
        this.skew(worker) ?? Math.round((chance.number(`${worker} skew`) * 2 - 1) * this.weather.skewMs),
    });
    this.sweeps = new Sweeps(this);
    this.machine = new Machine(this.world, this.functions, {
      payload: (state, payload) => this.witness.payload(state, payload),
      ended: (arn, status) => {
        this.witness.ended(arn, status);
        if (status === 'succeeded') return;
        this.sweeps.wake(arn);
        this.#alarmOnBadEnd();
      },
    });
    const { bus: odds } = this.weather;
    const deadLetter = () => this.witness.platformPage('an event was not delivered');
    const isThrottled = () => this.#isDown('states.StartExecution');
    const { machine } = this;
    this.bus = new Bus({ scheduler, chance, machine, account, region, odds, isThrottled, deadLetter });
  }

  /** Everything is well, and measured. */
  async settle(): Promise<void> {
    const { world, scheduler, chance, witness } = this;
    for (const armed of this.#services) witness.add(await settleIn(world, armed, this.#ownerOf));
    this.controllers.begin();
    this.applications.begin();
    setMode(world, { environment: this.#services[0].environment }, this.#mode);
    const changed = (arn: string) => {
      const { state, since } = world.alarms.get(arn) ?? { state: 'OK', since: 0 };
      witness.note(`alarm ${arn.split(':').at(-1)} ${state}`);
      this.bus.publish({ arn, state, since });
    };
    const props = { scheduler, world, chance, odds: this.weather.measures, changed };
    for (const service of witness.services) {
      measure(props, service);
      countRequests(props, service);
    }
  }

  /** Plans a turn of a story, so many ms from now; what it begins gets a while to end. */
  later(ms: number, what: () => void): void {
    this.storiesEndAt = Math.max(this.storiesEndAt, this.scheduler.clock.now() + ms + AFTERMATH_MS);
    this.scheduler.after(ms, what);
  }

  /** CloudWatch's alarms on the state machine itself: a path to people that needs no function of ours. */
  #alarmOnBadEnd(): void {
    this.scheduler.after(FAILURE_ALARM_MS, () => this.witness.platformPage('an execution ended badly'));
  }

  #network(): Network {
    const { chance, scheduler, weather, witness } = this;
    return {
      clock: scheduler.clock,
      later: (ms, what) => scheduler.after(ms, what),
      chance,
      odds: weather.calls,
      clientsRetry: weather.clientsRetry,
      isDown: (operation) => this.#isDown(operation),
      fateOf: (worker, moment) => this.script(worker, moment),
      meddle: (name) => this.#somebody(name),
      endExecution: (arn, as) => this.machine.stop(arn, as),
      applied: (worker, operation) => {
        witness.applied(worker, operation);
        if (operation === 'states.StartExecution') this.machine.launchStarted();
      },
      began: (incident, step) => witness.began(incident, step),
      failed: (worker, error) => witness.failed(worker, error),
      note: (line) => witness.note(line),
    };
  }

  #isDown(operation: Operation): boolean {
    const system = systemOf(operation);
    const until = [system, operation, UNDER[system] ?? ''].map((what) => this.down.get(what) ?? 0);
    return Math.max(...until) > this.scheduler.clock.now();
  }

  /** Whoever else works here is quicker than the call that is on its way. */
  #somebody(name: string): void {
    const [service] = this.witness.services;
    if (service) this.witness.somebody(`somebody, before ${name}`, () => meddle(this, service));
  }
}

const modeBy = (chance: Chance): Mode =>
  chance.number('mode') < 0.9 ? 'act' : chance.pick('which mode', ['observe', 'off'] as const);

/** One period of the alarm, and its evaluation. */
const FAILURE_ALARM_MS = 90_000;
/** An alarm needs a minute or two to see what happened. */
const AFTERMATH_MS = 5 * 60_000;

/** What a system cannot do without. */
const UNDER: Readonly<Record<string, string>> = { helm: 'kubernetes', argocd: 'kubernetes' };

const systemOf = (operation: Operation): string => operation.split('.')[0] ?? '';

/** What runs the sweeper: its schedule, and the watch rule, which is best effort. */
import type { Environment } from './environment.ts';

const MINUTE = 60_000;
/** The alarm on the heartbeat: three minutes without one. */
const SILENT_MS = 3 * MINUTE;
/** Lambda runs an event that failed twice more, a minute and then two later. */
const AGAIN_MS = [MINUTE, 2 * MINUTE];

export class Sweeps {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Sweeps for ever, on a clock of its own; `after` is told of each tick. */
  everyMinute(after: () => void): void {
    const { scheduler, chance } = this.#environment;
    const tick = () => {
      scheduler.after(MINUTE, tick);
      this.#run({}, 0);
      this.#listen();
      after();
    };
    scheduler.after(chance.between('first sweep', 0, MINUTE), tick);
  }

  /** An execution did not end well: the watch rule tells the sweeper, if the event arrives. */
  wake(executionArn: string): void {
    const { scheduler, chance, weather } = this.#environment;
    if (chance.happens(`watch of ${executionArn} lost`, weather.bus.lost)) return;
    const ms = 500 + 2000 * chance.number(`watch of ${executionArn}`);
    scheduler.after(ms, () => this.#run({ detail: { executionArn } }, 0));
  }

  #run(event: object, attempt: number): void {
    const { functions, scheduler, witness } = this.#environment;
    functions.invoke('sweeper', event).then(
      () => undefined,
      (error: Error) => {
        witness.note(`sweep failed: ${error.name}`);
        const ms = AGAIN_MS[attempt];
        if (ms !== undefined) scheduler.after(ms, () => this.#run(event, attempt + 1));
      },
    );
  }

  /** Missing is breaching. */
  #listen(): void {
    const { world, witness, scheduler } = this.#environment;
    const last = world.beats.at(-1) ?? witness.startedAt;
    const silent = scheduler.clock.now() - last;
    // As long as the alarm is red somebody knows.
    if (silent > SILENT_MS) witness.platformPage('the sweeper is silent');
  }
}

/** One call of a worker to a twin: each leg of its way may be its last. */
import type { Operation, Trouble } from '../adapters/memory/trouble.ts';
import { OutsideTrouble } from '../core/errors.ts';
import { type Fate, kill, type Network, type Oversleep, type Worker } from './worker.ts';

const never = (): Promise<never> => new Promise(() => undefined);

/** Typical ms of one call, by system. */
const USUAL_MS: Readonly<Record<string, number>> = {
  dynamodb: 8,
  ssm: 25,
  mlflow: 40,
  service: 30,
  kubernetes: 30,
  helm: 400,
  git: 60,
  argocd: 30,
  cloudwatch: 80,
  states: 40,
  sns: 40,
  s3: 60,
};
/** What stands for a credential: errors of outside systems may tell what was sent to them. */
export const CANARY = 'c4n4ry5ecretD0N0TL3AK';
/** How long a client waits for an answer that does not come. */
const CLIENT_TIMEOUT_MS = 3000;
/** How often the SDK and our own HTTP clients ask; what must not be done twice unseen, or is not worth it, once. */
const CLIENT_ATTEMPTS = 3;
const UNRETRIED =
  /^(ssm\.PutParameter|mlflow\.(SetAlias|DeleteAlias|SetTag)|kubernetes\.Patch(Rollout|Deployment|Workload)|helm\.Rollback|git\.\w+|argocd\.PatchApplication)$/;
/** A slow call is so much slower at most; still within the 5 s that `actUntil` outlasts a function by. */
const SLOW_MS = 4000;
/** Somebody else is quicker than a write more often than a reading: that is where races are. */
const RACE = 5;
const WRITES =
  /\.(TransactWriteItems|PutParameter|SetAlias|PatchRollout|PatchDeployment|PatchWorkload|Rollback|Push|PatchApplication)$/;
/** What somebody else begins may be over this much before the call arrives. */
const LONGEST_LEAD_MS = 1500;
/** A process may stand still this long, as when its machine is short of memory or its host is moved. */
const PAUSE_MS = 30_000;

/** The trouble that this worker's twins put around each call. */
export function troubleOf(worker: Worker, network: Network, base: Trouble): Trouble {
  let calls = 0;
  const during = async <T>(operation: Operation, effect: () => T): Promise<T> => {
    const name = `${worker.id}/${++calls} ${operation}`;
    const call = new Call({ name, worker, network, operation });
    await call.setOut();
    await call.arrive();
    // What is on its way arrives, even when who sent it has died since.
    base.calls.set(operation, (base.calls.get(operation) ?? 0) + 1);
    const applied = () => network.applied(worker, operation);
    const answer = operation === 'helm.Rollback' ? inParts(effect, applied) : effect();
    if (operation !== 'helm.Rollback') applied();
    await call.comeBack();
    return answer;
  };
  return { ...base, during };
}

/** Helm sends object after object: what it then says it could not do is done in part. */
function inParts<T>(effect: () => T, applied: () => void): T {
  try {
    return effect();
  } finally {
    applied();
  }
}

interface CallProps {
  readonly name: string;
  readonly worker: Worker;
  readonly network: Network;
  readonly operation: Operation;
}

class Call {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #network: Network;
  readonly #operation: Operation;
  readonly #written: Fate | Oversleep | undefined;

  constructor({ name, worker, network, operation }: CallProps) {
    this.#name = name;
    this.#worker = worker;
    this.#network = network;
    this.#operation = operation;
    this.#written = worker.alive ? network.fateOf(worker, operation) : undefined;
  }

  /** The worker may stand still, or die, before it calls. */
  async setOut(): Promise<void> {
    const { clock, chance } = this.#network;
    if (!this.#worker.alive) return never();
    if (this.#happens('pause')) await clock.sleep(chance.between(`${this.#name} paused`, 1000, PAUSE_MS));
    if (!this.#worker.alive || this.#written === 'hang') return never();
    if (typeof this.#written === 'object') await this.#oversleep(this.#written);
    if (this.#happens('stop')) this.#endExecution('aborted');
    if (this.#happens('fail')) this.#endExecution('failed');
    if (this.#happens('crash')) return this.#die();
  }

  async #oversleep({ sleepsMs }: Oversleep): Promise<void> {
    this.#network.note(`${this.#name}: stands still`);
    this.#worker.sleeps = true;
    await this.#network.clock.sleep(sleepsMs);
    this.#worker.sleeps = false;
    this.#network.note(`${this.#name}: wakes up`);
  }

  #endExecution(as: 'aborted' | 'failed'): void {
    const { execution } = this.#worker;
    this.#network.note(`${this.#name}: its execution ${as}`);
    if (execution !== undefined) this.#network.endExecution(execution, as);
  }

  /** The request takes its time, or is dropped; or somebody else is quicker. */
  async arrive(): Promise<void> {
    await this.#network.clock.sleep(delayOf(this.#name, this.#network, this.#happens('slow')));
    if (this.#isDown() || this.#happens('drop')) await this.#unanswered('dropped');
    if (this.#happens('meddle')) await this.#letOthersIn();
  }

  /** Whoever is quicker gets the time to be. */
  async #letOthersIn(): Promise<void> {
    const { clock, chance, meddle } = this.#network;
    meddle(this.#name);
    await clock.sleep(chance.between(`${this.#name} meddled with`, 0, LONGEST_LEAD_MS));
  }

  /** What was done may never be heard of. */
  async comeBack(): Promise<void> {
    if (this.#happens('crash after')) return this.#die();
    if (this.#happens('loseReply')) await this.#unanswered('reply lost');
    if (!this.#worker.alive) return never();
  }

  /** The client waits in vain, and asks again where it does; all the same it may have been done. */
  async #unanswered(what: string): Promise<void> {
    const { clock, chance, odds } = this.#network;
    for (let attempt = 1; ; attempt++) {
      this.#network.note(`${this.#name}: ${what}`);
      await clock.sleep(CLIENT_TIMEOUT_MS);
      if (!this.#worker.alive) return never();
      if (!this.#asksAgain() || attempt === CLIENT_ATTEMPTS) break;
      if (!this.#isDown() && !chance.happens(`${this.#name} ${what} ${attempt + 1}`, odds.drop)) return;
    }
    throw new OutsideTrouble(`no answer from ${this.#operation} (Authorization: Bearer ${CANARY})`);
  }

  #isDown(): boolean {
    return this.#network.isDown(this.#operation);
  }

  /** As the clients are made (lib/adapters/clients.ts); what is written down for a call happens at all events. */
  #asksAgain(): boolean {
    return this.#network.clientsRetry && this.#written === undefined && !UNRETRIED.test(this.#operation);
  }

  #die(): Promise<never> {
    this.#network.note(`${this.#name}: crashed`);
    kill(this.#worker, 'Runtime.ExitError');
    return never();
  }

  #happens(what: Exclude<Fate, 'hang'>): boolean {
    const written = this.#written === what;
    return written || this.#network.chance.happens(`${this.#name} ${what}`, this.#oddsOf(what));
  }

  #oddsOf(what: Exclude<Fate, 'hang'>): number {
    const { odds } = this.#network;
    if (what === 'crash after') return odds.crash;
    return what === 'meddle' && WRITES.test(this.#operation) ? odds.meddle * RACE : odds[what];
  }
}

function delayOf(call: string, { chance }: Network, slow: boolean): number {
  const system = call.slice(call.indexOf(' ') + 1).split('.')[0] ?? '';
  const usual = (USUAL_MS[system] ?? 30) * (0.5 + chance.number(`${call} delay`));
  return slow ? usual + chance.number(`${call} slowness`) * SLOW_MS : usual;
}

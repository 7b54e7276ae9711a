/** The deployed functions: the real handlers over twins, one process a run, ended when its time is over. */
import './quiet.ts';
import { applyStepHandler } from '../../lambdas/handlers/apply-step.ts';
import { closeIncidentHandler } from '../../lambdas/handlers/close-incident.ts';
import { holdPromotionHandler } from '../../lambdas/handlers/hold-promotion.ts';
import { openIncidentHandler } from '../../lambdas/handlers/open-incident.ts';
import { planRollbackHandler } from '../../lambdas/handlers/plan-rollback.ts';
import { sweeperHandler } from '../../lambdas/handlers/sweeper.ts';
import { verifyRecoveryHandler } from '../../lambdas/handlers/verify-recovery.ts';
import { FUNCTION_TIMEOUT_SECONDS, type FunctionName } from '../core/function-env.ts';
import type { OpenIncidentRules } from '../stages/open-incident.ts';
import { portsOf, type WorkerPorts } from './ports.ts';
import { kill, lambdaError, type Network, type Worker } from './worker.ts';
import type { SimulatedWorld } from './world.ts';

type Handler = (input: never, context: never) => Promise<object>;

export interface FunctionsProps {
  readonly world: SimulatedWorld;
  readonly network: Network;
  readonly rules: OpenIncidentRules;
  /** ms by which a worker's clock differs from the others'. */
  skewOf(worker: string): number;
}

export class Functions {
  readonly #props: FunctionsProps;
  readonly #runs = new Map<string, number>();

  constructor(props: FunctionsProps) {
    this.#props = props;
  }

  /** Runs a function once. Rejects with what Step Functions would get. */
  async invoke(name: FunctionName, payload: object, execution?: string): Promise<object> {
    const { network, world } = this.#props;
    const id = this.#idOf(name, execution?.split(':').at(-1) ?? String(network.clock.now()));
    if (network.chance.happens(`${id} throttled`, network.odds.drop))
      throw lambdaError('Lambda.TooManyRequestsException', 'Rate exceeded');
    await network.clock.sleep(startMs(id, network));
    const worker = this.#worker(id, name, { payload, execution });
    this.#noteStep(worker, payload);
    network.later(FUNCTION_TIMEOUT_SECONDS[name] * 1000, () => kill(worker, 'Sandbox.Timedout'));
    if (network.fateOf(worker, 'lambda.Init') === 'crash') kill(worker, 'Runtime.ExitError');
    if (network.chance.happens(`${id} detached`, network.odds.detach)) this.#loseSight(worker);
    const handler = functionNamed(name, portsOf(world, worker, this.#props), this.#props.rules);
    const remaining = { getRemainingTimeInMillis: () => worker.endsAt - network.clock.now() };
    // What Lambda hands over is JSON.
    const input = JSON.parse(JSON.stringify(payload)) as never;
    try {
      const answer = await Promise.race([
        handler(input, remaining as never),
        worker.death.promise,
        worker.lost.promise,
      ]);
      return JSON.parse(JSON.stringify(answer)) as object;
    } catch (error) {
      if (error instanceof Error) network.failed(worker, error);
      throw worker.alive && !worker.unseen && error instanceof Error
        ? lambdaError(error.name, error.message)
        : error;
    } finally {
      worker.alive = worker.unseen;
    }
  }

  #noteStep({ step }: Worker, payload: object): void {
    if (step !== undefined && 'incident' in payload)
      this.#props.network.began(String(payload.incident), step);
  }

  /** The connection to a function breaks while it works: it is retried, and runs on. */
  #loseSight(worker: Worker): void {
    const { network } = this.#props;
    network.later(network.chance.between(`${worker.id} detached after`, 20, 3000), () => {
      if (!worker.alive) return;
      worker.unseen = true;
      network.note(`${worker.id}: out of sight`);
      worker.lost.reject(lambdaError('Lambda.SdkClientException', 'the connection was reset'));
    });
  }

  /** Counted by execution: what happens in one changes no name in another. */
  #idOf(name: FunctionName, by: string): string {
    const whose = `${name}@${by}`;
    const run = (this.#runs.get(whose) ?? 0) + 1;
    this.#runs.set(whose, run);
    return `${whose}#${run}`;
  }

  #worker(
    id: string,
    name: FunctionName,
    { payload, execution }: { payload: object; execution: string | undefined },
  ): Worker {
    const startedAt = this.#props.network.clock.now();
    const death = Promise.withResolvers<never>();
    // Nobody may be listening any more.
    death.promise.catch(() => undefined);
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    return {
      id,
      function: name,
      startedAt,
      endsAt: startedAt + FUNCTION_TIMEOUT_SECONDS[name] * 1000,
      alive: true,
      modeReads: 0,
      readsAtLook: 0,
      unseen: false,
      sleeps: false,
      death,
      lost,
      ...(execution !== undefined && { execution }),
      ...('fence' in payload && { fence: Number(payload.fence) }),
      ...('step' in payload && { step: (payload.step as { id: string }).id }),
    };
  }
}

/** The deployed function of that name, with these ports instead of AWS's. */
export function functionNamed(name: FunctionName, ports: WorkerPorts, rules: OpenIncidentRules): Handler {
  return handlerNamed(name, ports, rules) as Handler;
}

function handlerNamed(name: FunctionName, ports: WorkerPorts, rules: OpenIncidentRules): unknown {
  switch (name) {
    case 'open-incident':
      return openIncidentHandler(ports, rules);
    case 'plan-rollback':
      return planRollbackHandler(ports);
    case 'hold-promotion':
      return holdPromotionHandler(ports);
    case 'apply-flag':
      return applyStepHandler({ ...ports, levers: { flag: ports.levers.flag } });
    case 'apply-alias':
      return applyStepHandler({ ...ports, levers: { alias: ports.levers.alias } });
    case 'apply-rollout':
      return applyStepHandler({ ...ports, levers: { rollout: ports.levers.rollout } });
    case 'apply-deployment':
      return applyStepHandler({ ...ports, levers: { deployment: ports.levers.deployment } });
    case 'apply-helm':
      return applyStepHandler({ ...ports, levers: { helm: ports.levers.helm } });
    case 'apply-git':
      return applyStepHandler({ ...ports, levers: { git: ports.levers.git } });
    case 'verify-recovery':
      return verifyRecoveryHandler(ports);
    case 'close-incident':
      return closeIncidentHandler(ports);
    case 'sweeper':
      return sweeperHandler(ports, Object.keys(rules.allowed));
  }
}

/** A warm start is fast; a cold one takes most of a second. */
const startMs = (id: string, { chance }: Network): number =>
  chance.number(`${id} cold`) < 0.3 ? 600 * (0.5 + chance.number(`${id} start`)) : 15;

/** The ports of one worker: twins of one world, through its own network, with a witness at what it may do. */
import { memoryHelm } from '../adapters/memory/helm.ts';
import { twinsOf } from '../adapters/memory/twins.ts';
import { targetOf } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { LeverPort, Levers, Marker } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { troubleOf } from './call.ts';
import type { FunctionsProps } from './functions.ts';
import { seriesOf } from './measures.ts';
import type { Network, Worker } from './worker.ts';
import type { SimulatedWorld } from './world.ts';

export type WorkerPorts = Omit<ReturnType<typeof twinsOf>, 'clock'> & { readonly clock: Clock };

export function portsOf(
  world: SimulatedWorld,
  worker: Worker,
  { network, rules, skewOf }: FunctionsProps,
): WorkerPorts {
  const view = { ...world, trouble: troubleOf(worker, network, world.trouble) };
  const twins = twinsOf(view, rules.environment, seriesOf);
  const skew = skewOf(worker.id);
  return {
    ...twins,
    levers: witnessedLevers(worker, { ...twins.levers, helm: mortalHelm(worker, network, view) }),
    marker: witnessedMarker(worker, twins.marker),
    settings: witnessedSettings(worker, twins.settings),
    executions: lateExecutions(worker, network, twins.executions),
    clock: { now: () => network.clock.now() + skew, sleep: (ms: number) => network.clock.sleep(ms) },
  };
}

/** What a worker is about to put stands in the worker, for those who watch its writes. */
function witnessedLevers(worker: Worker, levers: Levers): Levers {
  const witnessed = <L extends Parameters<LeverPort['observe']>[0]>(port: LeverPort<L>): LeverPort<L> => ({
    ...port,
    observe: (lever, to) => {
      worker.readsAtLook = worker.modeReads;
      return port.observe(lever, to);
    },
    act: (lever, order) => {
      worker.order = order;
      worker.modeIsFresh = worker.modeReads > worker.readsAtLook;
      worker.readsAtLook = worker.modeReads;
      return port.act(lever, order);
    },
  });
  return {
    flag: (armed) => witnessed(levers.flag(armed)),
    alias: (armed) => witnessed(levers.alias(armed)),
    rollout: (armed) => witnessed(levers.rollout(armed)),
    deployment: (armed) => witnessed(levers.deployment(armed)),
    helm: (armed) => witnessed(levers.helm(armed)),
    git: (armed) => witnessed(levers.git(armed)),
  };
}

/** Helm is a process of its own: it may be killed, or be refused an object, while its function lives. */
const mortalHelm =
  (worker: Worker, { chance, odds }: Network, world: SimulatedWorld): Levers['helm'] =>
  (armed) => {
    const port = memoryHelm(world)(armed);
    let runs = 0;
    const act: typeof port.act = async (lever, order) => {
      const draw = `${worker.id} helm#${++runs}`;
      const release = world.releases.get(targetOf(lever));
      if (!release || !chance.happens(`${draw} ends early`, odds.crash * HELM_ENDS_EARLY))
        return port.act(lever, order);
      release.fate = chance.pick(`${draw} is`, ['killed', 'killed-late', 'refused'] as const);
      try {
        return await port.act(lever, order);
      } finally {
        release.fate = undefined;
      }
    };
    return { ...port, act };
  };

/** So much more often than a call of ours ends a function. */
const HELM_ENDS_EARLY = 5;

const witnessedMarker = (worker: Worker, marker: Marker): Marker => ({
  mark: (armed, what) => {
    worker.order = what;
    return marker.mark(armed, what);
  },
});

const witnessedSettings = (worker: Worker, settings: Settings): Settings => ({
  ...settings,
  mode: async (service, first) => {
    const mode = await settings.mode(service, first);
    worker.mode = mode;
    worker.modeReads += 1;
    return mode;
  },
});

/** DescribeExecution is eventually consistent: an end may not be known for a moment. */
const lateExecutions = (worker: Worker, { chance, odds }: Network, executions: Executions): Executions => ({
  ...executions,
  status: async (arn) => {
    const status = await executions.status(arn);
    return chance.happens(`${worker.id} stale ${arn}`, odds.loseReply) ? 'running' : status;
  },
});

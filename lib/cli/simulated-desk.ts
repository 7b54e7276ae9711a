/** A desk over a simulated environment: what the commands see where nothing is deployed. */
import { memoryMarker } from '../adapters/memory/alias.ts';
import { executionArn, memoryExecutions } from '../adapters/memory/executions.ts';
import { memoryLedger } from '../adapters/memory/ledger.ts';
import { memoryLevers } from '../adapters/memory/levers.ts';
import { memorySettings, setMode } from '../adapters/memory/settings.ts';
import { memorySignals } from '../adapters/memory/signals.ts';
import { modeIn } from '../adapters/parameter-text.ts';
import { type Environment, parameterNames } from '../core/environment.ts';
import { NotReady } from '../core/errors.ts';
import type { Environment as Simulated } from '../simulation/environment.ts';
import { seriesOf } from '../simulation/measures.ts';
import type { SimulatedWorld } from '../simulation/world.ts';
import type { Desk, Modes, StoredReports } from './desk.ts';

/** @param copies folder that has a copy of every report */
export function simulatedDesk(simulated: Simulated, environment: Environment, copies: string): Desk {
  const { world, witness, machine, scheduler } = simulated;
  return {
    environment,
    services: witness.services.map(({ armed }) => armed.service.name),
    ledger: memoryLedger(world),
    settings: memorySettings(world, environment.name),
    signals: memorySignals(world, seriesOf),
    levers: memoryLevers(world),
    marker: memoryMarker(world),
    machine: {
      ...memoryExecutions(world),
      arnOf: executionArn,
      stop: async (arn) => machine.stop(arn),
    },
    modes: modesOf(world, environment.name),
    reports: reportsOf(world),
    clock: scheduler.clock,
    copies,
  };
}

function modesOf(world: SimulatedWorld, environment: string): Modes {
  const names = parameterNames(environment);
  return {
    read: async (service) => {
      const name = service === undefined ? names.mode : names.serviceMode(service);
      return modeIn(name, world.parameters.get(name)?.history.at(-1)?.value);
    },
    set: async (mode, service) => setMode(world, { environment, ...(service && { service }) }, mode),
  };
}

const reportsOf = ({ reports }: SimulatedWorld): StoredReports => ({
  get: async (url) => {
    const found = reports.get(url.replace('memory://reports/', ''));
    if (!found) throw new NotReady(`Cannot fetch "${url}": there is no such report`);
    return found.body;
  },
});

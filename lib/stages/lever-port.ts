import type { ArmedService, Lever } from '../core/service.ts';
import type { Observation, Owner } from '../core/step.ts';
import type { Acted, LeverPort, Levers, Order } from '../ports/lever.ts';

/** A lever with its own adapter, so that nobody beside the registry asks which kind it is. */
export interface BoundLever {
  observe(to?: string | null): Promise<Observation>;
  act(order: Order): Promise<Acted>;
  served(to?: string | null): Promise<readonly string[] | undefined>;
  owner(): Promise<Owner | undefined>;
  versions(): Promise<readonly string[] | undefined>;
}

/** Binds a lever to the adapter of its kind. */
export function leverPort(levers: Partial<Levers>, armed: ArmedService, lever: Lever): BoundLever {
  const adapter = levers[lever.kind];
  if (!adapter)
    throw new Error(`Cannot pull "${lever.name}": this function has no adapter for ${lever.kind} levers`);
  // The registry is complete by type and keyed by `kind`, which TypeScript cannot follow through the index.
  const port = adapter(armed) as LeverPort;
  return {
    observe: (to) => port.observe(lever, to),
    act: (order) => port.act(lever, order),
    served: (to) => port.served(lever, to),
    owner: async () => port.owner?.(lever),
    versions: async () => port.versions?.(lever),
  };
}

import { OutsideRefusal } from '../../core/errors.ts';
import type { FlagLever } from '../../core/service.ts';
import type { Acted, LeverPort, Levers, Order } from '../../ports/lever.ts';
import { type MemoryParameter, type MemoryWorld, writeParameter } from './world.ts';

/** SSM as it is: versions count up, nothing is compared, and readers keep an old value as long as they may. */
export function memoryFlag(world: MemoryWorld): Levers['flag'] {
  return (): LeverPort<FlagLever> => ({
    observe: ({ parameter }) => read(world, parameter),
    act: (lever, order) => act(world, lever, order),
    served: async (lever) =>
      lever.served && world.trouble.during('service.Served', () => readersOf(world, lever)),
  });
}

const read = (world: MemoryWorld, name: string) =>
  world.trouble.during('ssm.GetParameter', () => {
    const { history } = flagOf(world, name);
    return { value: history.at(-1)?.value ?? '', revision: String(history.length) };
  });

async function act(
  world: MemoryWorld,
  { parameter: name }: FlagLever,
  { to, before }: Order,
): Promise<Acted> {
  if (to === null) throw new OutsideRefusal(`Cannot take flag "${name}" away: expected a value`);
  const now = await read(world, name);
  if (now.value === to) return { revision: now.revision };
  if (now.revision !== (before.revision ?? now.revision) && now.value !== before.value) {
    const conflict = `${lastWriter(world, name)} set flag "${name}" in between; it was left as it is`;
    return { revision: now.revision, conflict };
  }
  const version = await world.trouble.during('ssm.PutParameter', () =>
    writeParameter(world, name, { value: to, by: 'reinstate' }),
  );
  if (version === Number(now.revision) + 1) return { revision: String(version) };
  const who = flagOf(world, name).history[version - 2]?.by ?? 'somebody';
  return { revision: String(version), conflict: `${who} set flag "${name}" in between; it was overwritten` };
}

const lastWriter = (world: MemoryWorld, name: string): string =>
  flagOf(world, name).history.at(-1)?.by ?? 'somebody';

/** What a reader with the declared cache uses at worst: what stood there one cache time ago. */
function readersOf(world: MemoryWorld, { parameter, cacheSeconds }: FlagLever): string[] {
  const stuck = world.stuckReaders.get(parameter);
  if (stuck) return [...stuck];
  const { history } = flagOf(world, parameter);
  const seen = history.findLast(({ at }) => at <= world.clock.now() - cacheSeconds * 1000);
  return [(seen ?? history[0])?.value ?? ''];
}

function flagOf(world: MemoryWorld, name: string): MemoryParameter {
  const known = world.parameters.get(name);
  if (!known) throw new OutsideRefusal(`Cannot find flag "${name}": there is no such parameter`);
  if (known.type === 'String') return known;
  throw new OutsideRefusal(`Cannot use parameter "${name}" as a flag: it is ${known.type}; expected String`);
}

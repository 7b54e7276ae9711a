import { putParameter } from '../../adapters/memory/world.ts';
import { type FlagLever, targetOf } from '../../core/service.ts';
import type { Target } from './target.ts';

/** A parameter whose readers notice after their cache time. */
export const flagTarget: Target<FlagLever> = {
  make: (world, { parameter, safe }) => {
    putParameter(world, parameter, safe);
  },
  renew: () => undefined,
  held: (world, lever) => [
    [targetOf(lever), world.parameters.get(lever.parameter)?.history.at(-1)?.value ?? null],
  ],
  served: (world, { parameter, cacheSeconds }) => {
    const history = world.parameters.get(parameter)?.history ?? [];
    const seen = history.findLast(({ at }) => at <= world.clock.now() - cacheSeconds * 1000);
    return [(seen ?? history[0])?.value ?? ''];
  },
  ship: (world, lever) => {
    const value = { true: 'false', false: 'true' }[lever.safe] ?? `${lever.safe}-next`;
    putParameter(world, lever.parameter, value);
    return new Map([[targetOf(lever), value]]);
  },
  put: (world, { parameter }, value) => {
    if (world.parameters.has(parameter)) putParameter(world, parameter, value);
  },
  own: () => 'their-own',
  forget: () => undefined,
};

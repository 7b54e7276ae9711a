import { OutsideTrouble } from '../../core/errors.ts';
import type { Marker } from '../../ports/lever.ts';
import { type MlflowDeps, mlflowServer } from './mlflow.ts';
import { setTag } from './model-registry.ts';

/** Marks model versions by tags in MLflow, where promoters can see them. A flag's value has no such place. */
export const marker = (deps: MlflowDeps): Marker => ({
  mark: async (armed, { lever, value, state, incident, fence, until = Number.POSITIVE_INFINITY }) => {
    if (lever.kind !== 'alias') return;
    const server = mlflowServer(armed, deps);
    const tags = {
      'reinstate.incident': incident,
      'reinstate.fence': String(fence),
      // Last, so that whoever sees the state sees by whom.
      'reinstate.state': state,
    };
    for (const [key, tag] of Object.entries(tags)) {
      if (deps.clock.now() >= until)
        throw new OutsideTrouble(`Cannot mark "${lever.name}": its time is over`);
      await setTag(server, { name: lever.model, version: value, key, value: tag });
    }
  },
});

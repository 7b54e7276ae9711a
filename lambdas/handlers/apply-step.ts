import { type ApplyStepInput, type ApplyStepPorts, applyStep } from '../../lib/stages/apply-step.ts';
import { handlerOf } from '../_handler.ts';

/** Deployed once per lever, each time with the adapter of that lever only. */
export const applyStepHandler = (ports: ApplyStepPorts) =>
  handlerOf((input: ApplyStepInput, context) =>
    applyStep(ports, input, { remainingMs: () => context.getRemainingTimeInMillis() }),
  );

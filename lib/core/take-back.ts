import { leverNamed } from './deadline.ts';
import { commitIn } from './git-lever.ts';
import { manualCommand } from './manual.ts';
import type { Plan } from './plan.ts';
import type { ArmedService, Lever, RolloutLever } from './service.ts';
import type { PlannedStep } from './step.ts';

/**
 * Whether what a step puts can be taken back, by what a person would type for that; Reinstate never does so by itself.
 * `whileKept`: what has to be there still.
 */
export type TakeBack = { readonly command: string; readonly whileKept?: string } | { readonly never: string };

/** How to have again what a step replaces. */
export function takeBack(armed: ArmedService, plan: Plan, step: PlannedStep): TakeBack {
  const { lever, from, to } = step;
  if (lever.kind === 'rollout') return takeTemplateBack(armed, plan, { step, lever });
  if (from.value === to.value)
    return { never: 'nothing is replaced: readers are made to load what stands there' };
  return putAgain(armed, lever, from.value);
}

/** Traffic that was moved has nowhere to go once the template is settled: the template is what is put again. */
function takeTemplateBack(
  armed: ArmedService,
  plan: Plan,
  { step, lever }: { step: PlannedStep; lever: RolloutLever },
): TakeBack {
  const settled = plan.rungs.flatMap(({ settle }) => settle).find(({ id }) => id.startsWith(`${step.id}.s`));
  const by = settled && settled.lever.kind !== 'rollout' ? settled : undefined;
  const was = plan.differences.find(({ target }) => target === (by?.target ?? step.target))?.now.value;
  if (by) return putAgain(armed, leverNamed(armed.service, by.lever.name), was ?? null);
  return putAgain(armed, { ...lever, part: 'spec' }, was ?? step.from.value);
}

function putAgain(armed: ArmedService, lever: Lever, was: string | null): TakeBack {
  const value = lever.kind === 'git' && was !== null ? (commitIn(was) ?? null) : was;
  if (value === null && lever.kind !== 'alias')
    return { never: 'what stands there now has no name to ask for' };
  const command = manualCommand(armed, lever, value);
  const whileKept = KEPT[lever.kind];
  return whileKept === undefined ? { command } : { command, whileKept };
}

const KEPT: Partial<Record<Lever['kind'], string>> = {
  alias: 'its version is in the registry',
  rollout: 'its ReplicaSet is kept',
  deployment: 'its ReplicaSet is kept',
  helm: 'its revision is kept',
};

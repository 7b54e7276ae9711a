import { manualCommand } from './manual.ts';
import type { Baseline, Held } from './release.ts';
import { type AliasLever, type ArmedService, targetOf } from './service.ts';
import type { PlannedStep } from './step.ts';

/** Alias that names the version a rollback removed. */
const ROLLED_BACK = 'rolled_back';

/**
 * What makes a step stick. A flag needs nothing. An alias: `rolled_back` names the bad version, and
 * `previous_<alias>` the next newest baseline, or is taken away; it never equals the alias itself, or a
 * second incident would roll back to the same version.
 */
export function settleSteps(
  armed: ArmedService,
  step: PlannedStep,
  baselines: readonly Baseline[],
): PlannedStep[] {
  if (step.lever.kind !== 'alias') return [];
  const { lever } = step;
  const previous = nextNewest(step, baselines);
  const wanted: [string, Held][] = [[`previous_${lever.alias}`, previous]];
  if (step.from.value !== null && step.from.value !== step.to.value) wanted.unshift([ROLLED_BACK, step.from]);
  return wanted.map(([alias, to], n) =>
    settleStep(armed, step, { lever: { ...withoutReload(lever), alias }, to, n }),
  );
}

function settleStep(
  armed: ArmedService,
  step: PlannedStep,
  s: { lever: AliasLever; to: Held; n: number },
): PlannedStep {
  return {
    id: `${step.id}.s${s.n + 1}`,
    phase: 'settle',
    lever: s.lever,
    target: targetOf(s.lever),
    from: { value: null },
    to: s.to,
    manual: manualCommand(armed, s.lever, s.to.value),
  };
}

/** Only the alias that users are served by makes the service reload. */
function withoutReload({ reload: _, ...lever }: AliasLever): AliasLever {
  return lever;
}

/** The newest other version among the proven baselines, which are newest first. */
function nextNewest(step: PlannedStep, baselines: readonly Baseline[]): Held {
  const held = baselines.map((b) => b.release[step.target]).filter((h) => h !== undefined);
  const other = held.find((h) => h.value !== step.to.value && h.value !== step.from.value);
  return other ?? { value: null };
}

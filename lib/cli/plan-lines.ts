import type { LeftOut, Plan, PlanResult } from '../core/plan.ts';
import { type PlannedStep, say } from '../core/step.ts';
import { count, duration } from '../report/format.ts';

/** A plan for people: rungs, from and to, settle steps, what is left out and why, the command for each by hand. */
export function planLines(result: PlanResult): string[] {
  if (result.outcome === 'planned') return plannedLines(result.plan);
  return [
    'no plan: an incident would be refused',
    ...result.reasons.map((reason) => `  because ${reason}`),
    ...leftOutLines(result.leftOut),
  ];
}

function plannedLines(plan: Plan): string[] {
  const rungs = plan.rungs.flatMap(({ steps, settle }, index) => [
    index === 0 ? `rung 1` : `rung ${index + 1}, only if rung ${index} has not recovered it`,
    ...steps.flatMap(stepLines),
    ...settle.flatMap(stepLines),
  ]);
  return [
    `${plan.service}: back to ${plan.baseline} in ${count(plan.rungs.length, 'rung')}`,
    ...rungs,
    ...leftOutLines(plan.leftOut),
    `deadline ${duration(plan.deadlineSeconds)} after open`,
  ];
}

const stepLines = ({ phase, lever, target, from, to, manual, because }: PlannedStep): string[] => [
  phase === 'apply'
    ? `  ${lever.name} ${say(from.value)} -> ${say(to.value)} (${target})`
    : `  settle ${target} -> ${say(to.value)}`,
  ...(because === undefined ? [] : [`    why it sticks: ${because}`]),
  `    by hand: ${manual}`,
];

const leftOutLines = (leftOut: readonly LeftOut[]): string[] =>
  leftOut.length === 0
    ? []
    : [
        'left out',
        ...leftOut.flatMap(({ lever, reason, manual }) => [
          `  ${lever}: ${reason}`,
          ...(manual === undefined ? [] : [`    by hand: ${manual}`]),
        ]),
      ];

import type { LeftOut, PlanResult } from '../core/plan.ts';
import type { PlannedRungClock } from '../core/policy-clock.ts';
import type { Held } from '../core/release.ts';
import { say } from '../core/step.ts';
import { count, duration } from '../report/format.ts';
import type { Line } from './lines.ts';
import type { PlanFacts, RungFacts, StepFacts } from './plan-facts.ts';
import { iamText, kubernetesText } from './step-permissions.ts';
import { cut, type Tone } from './text.ts';

/** A plan for people, as a difference: what stands now, what will, by which lever, and all that comes with it. */
export function planLines(plan: PlanFacts): Line[] {
  const { service, baseline, rungs, clock } = plan;
  return [
    { text: `${service}: back to ${baseline} in ${count(rungs.length, 'rung')}`, tone: 'strong' },
    { text: 'plan', whole: plan.digest, tone: 'strong' },
    ...rungs.flatMap((rung, n) => rungLines(plan, rung, n)),
    ...leftOutLines(plan.leftOut),
    { text: '' },
    { text: `goal ${duration(clock.goalSeconds)}` },
    { text: `deadline ${duration(clock.deadlineSeconds)} after open, then people are paged` },
  ];
}

/** Why there is none. */
export const refusalLines = ({ reasons, leftOut }: PlanResult & { readonly outcome: 'refused' }): Line[] => [
  { text: 'no plan: an incident would be refused', tone: 'strong' },
  ...reasons.map((reason) => ({ indent: 2, text: `because ${reason}` })),
  ...leftOutLines(leftOut),
];

function rungLines({ clock }: PlanFacts, { steps, settle }: RungFacts, n: number): Line[] {
  const head = n === 0 ? 'rung 1' : `rung ${n + 1}, only if rung ${n} has not recovered it`;
  return [
    { text: '' },
    { text: head, tone: 'strong' },
    ...clockLines(clock.rungs[n], clock.goalSeconds),
    ...steps.flatMap((step) => [
      ...stepLines(step, 2),
      ...settle.filter(({ id }) => id.startsWith(`${step.id}.s`)).flatMap((part) => stepLines(part, 4)),
    ]),
  ];
}

function clockLines(rung: PlannedRungClock | undefined, goalSeconds: number): Line[] {
  if (!rung) return [];
  const [usual, latest] = [rung.usualSeconds, rung.latestSeconds].map(duration);
  const text = `clock: proven in ${usual} when nothing is slow, judged in ${latest} at the latest`;
  if (rung.latestWithinGoal) return [{ indent: 2, text, tone: 'faint' }];
  const past = rung.usualWithinGoal ? 'may be past' : 'is past';
  return [{ indent: 2, text: `${text}: ${past} the goal of ${duration(goalSeconds)}`, tone: 'bad' }];
}

function stepLines(step: StepFacts, indent: number): Line[] {
  const { phase, lever, target, manual, because, now, to, permissions } = step;
  const mark = markOf(now, to);
  const [iam, kubernetes] = [iamText(permissions), kubernetesText(permissions)];
  const below: Line[] = [
    ...changeLines(now, to),
    ...(phase === 'apply' ? [{ text: `why it sticks: ${because ?? NOBODY}` }] : []),
    { text: 'by hand:', whole: manual },
    ...takeBackLines(step),
    ...(iam === '' ? [] : [{ text: `IAM: ${iam}`, tone: 'faint' as Tone }]),
    ...(kubernetes === '' ? [] : [{ text: `Kubernetes: ${kubernetes}`, tone: 'faint' as Tone }]),
  ];
  return [
    {
      indent,
      text: `${mark} ${phase === 'apply' ? lever.name : 'settle'}`,
      whole: target,
      tone: TONES[mark],
    },
    ...below.map((line) => ({ ...line, indent: indent + 4 })),
  ];
}

type Mark = '[=]' | '[-]' | '[+]' | '[~]';
const TONES: Record<Mark, Tone> = { '[=]': 'faint', '[-]': 'bad', '[+]': 'good', '[~]': 'busy' };

const NOBODY = 'nobody is known who would undo it';

/** As `cdk diff` has them; `=` where only readers have to notice. */
function markOf(now: Held | undefined, to: Held): Mark {
  if (now?.value === to.value) return '[=]';
  if (to.value === null) return '[-]';
  return now?.value === null ? '[+]' : '[~]';
}

function changeLines(now: Held | undefined, to: Held): Line[] {
  if (now?.value === to.value) return [{ text: `= ${heldText(to)}, as it stands` }];
  const before: Line[] = now
    ? [{ text: `- ${heldText(now)}`, tone: 'bad' }]
    : [{ text: '- unknown: it cannot be read' }];
  const after: Line = { text: `+ ${heldText(to)}`, tone: 'good' };
  return [...(now?.value === null ? [] : before), ...(to.value === null ? [] : [after])];
}

/** Values of flags may be 8 KB; `-o json` has them whole. */
const LONGEST_VALUE = 200;
/** Enough of a digest to compare by eye. */
const DIGEST_SHOWN = 12;

const heldText = ({ value, digest }: Held): string =>
  `${say(value === null ? null : cut(value, LONGEST_VALUE))}${digest === undefined ? '' : ` (digest ${digest.slice(0, DIGEST_SHOWN)})`}`;

function takeBackLines({ takeBack }: StepFacts): Line[] {
  if (!takeBack) return [];
  if ('never' in takeBack) return [{ text: `cannot be taken back: ${takeBack.never}` }];
  const { command, whileKept } = takeBack;
  const text = whileKept === undefined ? 'taken back by:' : `taken back, while ${whileKept}, by:`;
  return [{ text, whole: command }];
}

const leftOutLines = (leftOut: readonly LeftOut[]): Line[] =>
  leftOut.length === 0
    ? []
    : [
        { text: '' },
        { text: 'left out', tone: 'strong' },
        ...leftOut.flatMap(({ lever, reason, manual }): Line[] => [
          { indent: 2, text: `${lever}: ${reason}` },
          ...(manual === undefined ? [] : [{ indent: 4, text: 'by hand:', whole: manual }]),
        ]),
      ];

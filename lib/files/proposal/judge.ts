import { policyClock } from '../../core/policy-clock.ts';
import type { Release } from '../../core/release.ts';
import { type Lever, type Service, targetOf } from '../../core/service.ts';
import { ownerWords, type Sticking, stickingLever } from '../../core/spec-owner.ts';
import type { Observation } from '../../core/step.ts';
import { type Draft, type DraftLever, question } from './draft.ts';

/** A draft whose levers stick, each with its owner above it; the others are left out, with a note. */
export function judged(draft: Draft, service: Service): Draft {
  const notes: string[] = [];
  const levers = draft.levers.flatMap((drafted) => {
    const lever = service.levers.find(({ name }) => name === drafted.name);
    return lever ? judgedLever({ drafted, lever, service }, notes) : [];
  });
  return { ...draft, levers, notes: [...draft.notes, ...notes], pace: paceOf(service) };
}

/** The clock that `validate` prints. */
function paceOf(service: Service): string[] {
  const { withinGoal, recoverSeconds, goalSeconds } = policyClock(service);
  if (withinGoal) return [];
  const minutes = (seconds: number) => `${Math.round(seconds / 6) / 10} min`;
  return [
    question(
      `by its last rung it takes ${minutes(recoverSeconds)}, past the goal of ${minutes(goalSeconds)}: shorter periods, fewer rungs, or another goal?`,
    ),
  ];
}

interface Judging {
  readonly drafted: DraftLever;
  readonly lever: Lever;
  readonly service: Service;
}

function judgedLever(judging: Judging, notes: string[]): DraftLever[] {
  const { drafted, lever } = judging;
  if (lever.kind === 'flag' || lever.kind === 'alias') return [drafted];
  const [moving, complete] = [sticking(judging, 'under-way'), sticking(judging, 'complete')];
  if ('objection' in moving && 'objection' in complete) {
    notes.push(`left out: ${lever.kind} "${targetOf(lever)}": ${moving.objection}`);
    return [];
  }
  // Its owner's lever is pulled in its place whenever it is asked for, and stands in the file by itself.
  if (isOther(moving, lever) && isOther(complete, lever)) return [];
  return [{ ...drafted, remarks: [ownerRemark(judging, complete), ...drafted.remarks] }];
}

/** As plan-rollback will choose, of a baseline that knows every target. */
function sticking({ drafted, lever, service }: Judging, progress: Observation['progress']): Sticking {
  const release: Release = Object.fromEntries(service.levers.map((one) => [targetOf(one), { value: null }]));
  return stickingLever({ service, lever, release }, { owner: drafted.owner, progress });
}

const isOther = (chosen: Sticking, { name }: Lever): boolean =>
  'lever' in chosen && chosen.lever.name !== name;

function ownerRemark({ drafted: { owner }, lever }: Judging, complete: Sticking): string {
  if (!owner) return 'owner: nobody but those who apply it';
  if (!('lever' in complete)) return `owner: ${ownerWords(owner)}`;
  const settles = `${ownerWords(owner)}; lever "${complete.lever.name}" settles it, and is what sticks once an update is complete`;
  return `owner: ${isOther(complete, lever) ? settles : ownerWords(owner)}`;
}

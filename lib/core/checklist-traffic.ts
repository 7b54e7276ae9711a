import { type Checked, type CheckFacts, notApplicable, notProven, proven } from './checked.ts';
import { say, tookEffect } from './step.ts';
import { type ServedReading, sharesText } from './traffic.ts';

/** Kinds of targets that users are served by; the others are what those follow. */
const SERVING = ['alias', 'rollout', 'deployment', 'helm', 'git'];

const kindOf = (target: string): string => target.split(':')[0] ?? '';
const isServing = (target: string): boolean => SERVING.includes(kindOf(target));

/** As measured: requests by version where they are counted, else what each instance says that it serves. */
export function trafficItem(facts: CheckFacts): Checked {
  const left = leftAsItWas(facts);
  if (left) return notProven(left);
  const readings = lastReadings(facts);
  const doubtful = readings.find((reading) => !reading.good || countOf(reading) === 0);
  if (doubtful) return notProven(doubtful.problem ?? `${doubtful.target}: ${servedText(doubtful)}`);
  const unread = movedBy(facts).filter((target) => !readings.some((r) => r.target === target));
  if (unread.length > 0) return notProven(`What is served was not read of ${unread.join(', ')}`);
  if (readings.length === 0)
    return notApplicable('Only flags were moved: no version had to lose its traffic');
  return proven(readings.map((r) => `${r.target}: ${servedText(r)}`).join('; '));
}

/** The latest reading of each target that serves users. */
function lastReadings({ verdicts }: CheckFacts): ServedReading[] {
  const all = verdicts.flatMap(({ served }) => served).filter(({ target }) => isServing(target));
  return [...new Map(all.map((reading) => [reading.target, reading])).values()];
}

const movedBy = ({ receipts }: CheckFacts): string[] => [
  ...new Set(
    receipts
      .filter((r) => r.phase === 'apply' && tookEffect(r) && isServing(r.target))
      .map(({ target }) => target),
  ),
];

/** A bad version that no step took away serves on, though all signals may be well; so may one that nobody saw. */
function leftAsItWas(facts: CheckFacts): string | undefined {
  const { plan, receipts } = facts;
  const moved = new Set(receipts.filter(tookEffect).map(({ target }) => target));
  const isLeft = (target: string) => isServing(target) && !moved.has(target) && !follows(facts, target);
  const left = plan?.differences.find(({ target }) => isLeft(target));
  if (left)
    return `${left.target} still held ${say(left.now.value)}, the baseline has ${say(left.baseline.value)}`;
  const unseen = plan?.unseen?.find(isLeft);
  return unseen && `What ${unseen} held could not be read, and no step moved it`;
}

/** What a target may follow without a step of its own; a chart or a branch of which a Rollout is ahead serves nobody. */
const LEADERS: Readonly<Record<string, readonly string[]>> = {
  rollout: ['helm', 'git'],
  deployment: ['helm', 'git'],
  helm: ['git', 'rollout'],
  git: ['helm', 'rollout'],
};

/** Not where its own lever was pulled in vain: nobody knows then whom it follows. */
function follows(facts: CheckFacts, target: string): boolean {
  const tried = facts.receipts.some((r) => r.phase === 'apply' && r.target === target);
  return !tried && movedBy(facts).some((moved) => LEADERS[kindOf(target)]?.includes(kindOf(moved)));
}

const countOf = ({ values, shares }: ServedReading): number =>
  values.length + Object.keys(shares?.requests ?? {}).length;

function servedText({ values, expected, shares }: ServedReading): string {
  if (shares) return sharesText(shares);
  const seen = [...new Set(values)].map(say).join(', ');
  if (values.length === 0) return `nothing could be read, expected ${say(expected)}`;
  return values.length > 1 ? `all ${values.length} instances serve ${seen}` : `serves ${seen}`;
}

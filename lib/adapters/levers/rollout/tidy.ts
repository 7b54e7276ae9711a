import { tidyPatch } from './patches.ts';
import { type RolloutPlace, type Seen, seen } from './read.ts';
import { patchSpec } from './write.ts';

/** The controller writes at the same time, which moves the entries: three looks. */
const LOOKS = 3;

/**
 * Removes what is left of us in `managedFields`, where it would stand in the way of the next apply. Traffic is well by
 * now: what three looks do not remove stays until the next act.
 */
export async function tidy(place: RolloutPlace, found: Seen, looks = LOOKS): Promise<void> {
  const { rollout, workload } = found;
  const ofRollout = tidyPatch(rollout);
  const ofWorkload = workload && tidyPatch(workload);
  const answers = [
    ofRollout && (await patchSpec(place, ofRollout)),
    ofWorkload && (await patchSpec(place, ofWorkload, workload)),
  ];
  const isRefused = answers.some((answer) => answer && answer.status !== 200);
  if (isRefused && looks > 1) await tidy(place, await seen(place), looks - 1);
}

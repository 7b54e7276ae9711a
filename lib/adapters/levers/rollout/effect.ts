import { OutsideTrouble, StepStillRunning } from '../../../core/errors.ts';
import type { Verb } from './choose.ts';
import { LOOK_EVERY_MS, named, quoted, type RolloutPlace, SEEN_WITHIN_MS, type Seen, seen } from './read.ts';
import { hashHeld } from './standing.ts';

interface Asked {
  readonly verb: Verb;
  readonly to: string;
}

/** A controller that runs begins in a tenth of a second; with `dynamicStableScale` it goes as pods become ready. */
const BEGINS_WITHIN_MS = 5000;
const ENDS_WITHIN_MS = 12_000;
const TEMPLATE_WITHIN_MS = 8000;
/** The active Service is switched before the abort is written down: what has not moved by then waits for its pods. */
const STUCK_AFTER_MS = 1000;

/**
 * Waits until what was asked is seen, or somebody asked for something else. The answer to a patch proves nothing: a
 * controller that is down leaves it at that (F31).
 * @throws OutsideTrouble; StepStillRunning while its controller is at it: with `dynamicStableScale` pods start first
 */
export async function effectOf(place: RolloutPlace, before: Seen, asked: Asked): Promise<void> {
  const { clock } = place;
  const startedAt = clock.now();
  for (;;) {
    const now = await seen(place, longestLook(asked.verb, startedAt + ENDS_WITHIN_MS - clock.now()));
    if (hasEffect(before, now, asked)) return;
    const isLast = clock.now() - startedAt + LOOK_EVERY_MS > limitFor(now);
    if (isLast && now.standing.stuck) return;
    if (isLast) throw isBeingDone(now, asked) ? goingOn(place, now, asked) : unseen(place, now, asked);
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** Only a new template is news to the controller, for which it may have to make a ReplicaSet. */
const longestLook = (verb: Verb, leftMs: number): number =>
  verb === 'template' ? TEMPLATE_WITHIN_MS : Math.min(SEEN_WITHIN_MS, leftMs);

function limitFor(now: Seen): number {
  if (now.standing.stuck) return STUCK_AFTER_MS;
  return hasBegun(now) ? ENDS_WITHIN_MS : BEGINS_WITHIN_MS;
}

function hasEffect({ standing: before }: Seen, { standing: now }: Seen, { verb, to }: Asked): boolean {
  const isOther = now.current !== before.current || now.stable !== before.stable;
  return isOther || (verb !== 'template' && hashHeld(now, to) === to);
}

const hasBegun = ({ rollout: { status }, standing }: Seen): boolean =>
  status.abortedAt !== undefined || standing.leaving !== undefined;

/** A promotion is no such thing: an abort before it may have left its time in the status. */
const isBeingDone = (now: Seen, { verb }: Asked): boolean =>
  (verb === 'abort' || verb === 'wait') && hasBegun(now);

function goingOn(place: RolloutPlace, now: Seen, { verb }: Asked): StepStillRunning {
  const what = `its controller has begun the ${NOUNS[verb]} and not ended it`;
  const text = `Cannot tell yet that ${named(place.lever)} has moved: ${what}; ${saidBy(now)}`;
  return new StepStillRunning(text, place.clock.now());
}

function unseen({ lever }: RolloutPlace, now: Seen, { verb }: Asked): OutsideTrouble {
  const running = hasBegun(now) ? '' : ' (is it running?)';
  const what = `its controller has not carried out the ${NOUNS[verb]} in time${running}`;
  return new OutsideTrouble(`Cannot move ${named(lever)}: ${what}; ${saidBy(now)}`);
}

function saidBy({ rollout: { status } }: Seen): string {
  const weight = status.canary?.weights?.canary.weight;
  const router = weight === undefined ? '' : `; the router gives ${weight} to the newest pods`;
  return `it says ${quoted(status.message ?? 'nothing')}${router}`;
}

const NOUNS = { abort: 'abort', promote: 'promotion', template: 'change of template', wait: 'last change' };

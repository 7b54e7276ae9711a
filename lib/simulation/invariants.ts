/** I1-I11, and what design.md promises beside them: what must hold after every step of every run, in one place. */
import { fencedOff, leavesOthersAlone, onceOnly, oneActs, onlyInActMode } from './invariants/acting.ts';
import { runsWhatWasRead } from './invariants/as-read.ts';
import { begunRightly } from './invariants/begun.ts';
import { branchIsGood, branchWasGood } from './invariants/branch-kept.ts';
import { leavesSpecToGit, onlyGrows } from './invariants/branches.ts';
import { everyAlarmEnds } from './invariants/ending.ts';
import { leavesOthersWork } from './invariants/others-work.ts';
import { provenByFreshDatapoints } from './invariants/proof.ts';
import { noNeedlessRevision } from './invariants/releases.ts';
import { freedEverybody, onlyGoodIsAsked, templateIsGood } from './invariants/rollouts.ts';
import {
  cascadeIsCapped,
  everyAlarmJudged,
  noAlarmIsRefusedWithAnAim,
  oneIncidentPerTransition,
  receiptsAreTrue,
  removedIsQuarantined,
  settleIsNeverSkipped,
  unsettledIsTold,
} from './invariants/rules.ts';
import { onlyBaseline, staysQuarantined } from './invariants/values.ts';
import { appendOnly, noSecret } from './invariants/written.ts';
import type { Past, Step } from './witness.ts';

export interface Invariant {
  readonly id: string;
  readonly words: string;
  /** After every step: sentences about what is wrong with it. */
  readonly step?: (step: Step) => readonly string[];
  /** After the last. */
  readonly end?: () => readonly string[];
}

/** Invariants of one run; they keep what they need to know of its past. */
export const invariantsOf = (past: Past): readonly Invariant[] => [
  ...clusterInvariants(past),
  ...gitInvariants(past),
  { id: 'I1', words: 'never more than one acting execution per service', step: oneActs(past) },
  { id: 'I2', words: 'each effect applied at most once per incident', step: onceOnly() },
  {
    id: 'I3',
    words: 'what is put back equals the armed baseline, never the bad one',
    step: onlyBaseline(past),
  },
  {
    id: 'I4',
    words: 'no write after the fence is lost; what was in flight has ended',
    step: fencedOff(past),
  },
  {
    id: 'I5',
    words: 'every accepted alarm ends, or pages within deadline + 120 s',
    end: everyAlarmEnds(past),
  },
  { id: 'I6', words: 'recovered only on fresh datapoints', step: provenByFreshDatapoints(past) },
  { id: 'I7', words: 'no act in observe or off', step: onlyInActMode },
  { id: 'I8', words: 'receipts are append-only and ordered', step: appendOnly(past) },
  { id: 'I9', words: 'no secret in any output', end: noSecret(past) },
  { id: 'I10', words: 'a bad version stays quarantined', step: staysQuarantined(past) },
  { id: 'I11', words: 'unaffected services are untouched', step: leavesOthersAlone },
  {
    id: 'begun',
    words:
      'no act in a dry run, without a hold, past the deadline, without approval, or up the ladder in doubt',
    step: begunRightly(past),
  },
  {
    id: 'digest',
    words: 'a plan that was asked for by its digest is the one that runs',
    step: runsWhatWasRead(past),
  },
  { id: 'cascade', words: 'at most two acting incidents of a service in a day', step: cascadeIsCapped() },
  { id: 'dedupe', words: 'one transition of an alarm is in one incident', step: oneIncidentPerTransition() },
  { id: 'attach', words: 'an alarm that joined is judged before it closes', step: everyAlarmJudged(past) },
  {
    id: 'attach',
    words: 'no alarm is refused with what a person asked for',
    step: noAlarmIsRefusedWithAnAim(past),
  },
  { id: 'truth', words: 'a receipt says what was seen', step: receiptsAreTrue },
  {
    id: 'others',
    words: 'what somebody else put there since the plan is left alone',
    step: leavesOthersWork(past),
  },
  {
    id: 'quarantine',
    words: 'what was removed and proven bad is quarantined',
    end: removedIsQuarantined(past),
  },
  {
    id: 'settle',
    words: 'what took effect is made to stick',
    step: settleIsNeverSkipped(past),
    end: unsettledIsTold(past),
  },
];

/** The same of Rollouts and Helm releases, whose targets are moved in more than one way. */
const clusterInvariants = (past: Past): readonly Invariant[] => [
  { id: 'I2', words: 'no revision is added where what is wanted is live', step: noNeedlessRevision(past) },
  { id: 'I3', words: "no hash is asked for but the baseline's", step: onlyGoodIsAsked(past) },
  { id: 'I6', words: 'recovered with 0 % bad', step: freedEverybody(past) },
  { id: 'settle', words: 'the template is the good one too', ...templateIsGood(past) },
];

/** The same of branches, and of what Argo CD puts from them. */
const gitInvariants = (past: Past): readonly Invariant[] => [
  {
    id: 'branch',
    words: "no force, nothing but the service's paths, no commit for nothing",
    step: onlyGrows(past),
  },
  { id: 'branch', words: 'no template is patched that Argo CD owns', step: leavesSpecToGit(past) },
  { id: 'I6', words: 'recovered while the branch holds the good content', step: branchWasGood(past) },
  { id: 'settle', words: 'the branch holds the good content, or people know', ...branchIsGood(past) },
];

/** What may happen to a service with a git lever. */
import {
  appOfApps,
  argoIsDeaf,
  argoIsDown,
  editNotes,
  hostIsDown,
  noAutoSync,
  noSelfHeal,
  protect,
  pushBeside,
  pushOwn,
  revertByHand,
  shipBy,
  syncsFail,
  updater,
} from './git-others.ts';
import type { Twist } from './twists.ts';

const TURNS: readonly Omit<Twist, 'on'>[] = [
  { name: 'releases are merges (F40)', odds: 0.1, early: true, happens: shipBy('merge') },
  { name: 'releases change notes as well', odds: 0.15, early: true, happens: shipBy('beside') },
  { name: 'releases change another service as well', odds: 0.1, early: true, happens: shipBy('shared') },
  { name: 'another service ships from the branch (F39)', odds: 0.2, happens: pushBeside },
  { name: 'somebody edits the notes (F40)', odds: 0.15, happens: editNotes },
  { name: 'a person reverts in Git (F40)', odds: 0.08, happens: revertByHand },
  { name: 'a person pushes to the paths', odds: 0.06, happens: pushOwn },
  { name: 'the branch is protected', odds: 0.07, early: true, happens: protect(false) },
  { name: 'no push is taken', odds: 0.02, early: true, happens: protect(true) },
  { name: 'the Git host is down (F42)', odds: 0.08, happens: hostIsDown },
  { name: 'Argo CD is down', odds: 0.05, happens: argoIsDown },
  { name: 'refreshes of Argo CD get lost', odds: 0.05, happens: argoIsDeaf },
  { name: 'syncs fail', odds: 0.04, happens: syncsFail },
  { name: 'auto-sync is off', odds: 0.05, early: true, happens: noAutoSync },
  { name: 'a person turns auto-sync off', odds: 0.03, happens: noAutoSync },
  { name: 'selfHeal is off', odds: 0.1, early: true, happens: noSelfHeal },
  { name: 'an app of apps owns the Application', odds: 0.08, early: true, happens: appOfApps },
  { name: 'an updater ships the bad version again in 5 s (F43)', odds: 0.06, happens: updater },
];

export const GIT_TWISTS: readonly Twist[] = TURNS.map((turn) => ({ ...turn, on: 'git' }));

/** What may happen to a service with levers on a cluster. */
import type { LeverKind } from '../core/service.ts';
import {
  abort,
  breakGoodPods,
  deleteDeployment,
  deleteRollout,
  forgetGood,
  jobDies,
  promote,
  relaunch,
  rollBackBlindly,
  setImage,
  upgradeByJob,
} from './cluster-others.ts';
import type { Environment } from './environment.ts';
import type { Twist } from './twists.ts';

const MINUTE = 60_000;

const on = (kind: LeverKind, twists: readonly Omit<Twist, 'on'>[]): Twist[] =>
  twists.map((twist) => ({ ...twist, on: kind }));

export const CLUSTER_TWISTS: readonly Twist[] = [
  ...on('rollout', [
    {
      name: 'the Rollouts controller is down (F31)',
      odds: 0.08,
      happens: ({ controllers, chance, scheduler }) => {
        const now = scheduler.clock.now();
        const ms = chance.between(`controller down at ${now}`, 3000, 6 * MINUTE);
        controllers.downUntil = Math.max(controllers.downUntil, now + ms);
      },
    },
    { name: 'a person promotes the bad canary in full (F30)', odds: 0.1, happens: promote },
    { name: 'a person aborts the canary', odds: 0.06, happens: abort },
    { name: 'a person starts an aborted canary again', odds: 0.05, happens: relaunch },
    { name: 'a person sets an image past Helm', odds: 0.08, early: true, happens: setImage },
    { name: 'the good ReplicaSet is gone', odds: 0.04, happens: forgetGood('rollout') },
    { name: 'the Rollout is deleted (F32)', odds: 0.02, happens: deleteRollout },
    { name: 'kubernetes is down', odds: 0.06, happens: kubernetesIsDown },
  ]),
  ...on('deployment', [
    { name: 'the good ReplicaSet of a Deployment is gone', odds: 0.04, happens: forgetGood('deployment') },
    { name: 'the Deployment is deleted (F32)', odds: 0.02, happens: deleteDeployment },
    { name: 'kubernetes is down beside a Deployment', odds: 0.06, happens: kubernetesIsDown },
  ]),
  ...on('helm', [
    { name: 'a CI job upgrades the release (F33)', odds: 0.08, happens: upgradeByJob },
    { name: 'a CI job dies in an upgrade (F33)', odds: 0.06, happens: jobDies },
    { name: 'a person rolls back without a revision', odds: 0.04, happens: rollBackBlindly },
    { name: 'the target revision is pruned (F35)', odds: 0.05, happens: forgetGood('helm') },
    { name: 'pods of the good release do not start (F37)', odds: 0.03, happens: breakGoodPods },
  ]),
];

function kubernetesIsDown({ scheduler, down, chance }: Environment): void {
  const now = scheduler.clock.now();
  const ms = chance.between(`kubernetes down at ${now} for`, 5000, 6 * MINUTE);
  down.set('kubernetes', Math.max(down.get('kubernetes') ?? 0, now + ms));
}

import type {
  AliasLever,
  ArmedService,
  DeploymentLever,
  GitLever,
  HelmLever,
  Lever,
  RolloutLever,
} from './service.ts';
import type { Observation } from './step.ts';

/** What is to be put where; `found` is how far a Rollout was seen to be, `put-back`: the good template is the newest again. */
export interface Put {
  readonly lever: Lever;
  readonly to: string | null;
  /** @default - an update is under way */
  readonly found?: Observation['progress'] | 'put-back' | undefined;
}

/** What a person would type to do what a step does: shown in plan, page and report, never run. */
export const manualStep = (armed: ArmedService, { lever, to, found }: Put): string =>
  lever.kind === 'rollout' && lever.part === 'traffic'
    ? moveTraffic(lever, to, found)
    : manualCommand(armed, lever, to);

/** The same, where nothing was seen of the target. */
export function manualCommand(armed: ArmedService, lever: Lever, to: string | null): string {
  switch (lever.kind) {
    case 'flag':
      return putParameter(lever.parameter, to);
    case 'alias':
      return moveAlias(armed, lever, to);
    case 'rollout':
      return lever.part === 'spec' ? undo(lever, to) : moveTraffic(lever, to, undefined);
    case 'deployment':
      return undoDeployment(lever, to);
    case 'helm':
      return rollBack(lever, to);
    case 'git':
      return returnPaths(lever, to);
  }
}

// Without its type a parameter that is gone cannot be put back (F20).
const putParameter = (name: string, value: string | null): string =>
  `aws ssm put-parameter --name ${quoted(name)} --type String --value ${quoted(value ?? '')} --overwrite`;

function moveAlias(armed: ArmedService, lever: AliasLever, to: string | null): string {
  const url = `${armed.mlflow?.url ?? ''}/api/2.0/mlflow/registered-models/alias`;
  const body = JSON.stringify({ name: lever.model, alias: lever.alias, ...(to !== null && { version: to }) });
  // The names under which MLflow's own client looks for them.
  const signIn = armed.mlflow?.secret ? ' -u "$MLFLOW_TRACKING_USERNAME:$MLFLOW_TRACKING_PASSWORD"' : '';
  const move = `curl${signIn} -X ${to === null ? 'DELETE' : 'POST'} ${quoted(url)} -H 'Content-Type: application/json' -d ${quoted(body)}`;
  return lever.reload === undefined ? move : `${move} && ${reload(lever.reload)}`;
}

/** Of a Rollout never by an annotation of its template, as `kubectl rollout restart` has it: that begins a canary. */
function reload(how: NonNullable<AliasLever['reload']>): string {
  if (typeof how === 'string') return `curl -X POST ${quoted(how)}`;
  const { kind, namespace, name } = how;
  return kind === 'rollout'
    ? `kubectl argo rollouts -n ${quoted(namespace)} restart ${quoted(name)}`
    : `kubectl -n ${quoted(namespace)} rollout restart ${quoted(`deployment/${name}`)}`;
}

/** An abort after the last step does nothing (F30), and one of the good template would put the bad one back. */
function moveTraffic(lever: RolloutLever, to: string | null, found: Put['found']): string {
  if (found === 'put-back') return promote(lever);
  // Until the controller has seen the template there is nothing to promote.
  return found === 'complete' ? `${undo(lever, to)} && sleep 5 && ${promote(lever)}` : abort(lever);
}

const promote = ({ namespace, rollout }: RolloutLever): string =>
  `kubectl argo rollouts -n ${quoted(namespace)} promote ${quoted(rollout)} --full`;

/** Without clearing `promoteFull` the controller ignores an abort (argo-rollouts issue 4461). */
const abort = ({ namespace, rollout }: RolloutLever): string =>
  `kubectl -n ${quoted(namespace)} patch rollout ${quoted(rollout)} --subresource status --type merge -p '{"status":{"abort":true,"promoteFull":false}}'`;

/** Its own default is the second newest, which may be the other bad one: the revision is named. */
const undo = ({ namespace, rollout }: RolloutLever, to: string | null): string =>
  `kubectl -n ${quoted(namespace)} get rs -l rollouts-pod-template-hash=${quoted(to ?? '')} -o jsonpath='{.items[0].metadata.annotations.rollout\\.argoproj\\.io/revision}' | xargs -I{} kubectl argo rollouts -n ${quoted(namespace)} undo ${quoted(rollout)} --to-revision={}`;

/** Of a Deployment: the revision of that ReplicaSet, which is another number each time it comes back. */
const undoDeployment = ({ namespace, deployment }: DeploymentLever, to: string | null): string =>
  `kubectl -n ${quoted(namespace)} get rs -l pod-template-hash=${quoted(to ?? '')} -o jsonpath='{.items[0].metadata.annotations.deployment\\.kubernetes\\.io/revision}' | xargs -I{} kubectl -n ${quoted(namespace)} rollout undo ${quoted(`deployment/${deployment}`)} --to-revision={}`;

/** Applied on the server's side, fields that the Rollouts controller wrote would be conflicts. */
const rollBack = ({ namespace, release }: HelmLever, to: string | null): string =>
  `helm rollback ${quoted(release)} ${quoted(to ?? '')} -n ${quoted(namespace)} --history-max 0 --server-side=false`;

/** Not `git revert`: which commits are bad is seen when the branch is read, and this leaves the same content. */
const returnPaths = ({ branch, paths }: GitLever, to: string | null): string => {
  const ref = quoted(`origin/${branch}`);
  const own = paths.map(quoted).join(' ');
  const restore = `git restore --source ${quoted(to ?? '')} --staged --worktree -- ${own}`;
  const commit = `git commit -m ${quoted(`Return ${paths.join(', ')} to ${(to ?? '').slice(0, 7)}`)}`;
  return `git fetch origin && git switch --detach ${ref} && ${restore} && ${commit} && git push origin ${quoted(`HEAD:refs/heads/${branch}`)}`;
};

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

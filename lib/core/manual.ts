import type { ArmedService, Lever } from './service.ts';

/** What a person would type to do what a step does: shown in plan, page and report, never run. */
export function manualCommand(armed: ArmedService, lever: Lever, to: string | null): string {
  return lever.kind === 'flag' ? putParameter(lever.parameter, to) : moveAlias(armed, lever, to);
}

// Without its type a parameter that is gone cannot be put back (F20).
const putParameter = (name: string, value: string | null): string =>
  `aws ssm put-parameter --name ${quoted(name)} --type String --value ${quoted(value ?? '')} --overwrite`;

function moveAlias(armed: ArmedService, lever: Lever & { kind: 'alias' }, to: string | null): string {
  const url = `${armed.mlflow?.url ?? ''}/api/2.0/mlflow/registered-models/alias`;
  const body = JSON.stringify({ name: lever.model, alias: lever.alias, ...(to !== null && { version: to }) });
  // The names under which MLflow's own client looks for them.
  const signIn = armed.mlflow?.secret ? ' -u "$MLFLOW_TRACKING_USERNAME:$MLFLOW_TRACKING_PASSWORD"' : '';
  const move = `curl${signIn} -X ${to === null ? 'DELETE' : 'POST'} ${quoted(url)} -H 'Content-Type: application/json' -d ${quoted(body)}`;
  return lever.reload ? `${move} && curl -X POST ${quoted(lever.reload)}` : move;
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

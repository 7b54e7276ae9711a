/** Every call of every twin, as `<system>.<Operation>`: what trouble is made at. */
export type Operation =
  | 'dynamodb.GetItem'
  | 'dynamodb.Query'
  | 'dynamodb.TransactWriteItems'
  | 'ssm.GetParameter'
  | 'ssm.PutParameter'
  | 'mlflow.GetAlias'
  | 'mlflow.SetAlias'
  | 'mlflow.DeleteAlias'
  | 'mlflow.GetVersion'
  | 'mlflow.SetTag'
  | 'eks.DescribeCluster'
  | 'kubernetes.GetRollout'
  | 'kubernetes.PatchRollout'
  | 'kubernetes.GetDeployment'
  | 'kubernetes.PatchDeployment'
  | 'kubernetes.ListSecrets'
  | 'kubernetes.GetWorkload'
  | 'kubernetes.PatchWorkload'
  | 'kubernetes.ListPods'
  | 'kubernetes.AskPod'
  | 'helm.Rollback'
  | 'git.ListRefs'
  | 'git.Fetch'
  | 'git.Push'
  | 'git.OpenRequest'
  | 'argocd.GetApplication'
  | 'argocd.PatchApplication'
  | 'service.Reload'
  | 'service.Served'
  | 'cloudwatch.GetMetricData'
  | 'cloudwatch.DescribeAlarms'
  | 'cloudwatch.PutMetricData'
  | 'cloudwatch.PutMetricAlarm'
  | 'states.DescribeExecution'
  | 'states.StartExecution'
  | 'sns.Publish'
  | 'slack.PostMessage'
  | 'pagerduty.Enqueue'
  | 'pagerduty.ListIncidents'
  | 's3.PutObject';

export interface Failure {
  /** How many calls fail. @default 1 */
  readonly times?: number;
  /** `lost`: the call takes effect, only its answer does not come. @default before */
  readonly when?: 'before' | 'lost';
}

/** Trouble with the outside, the same way for every twin. */
export interface Trouble {
  /** The next calls of this operation throw this error. */
  failNext(operation: Operation, error: Error, failure?: Failure): void;
  /** Runs once, just before the next call of this operation: somebody else was quicker. */
  interleave(operation: Operation, what: () => void | Promise<void>): void;
  /** Runs before every call: latency, chance, crashes of a simulation. */
  onCall: ((operation: Operation) => void | Promise<void>) | undefined;
  /** How often each operation was called. */
  readonly calls: Map<Operation, number>;
  /** What the twins put around each call. */
  during<T>(operation: Operation, effect: () => T): Promise<T>;
}

type Planned = { error: Error; left: number; when: 'before' | 'lost' };

export function noTrouble(): Trouble {
  const failures = new Map<Operation, Planned>();
  const interleaved = new Map<Operation, (() => void | Promise<void>)[]>();
  const trouble: Trouble = {
    onCall: undefined,
    calls: new Map(),
    failNext: (operation, error, { times = 1, when = 'before' } = {}) => {
      failures.set(operation, { error, left: times, when });
    },
    interleave: (operation, what) => {
      interleaved.set(operation, [...(interleaved.get(operation) ?? []), what]);
    },
    during: async (operation, effect) => {
      trouble.calls.set(operation, (trouble.calls.get(operation) ?? 0) + 1);
      await trouble.onCall?.(operation);
      await interleaved.get(operation)?.shift()?.();
      const failure = due(failures, operation);
      if (failure?.when === 'before') throw failure.error;
      const answer = effect();
      if (failure) throw failure.error;
      return answer;
    },
  };
  return trouble;
}

function due(failures: Map<Operation, Planned>, operation: Operation): Planned | undefined {
  const failure = failures.get(operation);
  if (!failure || failure.left <= 0) return undefined;
  failure.left -= 1;
  return failure;
}

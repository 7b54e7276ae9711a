export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted' | 'unknown';

/** Executions of the incident state machine. */
export interface Executions {
  status(arn: string): Promise<ExecutionStatus>;
  /** Starts one under a name of its own; a name that is taken already is a success (`duplicate`). */
  start(name: string, input: unknown): Promise<'started' | 'duplicate'>;
}

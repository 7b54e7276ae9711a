import type {
  ClusterPlace,
  FoundAlarm,
  FoundApplication,
  FoundModel,
  FoundParameter,
  FoundRelease,
  FoundWorkload,
  Listed,
} from '../core/estate.ts';

/**
 * Looks at what stands before a service is described. It reads only, page after page up to a bound; values of
 * parameters and of Secrets stay where they are. Each answer stands by itself: one that cannot be had says why.
 * @throws OutsideTrouble, OutsideRefusal, BadInput
 */
export interface EstateReader {
  /** Metric alarms and composite ones. @param prefix of their names */
  alarms(prefix: string | undefined): Promise<Listed<FoundAlarm>>;
  /** All below a path such as `/shop`. */
  parameters(path: string): Promise<Listed<FoundParameter>>;
  /** All registered models. */
  models(): Promise<Listed<FoundModel>>;
  /** Rollouts and Deployments; a cluster that does not know Rollouts has none. */
  workloads(place: ClusterPlace): Promise<Listed<FoundWorkload>>;
  releases(place: ClusterPlace): Promise<Listed<FoundRelease>>;
  /** Of the whole cluster; where that is not allowed, those of namespace `argocd`. */
  applications(cluster: string): Promise<Listed<FoundApplication>>;
}

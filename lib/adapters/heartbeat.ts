import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Heartbeat } from '../ports/heartbeat.ts';
import { asking } from './aws-errors.ts';

/** Where the sweeper's sign of life is; its alarm names the same. */
export const HEARTBEAT = {
  namespace: 'Reinstate',
  metric: 'SweeperHeartbeat',
  dimension: 'Environment',
} as const;

export interface HeartbeatDeps {
  readonly client: CloudWatchClient;
  readonly environment: string;
}

export const cloudwatchHeartbeat = ({ client, environment }: HeartbeatDeps): Heartbeat => ({
  beat: async () => {
    const Dimensions = [{ Name: HEARTBEAT.dimension, Value: environment }];
    const command = new PutMetricDataCommand({
      Namespace: HEARTBEAT.namespace,
      MetricData: [{ MetricName: HEARTBEAT.metric, Dimensions, Value: 1, Unit: 'Count' }],
    });
    await asking("publish the sweeper's heartbeat", () => client.send(command));
  },
});

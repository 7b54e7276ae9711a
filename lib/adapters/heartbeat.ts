import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ENVIRONMENT_DIMENSION, HEARTBEAT_METRIC, NAMESPACE } from '../core/metrics.ts';
import type { Heartbeat } from '../ports/heartbeat.ts';
import { asking } from './aws-errors.ts';

export interface HeartbeatDeps {
  readonly client: CloudWatchClient;
  readonly environment: string;
}

export const cloudwatchHeartbeat = ({ client, environment }: HeartbeatDeps): Heartbeat => ({
  beat: async () => {
    const Dimensions = [{ Name: ENVIRONMENT_DIMENSION, Value: environment }];
    const command = new PutMetricDataCommand({
      Namespace: NAMESPACE,
      MetricData: [{ MetricName: HEARTBEAT_METRIC, Dimensions, Value: 1, Unit: 'Count' }],
    });
    await asking("publish the sweeper's heartbeat", () => client.send(command));
  },
});

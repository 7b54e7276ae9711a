import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Environment } from '../core/environment.ts';
import type { Service } from '../core/service.ts';
import { healthRows, type Plumbing } from './dashboard-health.ts';
import { type Board, incidentRows } from './dashboard-incidents.ts';
import { metricsOf } from './own-metrics.ts';

export interface DashboardProps extends Plumbing {
  readonly environment: Environment;
  readonly services: readonly Service[];
}

/** What CloudWatch shows when it is opened. */
const SHOWN = cdk.Duration.days(28);

/** One page of an environment: how incidents end and how long they take, what stands now, and whether we are well. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { environment, services } = props;
    const board: Board = { environment: environment.name, services, metric: metricsOf(environment.name) };
    const dashboard = new cloudwatch.Dashboard(this, 'Page', {
      dashboardName: dashboardName(environment.name),
      defaultInterval: SHOWN,
    });
    for (const row of [...incidentRows(board), ...healthRows(props)]) dashboard.addWidgets(...row);
  }
}

const dashboardName = (environment: string): string => `reinstate-${environment}`;

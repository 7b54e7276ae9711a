import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { armedWith, type Environment } from '../../core/environment.ts';
import type { ArmedService } from '../../core/service.ts';
import type { EstateReader } from '../../ports/estate-reader.ts';
import { perCluster } from '../kubernetes/clients.ts';
import { bearerFor, type ClusterDeps, placeOf } from '../kubernetes/cluster.ts';
import { wireTo } from '../kubernetes/wire.ts';
import { type MlflowDeps, mlflowServer } from '../levers/mlflow.ts';
import { listAlarms } from './alarms.ts';
import { listApplications } from './applications.ts';
import { type Lister, listerOf } from './cluster-lister.ts';
import { listModels } from './models.ts';
import { listParameters } from './parameters.ts';
import { listReleases, listWorkloads } from './workloads.ts';

export interface EstateDeps extends ClusterDeps, MlflowDeps {
  readonly environment: Environment;
  readonly cloudwatch: CloudWatchClient;
  readonly ssm: SSMClient;
  readonly eks: EKSClient;
}

/** The estate of an environment, with the credentials of whoever asks. */
export function estateReader(deps: EstateDeps): EstateReader {
  const { environment } = deps;
  const armed = nothingArmed(environment);
  const listers = perCluster(async (name): Promise<Lister> => {
    const place = await placeOf(armed, name, deps.eks);
    const bearer = bearerFor(place.auth, deps);
    return listerOf(name, { ...deps, wire: wireTo(place.endpoint, place.ca), bearer });
  });
  return {
    alarms: (prefix) => listAlarms(deps.cloudwatch, environment, prefix),
    parameters: (path) => listParameters(deps.ssm, environment, path),
    models: async () => listModels(mlflowServer(armed, deps)),
    workloads: async (place) => listWorkloads(await listers(place), place),
    releases: async (place) => listReleases(await listers(place), place),
    applications: async (cluster) => listApplications(await listers({ cluster }), cluster),
  };
}

/** What adapters need to know of an environment, before a service of it is armed. */
const nothingArmed = (environment: Environment): ArmedService => ({
  ...armedWith(environment),
  alarms: [],
  service: {
    name: 'none',
    signals: [],
    levers: [],
    runbook: { goalSeconds: environment.goalSeconds, call: [], preApproved: [] },
    policy: { when: [], do: [], verify: [] },
  },
});

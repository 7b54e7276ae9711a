/** The lever of a plain Deployment on a cluster: the contract, as its twin in memory keeps it. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { describeDeploymentLever } from '../contracts/deployment-lever.ts';
import { sceneIn } from './helpers/deployment-scene.ts';
import { type DeploymentCluster, deploymentCluster } from './helpers/deployments.ts';

let cluster: DeploymentCluster;

beforeAll(async () => {
  cluster = await deploymentCluster();
}, 900_000);

afterEach(() => cluster.clear());
afterAll(() => cluster.remove());

describeDeploymentLever('the Deployment on a cluster', () => sceneIn(cluster));

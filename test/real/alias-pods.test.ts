/** An alias whose pods are restarted and read, on a cluster: the contract, as its twin in memory keeps it. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { describeAliasPods, describePausedPods } from '../contracts/alias-pods.ts';
import { type PodsCluster, podsCluster } from './helpers/alias-pods.ts';

let cluster: PodsCluster;

beforeAll(async () => {
  cluster = await podsCluster();
}, 900_000);

afterEach(() => cluster.clear());
afterAll(() => cluster.remove());

describeAliasPods('an alias with a Deployment on a cluster', () => cluster.scene('deployment'));
describeAliasPods('an alias with a Rollout on a cluster', () => cluster.scene('rollout'));
describePausedPods('a Deployment on a cluster', () => cluster.scene('deployment'));

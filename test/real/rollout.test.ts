/** The lever of a Rollout on a cluster: the contract, as its twin in memory keeps it. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { describeRolloutLever } from '../contracts/rollout-lever.ts';
import { sceneIn } from './helpers/rollout-scene.ts';
import { type RolloutCluster, rolloutCluster } from './helpers/rollouts.ts';

let cluster: RolloutCluster;

beforeAll(async () => {
  cluster = await rolloutCluster();
}, 900_000);

afterEach(() => cluster.clear());
afterAll(() => cluster.remove());

describeRolloutLever('the Rollout on a cluster', () => sceneIn(cluster));

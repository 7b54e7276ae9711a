import { describeAliasPods, describePausedPods } from './alias-pods.ts';
import { podsInMemory } from './alias-pods-hands.ts';

describeAliasPods('an alias with a Deployment in memory', () => podsInMemory('deployment'));
describeAliasPods('an alias with a Rollout in memory', () => podsInMemory('rollout'));
describePausedPods('a Deployment in memory', () => podsInMemory('deployment'));

import { describe } from '@jest/globals';
import { memoryAlarmKeeper } from '../../lib/adapters/memory/alarm-keeper.ts';
import { memoryMarker } from '../../lib/adapters/memory/alias.ts';
import { memoryClock } from '../../lib/adapters/memory/clock.ts';
import { executionArn, memoryExecutions } from '../../lib/adapters/memory/executions.ts';
import { memoryHeartbeat } from '../../lib/adapters/memory/heartbeat.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryLevers } from '../../lib/adapters/memory/levers.ts';
import { memoryNotifier } from '../../lib/adapters/memory/notifier.ts';
import { memoryReports } from '../../lib/adapters/memory/report-store.ts';
import {
  abortByHand,
  controllerOf,
  pauseByHand,
  promoteByHand,
  pushImage,
  rolloutAt,
  sharesOf,
  startRollout,
} from '../../lib/adapters/memory/rollout.ts';
import { memorySettings } from '../../lib/adapters/memory/settings.ts';
import { memorySignals } from '../../lib/adapters/memory/signals.ts';
import {
  memoryWorld,
  moveAlias,
  putParameter,
  registerVersion,
  startServing,
} from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { targetOf } from '../../lib/core/service.ts';
import { aRelease, aRollout } from '../service-builders.ts';
import { againstBaseline, describeAlarmKeeper } from './alarm-keeper.ts';
import { type AliasPlace, describeAliasLever } from './alias-lever.ts';
import { aFlag, anAlias, anArmedService, aSignal } from './armed.ts';
import { aDeploymentInMemory } from './deployment-hands.ts';
import { describeDeploymentLever } from './deployment-lever.ts';
import { describeFlagLever, type FlagPlace } from './flag-lever.ts';
import { aBranchInMemory } from './git-hands.ts';
import { describeGitLever } from './git-lever.ts';
import { handsOn, startWeb } from './helm-hands.ts';
import { describeHelmLever, type HelmPlace } from './helm-lever.ts';
import { describeLedger } from './ledger.ts';
import { describeRolloutLever, type RolloutScene } from './rollout-lever.ts';
import { describeSettings } from './settings.ts';
import { describeSignalReader } from './signal-reader.ts';
import {
  describeClock,
  describeExecutions,
  describeHeartbeat,
  describeNotifier,
  describeReportStore,
} from './small-ports.ts';

const lost = new OutsideTrouble('Cannot reach the other side: the answer was lost');

describeAlarmKeeper('the alarm keeper in memory', async () => {
  const world = memoryWorld();
  const armed = anArmedService([], againstBaseline('auc'));
  for (const { arn } of armed.alarms) world.alarms.set(arn, { state: 'OK', since: 0, windowSeconds: 50 });
  const threshold = async () => world.thresholds.get(armed.alarms[0]?.arn ?? '');
  return { keeper: memoryAlarmKeeper(world), armed, threshold };
});
describeLedger('the ledger in memory', () => memoryLedger(memoryWorld()));
describeFlagLever('the flag in memory', aFlagInMemory);
describeAliasLever('the alias in memory', anAliasInMemory);
describeHelmLever('the release in memory', aReleaseInMemory, { good: 'web:1', bad: 'web:2', other: 'web:x' });
describeRolloutLever('the Rollout in memory', aRolloutInMemory);
describeDeploymentLever('the Deployment in memory', aDeploymentInMemory);
describeGitLever('the branch in memory', aBranchInMemory);
describeClock('virtual time', () => memoryClock(0));

async function aFlagInMemory(): Promise<FlagPlace> {
  const world = memoryWorld();
  const lever = aFlag();
  putParameter(world, lever.parameter, 'true');
  return {
    port: memoryLevers(world).flag(anArmedService([lever])),
    lever,
    put: async (value) => void putParameter(world, lever.parameter, value),
    history: async () => (world.parameters.get(lever.parameter)?.history ?? []).map(({ value }) => value),
    beforeWrite: (what) => world.trouble.interleave('ssm.PutParameter', what),
    loseWrite: () => world.trouble.failNext('ssm.PutParameter', lost, { when: 'lost' }),
    other: async (type) => {
      if (type !== 'missing') world.parameters.set(type, { type, history: [{ value: 'a', at: 0, by: 'x' }] });
      return aFlag({ parameter: type });
    },
  };
}

async function anAliasInMemory(): Promise<AliasPlace> {
  const world = memoryWorld();
  const lever = anAlias();
  const armed = anArmedService([lever]);
  registerVersion(world, lever.model);
  registerVersion(world, lever.model);
  moveAlias(world, 'recommender@champion', '2');
  startServing(world, 'recommender@champion');
  const versions = world.models.get(lever.model)?.versions;
  return {
    port: memoryLevers(world).alias(armed),
    marker: memoryMarker(world),
    armed,
    lever,
    move: async (alias, version) => moveAlias(world, `recommender@${alias}`, version),
    deleteVersion: async (version) => void versions?.delete(version),
    tagsOf: async (version) => Object.fromEntries(versions?.get(version)?.tags ?? []),
    afterWrite: (what) => {
      world.trouble.interleave('mlflow.GetAlias', () => undefined);
      world.trouble.interleave('mlflow.GetAlias', what);
    },
    loseWrite: () => world.trouble.failNext('mlflow.SetAlias', lost, { when: 'lost' }),
    breakTags: () => world.trouble.failNext('mlflow.SetTag', lost, { times: 99 }),
    reloads: () => world.trouble.calls.get('service.Reload') ?? 0,
  };
}

async function aReleaseInMemory(): Promise<HelmPlace> {
  const world = memoryWorld();
  const lever = aRelease();
  const target = targetOf(lever);
  startWeb(world, target);
  const port = memoryLevers(world).helm(anArmedService([lever]));
  return { port, lever, ...handsOn(world, target) };
}

async function aRolloutInMemory(): Promise<RolloutScene> {
  const world = memoryWorld();
  const lever = aRollout();
  const target = targetOf(lever);
  const rollout = startRollout(world, target, { images: { app: 'web:v1' } });
  return {
    port: memoryLevers(world).rollout(anArmedService([lever])),
    lever,
    good: rollout.stableRS,
    push: async (version) => pushImage(world, target, `web:${version}`),
    pushUnseen: async (version) => void pushImage(world, target, `web:${version}`),
    promote: async () => promoteByHand(world, target),
    abort: async () => abortByHand(world, target),
    pause: async () => pauseByHand(world, target),
    give: async (owner) => void Object.assign(rollout, { owner }),
    controller: async (state) => controllerOf(world, target, state),
    shares: async () => Object.fromEntries(sharesOf(rolloutAt(world, target))),
    settled: async () => ({
      spec: rollout.currentPodHash,
      stable: rollout.stableRS,
      aborted: rollout.abortedAt !== undefined,
    }),
    templates: async () => rollout.replicaSets.size,
    managers: async () => [...rollout.managers],
    beforePatch: (what) =>
      world.trouble.interleave('kubernetes.PatchRollout', async () => void (await what())),
    losePatch: () => world.trouble.failNext('kubernetes.PatchRollout', lost, { when: 'lost' }),
  };
}

describeExecutions('executions in memory', async () => {
  const world = memoryWorld();
  return {
    executions: memoryExecutions(world),
    arnOf: executionArn,
    end: async (name, how) => {
      const execution = world.executions.get(executionArn(name));
      if (execution) execution.status = how;
    },
  };
});

describe.each([
  [{ kind: 'sns', to: 'own' }, 'sns.Publish'],
  [{ kind: 'slack', to: 'C024BE91L' }, 'slack.PostMessage'],
  [{ kind: 'pagerduty', to: 'ML platform' }, 'pagerduty.Enqueue'],
] as const)('with %p', (own, operation) => {
  describeNotifier('the notifier in memory', async () => {
    const world = memoryWorld();
    const breakOne = async () => world.trouble.failNext(operation, lost);
    return { notifier: memoryNotifier(world), own, breakOne };
  });
});

describeReportStore('the report store in memory', async () => {
  const world = memoryWorld();
  const read = async (name: string) => world.reports.get(name) ?? { body: '', contentType: '' };
  return { reports: memoryReports(world), read };
});

describeHeartbeat('the heartbeat in memory', async () => {
  const world = memoryWorld();
  return { heartbeat: memoryHeartbeat(world), beats: async () => world.beats.length };
});

describeSettings('settings in memory', async () => {
  const world = memoryWorld();
  const put = async (name: string, value: string) => void putParameter(world, name, value);
  return { settings: memorySettings(world, 'local'), environment: 'local', put };
});

describeSignalReader('signals in memory', async () => {
  const world = memoryWorld();
  const signal = aSignal({ periodSeconds: 60 });
  return {
    reader: memorySignals(world),
    signal,
    minute: world.clock.now(),
    publish: async (points) => void world.datapoints.set(signal.name, [...points]),
    alarm: async (state) => {
      const arn = `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${state}`;
      world.alarms.set(arn, { state, since: world.clock.now(), windowSeconds: 300 });
      return arn;
    },
  };
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { arm } from '../../../lib/adapters/memory/settings.ts';
import type { Operation } from '../../../lib/adapters/memory/trouble.ts';
import type { ArmedService } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { type Day, day, once } from '../scenario.ts';
import { localServices } from '../seeds.ts';
import { ALL_WELL, came, FLAG_ONLY } from './came.ts';
import { ESCALATED } from './variants.ts';

const MINUTE = 60_000;

describe('F48: SNS is down', () => {
  const down =
    (minutes: number) =>
    ({ down: systems, witness }: Environment) =>
      systems.set('sns', witness.startedAt + minutes * MINUTE);
  const toldAfter = ({ environment: { witness } }: Day) => (witness.told.at(-1)?.at ?? 0) - witness.startedAt;

  it('rollback goes its way, and is told once SNS is back', async () => {
    const seen = await day(down(15), { minutes: 30 });

    expect(came(seen)).toEqual({ ...ALL_WELL, platformPages: expect.any(Number) });
    expect(seen.environment.witness.platformPages.length).toBeGreaterThan(0);
    expect(toldAfter(seen)).toBeGreaterThan(15 * MINUTE);
    expect(toldAfter(seen)).toBeLessThan(17 * MINUTE);
  });

  it('a page that nobody got is sent again until somebody does, and then not again', async () => {
    const seen = await day(
      (environment) => {
        down(15)(environment);
        environment.down.set('mlflow', Number.POSITIVE_INFINITY);
      },
      { minutes: 40 },
    );

    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED, platformPages: expect.any(Number) });
    expect(toldAfter(seen)).toBeLessThan(17 * MINUTE);
  });
});

describe('F51: the control planes are out', () => {
  /** Reading, writing and starting what is there; nothing creates, deploys, configures or searches. */
  const DATA_PLANE: readonly Operation[] = [
    'cloudwatch.DescribeAlarms',
    'cloudwatch.GetMetricData',
    'cloudwatch.PutMetricData',
    'dynamodb.GetItem',
    'dynamodb.Query',
    'dynamodb.TransactWriteItems',
    'mlflow.GetAlias',
    'mlflow.GetVersion',
    'mlflow.SetAlias',
    'mlflow.SetTag',
    's3.PutObject',
    'service.Reload',
    'service.Served',
    'sns.Publish',
    'ssm.GetParameter',
    'ssm.PutParameter',
    'states.DescribeExecution',
    'states.StartExecution',
  ];

  it('a whole incident, and one that is taken over, needs nothing of them', async () => {
    const failed = (environment: Environment) => {
      environment.script = once({ function: 'apply-flag', operation: 'ssm.PutParameter' }, 'fail');
    };
    const [calm, takenOver] = [await day(), await day(failed)];

    expect(came(calm)).toEqual(ALL_WELL);
    expect(came(takenOver)).toMatchObject({ end: ALL_WELL.end, changes: ALL_WELL.changes, violations: [] });
    const called = [calm, takenOver].flatMap(({ environment }) => [
      ...environment.world.trouble.calls.keys(),
    ]);
    expect([...new Set(called)].toSorted((a, b) => a.localeCompare(b))).toEqual(DATA_PLANE);
  });

  it('no adapter knows another call of AWS than those, the history of a flag, its secret, where a cluster is, and the move of an alarm', () => {
    const root = fileURLToPath(new URL('../../../lib/adapters', import.meta.url));
    // What `reinstate init` reads is no part of an incident: no function loads it (test/infra/calls.test.ts).
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('estate/'),
    );
    const commands = sources.flatMap(
      (file) => readFileSync(join(root, file), 'utf8').match(/\b[A-Z]\w+Command\b/g) ?? [],
    );

    const ours = DATA_PLANE.filter((operation) => !/^(mlflow|service|dynamodb)/.test(operation));
    const inDynamo = ['GetCommand', 'QueryCommand', 'TransactWriteCommand'];
    // A cluster is described where its file does not say where it is; without an answer its last address is used.
    // An alarm whose threshold cannot be moved keeps the one it has (docs/policy.md).
    const others = [
      'GetParameterHistoryCommand',
      'GetSecretValueCommand',
      'DescribeClusterCommand',
      'PutMetricAlarmCommand',
    ];
    const known = [...ours.map((operation) => `${operation.split('.')[1]}Command`), ...inDynamo, ...others];
    expect(new Set(commands)).toEqual(new Set(known));
  });
});

describe('F52: another policy is armed in the middle of an incident', () => {
  const [recommender] = localServices();
  /** Other targets, another ladder, and a verification that nothing would pass. */
  const other: ArmedService = {
    ...recommender,
    service: {
      ...recommender.service,
      levers: recommender.service.levers.map((lever) =>
        lever.kind === 'flag'
          ? { ...lever, parameter: '/other', safe: 'other' }
          : { ...lever, alias: 'other' },
      ),
      policy: {
        ...recommender.service.policy,
        do: [[{ lever: 'champion', verb: 'back' }]],
        verify: recommender.service.policy.verify.map((condition) => ({ ...condition, threshold: -1 })),
      },
    },
  };

  it.each([
    'plan-rollback',
    'hold-promotion',
    'apply-flag',
    'verify-recovery',
    'apply-alias',
    'close-incident',
  ] as const)('before %s: the one that was armed when it opened rules to its end', async (name) => {
    const seen = await day((environment) => {
      environment.script = once({ function: name, operation: 'lambda.Init' }, () => {
        environment.witness.somebody('a deploy', () => arm(environment.world, other));
        return undefined;
      });
    });

    expect(came(seen)).toEqual(ALL_WELL);
    expect((await seen.read.armed(seen.incident.id))?.service).toEqual(recommender.service);
    expect(seen.environment.world.parameters.has('/other')).toBe(false);
  });

  it('also where its execution fails and another takes it over', async () => {
    const seen = await day((environment) => {
      const fails = once({ function: 'apply-flag', operation: 'ssm.PutParameter' }, 'fail');
      environment.script = (worker, moment) => {
        const fate = fails(worker, moment);
        if (fate) environment.witness.somebody('a deploy', () => arm(environment.world, other));
        return fate;
      };
    });

    expect(came(seen)).toMatchObject({ end: ALL_WELL.end, changes: ALL_WELL.changes, violations: [] });
    expect(seen.incident.takeovers).toBe(1);
  });
});

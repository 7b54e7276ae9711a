import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import aslValidator from 'asl-validator';
import { Match } from 'aws-cdk-lib/assertions';
import { PLATFORM_ERRORS } from '../../lib/core/errors.ts';
import { FUNCTION_TIMEOUT_SECONDS, pascal } from '../../lib/core/function-env.ts';
import { flatten } from '../../lib/infra/flatten.ts';
import { ASL_FILE, incidentAsl, placeholder } from '../../lib/infra/incident-asl.ts';
import { resources, templateOf } from './helpers/deployment.ts';
import { allStates, definition, type State } from './helpers/machine.ts';

const tasks = allStates().filter(([, state]) => state.Type === 'Task');
const functionOf = (state: State): string => (state['Parameters'] as { FunctionName: string }).FunctionName;

describe('the incident machine as it is deployed', () => {
  const template = templateOf();

  it('is STANDARD, traced, under a name that permissions can name before it exists', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'reinstate-prod-incident',
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
    });
  });

  it('logs every transition, without the data: events are not ours to keep', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false, Destinations: [Match.anyValue()] },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/reinstate-prod-incident',
    });
  });

  it('has the definition that the generated file shows', () => {
    const [machine] = Object.values(resources(template, 'AWS::StepFunctions::StateMachine'));
    const text = flatten(machine?.Properties.DefinitionString, (id) =>
      id === 'AWS::Partition' ? 'aws' : `\${${id.replace(/^Reinstate(\w+Function)[0-9A-F]{8}$/, '$1')}Arn}`,
    );

    expect(JSON.parse(text)).toEqual(definition);
    expect(readFileSync(ASL_FILE, 'utf8')).toBe(incidentAsl());
  });
});

describe('the definition', () => {
  it('is valid Amazon States Language', () => {
    const text = JSON.stringify(definition).replaceAll(
      /\$\{\w+\}/g,
      'arn:aws:lambda:eu-west-1:111122223333:function:x',
    );

    expect(aslValidator(JSON.parse(text)).errors).toEqual([]);
  });

  it('ends after 35 minutes: later than any deadline, and before its lease could matter', () => {
    expect(definition.TimeoutSeconds).toBe(35 * 60);
  });

  it('invokes Lambda functions and nothing else', () => {
    for (const [, state] of tasks) expect(state['Resource']).toBe('arn:aws:states:::lambda:invoke');
  });

  it.each(tasks)('lets %s time out only when its function is over for sure', (_, state) => {
    const [, timeout] =
      Object.entries(FUNCTION_TIMEOUT_SECONDS).find(([name]) => placeholder(name) === functionOf(state)) ??
      [];

    expect(state.TimeoutSeconds).toBeGreaterThan((timeout ?? Number.NaN) + 5);
    expect(state.TimeoutSeconds).toBeLessThanOrEqual((timeout ?? Number.NaN) + 10);
  });

  it.each(tasks)(
    'retries in %s the platform errors, and nothing else but typed errors of ours',
    (_, { Retry = [] }) => {
      const [platform, ...own] = Retry;

      expect(platform).toEqual({
        ErrorEquals: [...PLATFORM_ERRORS],
        IntervalSeconds: 1,
        MaxAttempts: 2,
        BackoffRate: 2,
        MaxDelaySeconds: 5,
        JitterStrategy: 'FULL',
      });
      const typed = ['OutsideTrouble', 'StepStillRunning', 'IncidentClosing'];
      expect(typed).toEqual(expect.arrayContaining(own.flatMap((r) => r.ErrorEquals)));
    },
  );

  it.each(['ApplyFlag', 'ApplyAlias', 'SettleFlag', 'SettleAlias'])(
    'lets a retry of %s outlast the attempt before',
    (name) => {
      const [, state] = tasks.find(([task]) => task === name) ?? [];
      const waits = state?.Retry?.find((r) => r.ErrorEquals.includes('StepStillRunning'));
      const actUntil =
        Math.max(FUNCTION_TIMEOUT_SECONDS['apply-flag'], FUNCTION_TIMEOUT_SECONDS['apply-alias']) + 5;

      expect(Number(waits?.['IntervalSeconds']) * Number(waits?.['MaxAttempts'])).toBeGreaterThan(actUntil);
    },
  );

  it('B12: lets an alarm outlast a close that is asked three times', () => {
    const [, state] = tasks.find(([task]) => task === 'OpenIncident') ?? [];
    const closing = state?.Retry?.find((r) => r.ErrorEquals.includes('IncidentClosing'));
    const [first, rate, longest] = ['IntervalSeconds', 'BackoffRate', 'MaxDelaySeconds'].map((name) =>
      Number(closing?.[name]),
    ) as [number, number, number];
    const waits = Array.from({ length: Number(closing?.['MaxAttempts']) }, (_, n) =>
      Math.min(longest, first * rate ** n),
    );
    const close = FUNCTION_TIMEOUT_SECONDS['close-incident'] + 10;

    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(3 * close + 10);
  });

  it('names each stage as its file', () => {
    const names = ['open-incident', 'plan-rollback', 'hold-promotion', 'verify-recovery', 'close-incident'];

    for (const name of names)
      expect(functionOf(definition.States[pascal(name)] as State)).toBe(placeholder(name));
  });
});

/** Right on AWS and wrong in the interpreter that tests and simulation use: whoever writes one of these gets lies. */
describe('the definition has nothing that the interpreter gets wrong', () => {
  const text = JSON.stringify(definition);
  const states = allStates().map(([, state]) => state);

  it('no Pass with a Result: 0 and false answer the input', () => {
    expect(states.filter((s) => s.Type === 'Pass' && 'Result' in s)).toEqual([]);
  });

  it('no negative type test: IsPresent false never matches', () => {
    expect(text).not.toMatch(/"Is(Present|Null|String|Numeric|Boolean|Timestamp)":false/);
  });

  it('no ResultPath $: it writes a key of that name', () => {
    expect(states.filter((s) => s['ResultPath'] === '$')).toEqual([]);
  });

  it('no task without a timeout: it gets 60 seconds there and a year on AWS', () => {
    expect(tasks.filter(([, s]) => s.TimeoutSeconds === undefined)).toEqual([]);
  });

  it('no field, path or integration that it does not have', () => {
    expect(text).not.toMatch(
      /ToleratedFailure|"Assign"|HeartbeatSeconds|waitForTaskToken|QueryLanguage|\[-1\]|\[\*\]/,
    );
    expect(text).not.toMatch(/\$\$\.(State|StateMachine|Task)\b|\$\$\.Execution\.(Input|Name|RoleArn)/);
  });

  it('no look at the item of a map but in its ItemSelector', () => {
    const inner = states.flatMap((s) => (s.ItemProcessor ? [JSON.stringify(s.ItemProcessor)] : []));

    expect(inner.filter((processor) => processor.includes('$$.'))).toEqual([]);
  });
});

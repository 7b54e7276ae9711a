import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from '@jest/globals';
import { clientOptions, unretriedOptions } from '../../lib/adapters/clients.ts';
import { sfnExecutions } from '../../lib/adapters/executions.ts';
import { memoryClock } from '../../lib/adapters/memory/clock.ts';
import { snsNotifier } from '../../lib/adapters/notify/sns.ts';
import { s3Reports } from '../../lib/adapters/reports/s3.ts';
import { ssmSettings } from '../../lib/adapters/settings.ts';
import { awsError, stubClient } from './stub-client.ts';

describe('ssmSettings', () => {
  const settingsOn = (...answers: Parameters<typeof stubClient>) =>
    ssmSettings({ client: stubClient<SSMClient>(...answers).client, environment: 'prod' });

  it('F54: takes only ParameterNotFound for absent; what cannot be read is no permission to act', async () => {
    const missing = settingsOn(awsError('ParameterNotFound', 400));
    const throttled = settingsOn(awsError('ThrottlingException', 400));
    const denied = settingsOn(awsError('AccessDeniedException', 400));

    expect(await missing.mode('recommender', 'act')).toBe('act');
    expect(await missing.armed('recommender')).toBeUndefined();
    await expect(throttled.mode('recommender', 'act')).rejects.toMatchObject({ name: 'OutsideTrouble' });
    await expect(denied.mode('recommender', 'act')).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });

  it('takes an empty parameter for no mode at all', async () => {
    const settings = settingsOn({ Parameter: { Value: '' } });

    await expect(settings.mode('recommender', 'act')).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });
});

describe('sfnExecutions', () => {
  const executionsOn = (...answers: Parameters<typeof stubClient>) => {
    const { client, sent } = stubClient<SFNClient>(...answers);
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
    return { executions: sfnExecutions({ client, stateMachineArn, clock: memoryClock(0) }), sent };
  };

  it('F08: asks again when it is throttled, and gives up in the end', async () => {
    const throttled = awsError('ThrottlingException', 400);
    const { executions, sent } = executionsOn(throttled, throttled, {});

    expect(await executions.start('a', { service: 'recommender' })).toBe('started');
    expect(sent[2]?.input).toMatchObject({ name: 'a', input: '{"service":"recommender"}' });
    await expect(executionsOn(throttled).executions.start('a', {})).rejects.toMatchObject({
      name: 'OutsideTrouble',
    });
  });

  it.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'timed-out'],
    ['ABORTED', 'aborted'],
  ])('reads %s as %s', async (status, expected) => {
    expect(await executionsOn({ status }).executions.status('arn')).toBe(expected);
  });

  it('never takes what it cannot read for an execution that has ended', async () => {
    const { executions } = executionsOn(awsError('InternalServerError', 500));

    await expect(executions.status('arn')).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });
});

describe('snsNotifier', () => {
  const message = {
    urgency: 'page',
    service: 'recommender',
    incident: 'recommender-20261121T090000-0123abcd',
    subject: `Fehler in „recommender“\n${'x'.repeat(200)}`,
    text: 'why',
    call: [
      { kind: 'sns', to: 'own' },
      { kind: 'sns', to: 'environment' },
      { kind: 'https', to: 'https://a.example' },
    ],
  } as const;

  it('publishes with attributes to filter by, once to each topic', async () => {
    const { client, sent } = stubClient<SNSClient>({ MessageId: 'm-1' });

    const deliveries = await snsNotifier({ client, topics: ['environment'], clock: memoryClock(5) }).send(
      message,
    );

    expect(deliveries).toEqual([
      { channel: 'sns', to: 'environment', outcome: 'sent', at: 5, id: 'm-1' },
      { channel: 'sns', to: 'own', outcome: 'sent', at: 5, id: 'm-1' },
    ]);
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    expect(sent[0]?.input['MessageAttributes']).toEqual({
      service: attribute('recommender'),
      urgency: attribute('page'),
      incident: attribute(message.incident),
    });
    expect(sent[0]?.input['Subject']).toMatch(/^Fehler in \?recommender\? x{75}$/);
  });

  it('leaves out what has no value: a message of no service would be refused, and nobody woken', async () => {
    const { client, sent } = stubClient<SNSClient>({ MessageId: 'm-1' });

    await snsNotifier({ client, topics: ['environment'], clock: memoryClock(5) }).send({
      ...message,
      service: '',
    });

    expect(Object.keys(sent[0]?.input['MessageAttributes'] as object)).toEqual(['urgency', 'incident']);
  });

  it('pages every topic of the environment, its own and those it names', async () => {
    const { client } = stubClient<SNSClient>({ MessageId: 'm-1' });
    const notifier = snsNotifier({ client, topics: ['own', 'oncall'], clock: memoryClock(5) });

    const deliveries = await notifier.send({ ...message, call: [] });

    expect(deliveries.map((delivery) => delivery.to)).toEqual(['own', 'oncall']);
  });

  it('F48: throws nothing when SNS refuses, and says why', async () => {
    const { client } = stubClient<SNSClient>(awsError('AuthorizationError', 403));

    const deliveries = await snsNotifier({ client, topics: ['environment'], clock: memoryClock(5) }).send(
      message,
    );

    expect(deliveries.map((d) => d.problem)).toEqual([
      'Cannot publish to "environment": AuthorizationError: it said so',
      'Cannot publish to "own": AuthorizationError: it said so',
    ]);
  });
});

describe('s3Reports', () => {
  it('says which bucket would not take a report', async () => {
    const { client } = stubClient<S3Client>(awsError('NoSuchBucket', 404));

    await expect(s3Reports({ client, bucket: 'b' }).put('n', 'x', 'text/plain')).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: 'Cannot store "n" in bucket "b": NoSuchBucket: it said so',
    });
  });
});

describe('clientOptions', () => {
  it('bounds every call in time', () => {
    const place = { region: 'us-east-1' };

    expect(clientOptions(place)).toMatchObject({ maxAttempts: 3, requestHandler: { requestTimeout: 3000 } });
    expect(unretriedOptions(place)).toMatchObject({
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 1000 },
    });
  });
});

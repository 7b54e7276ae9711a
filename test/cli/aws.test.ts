/** What only the command line asks of AWS. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from '@jest/globals';
import { memoryClock } from '../../lib/adapters/memory/clock.ts';
import { sfnMachine } from '../../lib/cli/aws/machine.ts';
import { ssmModes } from '../../lib/cli/aws/modes.ts';
import { bucketReports } from '../../lib/cli/aws/stored-reports.ts';
import { awsError, stubClient } from '../adapters/stub-client.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:reinstate-local-incident';

function aMachine(...answers: (object | Error)[]) {
  const { client, sent } = stubClient<SFNClient>(...answers);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  return { machine: sfnMachine({ client, stateMachineArn, clock: memoryClock(0), say }), sent, said };
}

describe('the machine', () => {
  it('stops an execution and says who did it', async () => {
    const { machine, sent } = aMachine({});

    await machine.stop('arn:execution', 'cancelled by ada');

    expect(sent).toEqual([
      {
        name: 'StopExecutionCommand',
        input: { executionArn: 'arn:execution', error: 'Cancelled', cause: 'cancelled by ada' },
      },
    ]);
  });

  it('starts again after throttling, and says so', async () => {
    const { machine, sent, said } = aMachine(awsError('ThrottlingException', 400), {});

    expect(await machine.start('cli-x', { service: 'x' })).toBe('started');
    expect(sent).toHaveLength(2);
    expect(said).toEqual([expect.stringMatching(/^Step Functions is busy; asking again in \d\.\d s$/)]);
  });
});

describe('the modes', () => {
  const modes = (...answers: (object | Error)[]) => {
    const { client, sent } = stubClient<SSMClient>(...answers);
    return { modes: ssmModes({ client, environment: 'prod' }), sent };
  };

  it('reads one parameter at a time: absent is nothing', async () => {
    const { modes: set, sent } = modes({ Parameter: { Value: 'act\n' } }, awsError('ParameterNotFound', 400));

    expect([await set.read(), await set.read('recommender')]).toEqual(['act', undefined]);
    expect(sent.map(({ input }) => input['Name'])).toEqual([
      '/reinstate/prod/mode',
      '/reinstate/prod/recommender/mode',
    ]);
  });

  it('makes the parameter where there is none', async () => {
    const { modes: set, sent } = modes({});

    await set.set('off', 'recommender');

    expect(sent[0]?.input).toEqual({
      Name: '/reinstate/prod/recommender/mode',
      Value: 'off',
      Type: 'String',
      Overwrite: true,
    });
  });

  it('says which parameter could not be set', async () => {
    const { modes: set } = modes(awsError('AccessDeniedException', 400, 'not authorized'));

    await expect(set.set('act')).rejects.toThrow(
      'Cannot set parameter "/reinstate/prod/mode": AccessDeniedException',
    );
  });
});

describe('stored reports', () => {
  it('fetches what an s3 address names', async () => {
    const body = { transformToString: async () => '<p>' };
    const { client, sent } = stubClient<S3Client>({ Body: body });

    expect(await bucketReports({ client }).get('s3://bucket/a/b.html')).toBe('<p>');
    expect(sent[0]?.input).toEqual({ Bucket: 'bucket', Key: 'a/b.html' });
  });

  it('refuses any other address', async () => {
    const { client } = stubClient<S3Client>({});

    await expect(bucketReports({ client }).get('https://x')).rejects.toThrow('expected s3://<bucket>/<name>');
  });
});

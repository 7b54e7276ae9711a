import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from '@jest/globals';
import { flag } from '../../../lib/adapters/levers/flag.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { aFlag, anArmedService } from '../../contracts/armed.ts';
import { json, serve } from '../serve.ts';
import { awsError, stubClient } from '../stub-client.ts';

const lever = aFlag();
const parameter = (Value: string, Version: number, Type = 'String') => ({
  Parameter: { Value, Version, Type },
});
const order = {
  to: 'false',
  incident: 'recommender-20261121T090000-0123abcd',
  fence: 1,
  before: { value: 'true', revision: '4' },
};

function flagOn(...answers: Parameters<typeof stubClient>) {
  const { client, sent } = stubClient<SSMClient>(...answers);
  const clock = memoryClock(0);
  const port = flag({ ssm: client, clock })(anArmedService([lever]));
  return { port, sent, clock, names: () => sent.map(({ name }) => name.replace('Command', '')) };
}

describe('flag', () => {
  it('writes name, value and Overwrite, and nothing else: a type or tier would be refused or change it', async () => {
    const { port, sent } = flagOn(parameter('true', 4), { Version: 5 });

    expect(await port.act(lever, order)).toEqual({ revision: '5' });

    expect(sent[1]?.input).toEqual({ Name: lever.parameter, Value: 'false', Overwrite: true });
  });

  it.each(['TooManyUpdates', 'ThrottlingException'])(
    'F18: after %s it looks again, then writes',
    async (name) => {
      const { port, names } = flagOn(parameter('true', 4), awsError(name, 400), parameter('true', 4), {
        Version: 5,
      });

      expect(await port.act(lever, order)).toEqual({ revision: '5' });

      expect(names()).toEqual(['GetParameter', 'PutParameter', 'GetParameter', 'PutParameter']);
    },
  );

  it('F18: gives up within 5 s when it stays throttled', async () => {
    const { port, clock, sent } = flagOn(awsError('ThrottlingException', 400));

    await expect(port.observe(lever)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: `Cannot read flag "${lever.parameter}": ThrottlingException: it said so`,
    });
    expect(sent).toHaveLength(5);
    expect(clock.now()).toBeLessThan(5000);
  });

  it('F17: after an answer that was lost it finds the value there', async () => {
    const { port, names } = flagOn(
      parameter('true', 4),
      awsError('TimeoutError', undefined),
      parameter('false', 5),
    );

    expect(await port.act(lever, order)).toEqual({ revision: '5' });

    expect(names()).toEqual(['GetParameter', 'PutParameter', 'GetParameter']);
  });

  it('F19: names who wrote in between, page after page of the history', async () => {
    const written = (Version: number, LastModifiedUser: string) => ({ Version, LastModifiedUser });
    const { port } = flagOn(
      parameter('true', 4),
      { Version: 7 },
      { Parameters: [written(4, 'arn:old'), written(5, 'arn:ann')], NextToken: 'more' },
      { Parameters: [written(6, 'arn:bob'), written(7, 'arn:us')] },
    );

    expect((await port.act(lever, order)).conflict).toBe(
      `arn:ann, arn:bob set flag "${lever.parameter}" in between; it was overwritten`,
    );
  });

  it('F19: says somebody where the history may not be read', async () => {
    const { port } = flagOn(parameter('true', 4), { Version: 6 }, awsError('AccessDeniedException', 400));

    expect((await port.act(lever, order)).conflict).toMatch(/^somebody set flag/);
  });

  it('asks once, and names what is missing, where it has no permission', async () => {
    const denied = awsError('AccessDeniedException', 400, 'not authorized to perform: ssm:GetParameter.');
    const { port, sent } = flagOn(denied);

    await expect(port.observe(lever)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/ssm:GetParameter$/),
      cause: denied,
    });
    expect(sent).toHaveLength(1);
  });

  it('reads what its readers use where the lever says so', async () => {
    const url = await serve((_, response) => json(response, { flags: { x: false } }));
    const read = aFlag({ served: { url, path: 'flags.x' } });
    const { client } = stubClient<SSMClient>({});
    const port = flag({ ssm: client, clock: memoryClock(0) })(anArmedService([read]));

    expect(await port.served(read)).toEqual(['false']);
  });
});

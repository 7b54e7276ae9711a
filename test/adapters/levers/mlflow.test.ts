import type { ServerResponse } from 'node:http';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { alias } from '../../../lib/adapters/levers/alias.ts';
import { mlflowServer } from '../../../lib/adapters/levers/mlflow.ts';
import { deleteAlias, setAlias } from '../../../lib/adapters/levers/model-registry.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { anAlias, anArmedService } from '../../contracts/armed.ts';
import { json, serve } from '../serve.ts';
import { awsError, stubClient } from '../stub-client.ts';

const lever = anAlias();
const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:mlflow';
const notSet = {
  error_code: 'INVALID_PARAMETER_VALUE',
  message: 'Registered model alias champion not found.',
};

type Say = (response: ServerResponse, authorization: string) => void;

/** An alias lever on a server that says these things in order, the last one for ever. */
async function aliasOn(says: Say[], secretString?: string | Error) {
  let asked = 0;
  const url = await serve(({ headers }, response) => {
    asked += 1;
    says[Math.min(asked, says.length) - 1]?.(response, headers.authorization ?? '');
  });
  const stub = stubClient<SecretsManagerClient>(
    secretString instanceof Error ? secretString : { SecretString: secretString },
  );
  const clock = memoryClock(0);
  const mlflow = secretString === undefined ? { url } : { url: `${url}/`, secret };
  const port = alias({ clock, secrets: stub.client })(anArmedService([lever], { mlflow }));
  return { observe: () => port.observe(lever), asked: () => asked, clock, secretsRead: stub.sent };
}

const text = (status: number, type: string, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': type }).end(body);
const ok: Say = (response) => json(response, notSet, 400);
const message = (why: RegExp) => ({ message: expect.stringMatching(why) });

describe('MLflow that is not well', () => {
  it.each<[readonly [number, string, string], RegExp]>([
    [
      [401, 'text/html', '<h1>You are not authenticated</h1>'],
      /answered 401 "<h1>You.+": it wants a sign-in/,
    ],
    [[403, 'text/plain', 'Invalid Host header'], /answered 403 "Invalid Host header": .+ALLOWED_HOSTS\)$/],
    [[403, 'application/json', '{"error_code":"PERMISSION_DENIED"}'], /answered 403 .+ lacks permission/],
    [[404, 'text/html', '<!doctype html>'], /answered 404 "<!doctype html>": there is no such path/],
    [[418, 'text/plain', 'tea'], /answered 418 "tea": this is no answer of MLflow$/],
  ])('refuses clearly, and at once, when it answers %s', async (said, why) => {
    const { observe, asked } = await aliasOn([text(...said)]);

    await expect(observe()).rejects.toMatchObject({ name: 'OutsideRefusal', ...message(why) });
    expect(asked()).toBe(1);
  });

  it.each([429, 500, 502, 503, 504])('F21: asks again after %d', async (status) => {
    const { observe, asked } = await aliasOn([text(status, 'text/html', 'later'), ok]);

    expect(await observe()).toEqual({ value: null });
    expect(asked()).toBe(2);
  });

  it('F19: sends a move of an alias once: whoever moved it in between is not overwritten', async () => {
    const sent: (string | undefined)[] = [];
    const url = await serve(({ method }, response) => {
      sent.push(method);
      text(502, 'text/html', 'later')(response);
    });
    const server = mlflowServer(anArmedService([lever], { mlflow: { url } }), { clock: memoryClock(0) });

    await expect(setAlias(server, lever, '3')).rejects.toMatchObject({ name: 'OutsideTrouble' });
    await expect(deleteAlias(server, lever)).rejects.toMatchObject({ name: 'OutsideTrouble' });
    expect(sent).toEqual(['POST', 'DELETE']);
  });

  it('F21: gives up after three attempts, with what was said last', async () => {
    const { observe, asked, clock } = await aliasOn([text(502, 'text/html', '<b>Bad Gateway</b>')]);

    await expect(observe()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      ...message(
        /^Cannot read alias "champion" of model "recommender": .+ answered 502 "<b>Bad Gateway<\/b>"$/,
      ),
    });
    expect(asked()).toBe(3);
    expect(clock.now()).toBeLessThan(8000);
  });

  it('F21: asks again after a connection that was cut', async () => {
    const { observe } = await aliasOn([({ socket }) => void socket?.destroy(), ok]);

    expect(await observe()).toEqual({ value: null });
  });

  it.each([
    ['HTML', text(200, 'text/html', '<html>sign in</html>'), /with "<html>sign in<\/html>"; expected JSON$/],
    [
      'JSON of another kind',
      text(200, 'application/json', '{"a":1}'),
      /no model version as MLflow writes it$/,
    ],
  ])('takes %s with status 200 for trouble', async (_, say, why) => {
    const { observe } = await aliasOn([say]);

    await expect(observe()).rejects.toMatchObject({ name: 'OutsideTrouble', ...message(why) });
  });
});

describe('signing in to MLflow', () => {
  it.each([
    ['user and password', { username: 'ann', password: 'hunter2' }, `Basic ${btoa('ann:hunter2')}`],
    ['a token', { token: 'hunter2' }, 'Bearer hunter2'],
    [
      'user and password before a token',
      { username: 'a', password: 'b', token: 'c' },
      `Basic ${btoa('a:b')}`,
    ],
    ['a token where the password is empty', { username: 'a', password: '', token: 'c' }, 'Bearer c'],
  ])('uses %s', async (_, content, expected) => {
    const seen: string[] = [];
    const say: Say = (response, authorization) => {
      seen.push(authorization);
      ok(response, authorization);
    };
    const { observe, secretsRead } = await aliasOn([say], JSON.stringify(content));

    await observe();
    await observe();

    expect(seen).toEqual([expected, expected]);
    expect(secretsRead).toHaveLength(1);
  });

  it.each(['hunter2', '"hunter2"', '{"password":"hunter2"}', '{"token":{"a":"hunter2"}}', '{"token":""}'])(
    'I9: refuses a secret that is no sign-in, and quotes nothing of it: %s',
    async (content) => {
      const { observe, asked } = await aliasOn([ok], content);

      const failed = await observe().catch((error: Error) => error);

      expect(failed).toMatchObject({
        name: 'OutsideRefusal',
        ...message(/^Cannot use secret "arn:.+mlflow"/),
      });
      expect(JSON.stringify(failed) + String(failed) + String((failed as Error).cause)).not.toContain(
        'hunter2',
      );
      expect(asked()).toBe(0);
    },
  );

  it('tells when the secret cannot be read', async () => {
    const denied = await aliasOn([ok], awsError('AccessDeniedException', 400));
    const down = await aliasOn([ok], awsError('InternalServiceError', 500));

    await expect(denied.observe()).rejects.toMatchObject({ name: 'OutsideRefusal' });
    await expect(down.observe()).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });

  it('I9: never shows the password when the server refuses it', async () => {
    const content = JSON.stringify({ username: 'ann', password: 'hunter2' });
    const { observe } = await aliasOn([text(401, 'text/html', 'no')], content);

    const failed = await observe().catch(String);

    expect(failed).not.toContain('hunter2');
    expect(failed).not.toContain(btoa('ann:hunter2'));
  });
});

describe('alias', () => {
  it('refuses a service whose environment names no MLflow', () => {
    expect(() => alias({ clock: memoryClock(0) })(anArmedService([lever]))).toThrow(
      /names no MLflow server$/,
    );
  });

  it('F21: tells when the service does not reload, so that the step is tried again', async () => {
    const url = await serve(({ url: path }, response) => {
      if (path === '/reload') json(response, 'no memory', 503);
      else json(response, { model_version: { name: 'recommender', version: '1', status: 'READY' } });
    });
    const reloading = anAlias({ reload: `${url}/reload`, served: { url, path: 'v' } });
    const port = alias({ clock: memoryClock(0) })(anArmedService([reloading], { mlflow: { url } }));
    const order = { to: '1', incident: 'i', fence: 1, before: { value: '1' } };

    await expect(port.act(reloading, order)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      ...message(/^Cannot POST .+\/reload: it answered 503/),
    });
  });
});

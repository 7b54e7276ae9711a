import { describe, expect, it } from '@jest/globals';
import type { Resolve } from '../../lib/adapters/addresses.ts';
import { httpClient, jsonOf, shown } from '../../lib/adapters/http.ts';
import { serve } from './serve.ts';

const at =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const local = (url: string, resolve?: Resolve) =>
  httpClient({ hosts: [new URL(url).host], insecureLocal: true }, resolve);

/** A strict client that would have to connect to nowhere, were it to connect at all. */
const strict = (resolve: Resolve = at('192.0.2.1')) =>
  httpClient(
    { hosts: ['mlflow.example', '127.0.0.1', '[::1]', '2852039166'], insecureLocal: false },
    resolve,
  );

const refusal = (message: RegExp) => ({ name: 'OutsideRefusal', message: expect.stringMatching(message) });
const trouble = (message: RegExp) => ({ name: 'OutsideTrouble', message: expect.stringMatching(message) });

describe('F26: httpClient refuses before it connects', () => {
  it.each([
    ['what is no URL', 'mlflow', /^Cannot ask "mlflow": expected a URL$/],
    [
      'a user in the URL',
      'https://user@mlflow.example/',
      /a user or password stands in the URL; expected none$/,
    ],
    ['a password in the URL', 'https://:hunter2@mlflow.example/', /a user or password stands in the URL/],
    ['plain http', 'http://mlflow.example/', /the scheme is "http"; expected https$/],
    ['another scheme', 'file:///etc/passwd', /the scheme is "file"; expected https$/],
    [
      'a host that is not on the list',
      'https://evil.example/',
      /"evil.example" is not on the list of hosts$/,
    ],
    ['another port', 'https://mlflow.example:8443/', /"mlflow.example:8443" is not on the list of hosts$/],
    ['a host that only begins alike', 'https://mlflow.example.evil.example/', /is not on the list of hosts$/],
    ['loopback as an address', 'https://127.0.0.1/', /127.0.0.1 is a loopback address$/],
    ['loopback in IPv6', 'https://[::1]/', /::1 is a loopback address$/],
    ['metadata written as a number', 'https://2852039166/', /"169.254.169.254" is not on the list of hosts$/],
  ])('%s', async (_, url, why) => {
    await expect(strict()({ url })).rejects.toMatchObject(refusal(why));
  });

  it.each(['169.254.169.254', '127.0.0.1', 'fd00:ec2::254', '::ffff:169.254.169.254', '0.0.0.0'])(
    'a name that leads to %s',
    async (address) => {
      const http = strict(at(address));

      await expect(http({ url: 'https://mlflow.example/' })).rejects.toMatchObject(
        refusal(/^Cannot ask .+ is a/),
      );
    },
  );

  it('a name with one good address and one bad one: a rebind could choose', async () => {
    const http = strict(at('93.184.216.34', '169.254.169.254'));

    await expect(http({ url: 'https://mlflow.example/' })).rejects.toMatchObject(refusal(/169.254.169.254/));
  });

  it('a password never stands in the message', async () => {
    const failed = await strict()({ url: 'https://a:hunter2@mlflow.example/?token=hunter2' }).catch(String);

    expect(failed).not.toContain('hunter2');
  });
});

describe('httpClient', () => {
  it('F26: looks a name up once, and connects to the address that it judged', async () => {
    const url = await serve(({ headers }, response) => response.end(headers.host));
    const named = url.replace('127.0.0.1', 'model.example');
    let lookups = 0;
    const http = local(named, async () => {
      lookups += 1;
      return [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    });

    expect((await http({ url: named })).text).toBe(new URL(named).host);
    expect(lookups).toBe(1);
  });

  it('F26: follows no redirect', async () => {
    const url = await serve((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    });

    await expect(local(url)({ url })).rejects.toMatchObject(
      refusal(/it answered 302; redirects are not followed$/),
    );
  });

  it('sends method, headers and a JSON body, and gives back status, type and text', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        const { method, headers } = request;
        const told = [
          method,
          headers['content-type'],
          headers['content-length'],
          headers.authorization,
          body,
        ];
        response.writeHead(418, { 'content-type': 'text/plain' }).end(told.join('|'));
      });
    });

    const headers = { authorization: 'Bearer x' };
    expect(await local(url)({ url, method: 'DELETE', json: { a: 'ä' }, headers })).toEqual({
      status: 418,
      contentType: 'text/plain',
      text: 'DELETE|application/json|10|Bearer x|{"a":"ä"}',
    });
  });

  it('F21: gives up on a server that does not answer', async () => {
    const url = await serve(() => undefined);

    await expect(local(url)({ url, timeoutMs: 50 })).rejects.toMatchObject(
      trouble(/no whole answer in 50 ms$/),
    );
  });

  it('F21: gives up on a server that trickles its answer', async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    });

    await expect(local(url)({ url, timeoutMs: 80 })).rejects.toMatchObject(
      trouble(/no whole answer in 80 ms$/),
    );
  });

  it('gives up on a name that is not looked up in time', async () => {
    const http = strict(() => new Promise(() => undefined));

    await expect(http({ url: 'https://mlflow.example/', timeoutMs: 30 })).rejects.toMatchObject(
      trouble(/^Cannot reach https:\/\/mlflow.example\/: no whole answer in 30 ms$/),
    );
  });

  it('takes a name that is not known, or has no address, for trouble', async () => {
    const unknown = strict(async () => {
      throw new Error('getaddrinfo ENOTFOUND mlflow.example');
    });

    await expect(unknown({ url: 'https://mlflow.example/' })).rejects.toMatchObject(trouble(/ENOTFOUND/));
    await expect(strict(at())({ url: 'https://mlflow.example/' })).rejects.toMatchObject(
      trouble(/its name has no address$/),
    );
  });

  it('takes a connection that is cut for trouble', async () => {
    const url = await serve(({ socket }) => socket.destroy());

    await expect(local(url)({ url })).rejects.toMatchObject(trouble(/socket hang up$/));
  });

  it('reads at most 1 MiB', async () => {
    const url = await serve((_, response) => {
      response.end('x'.repeat(2 ** 20 + 1));
    });

    await expect(local(url)({ url })).rejects.toMatchObject(trouble(/more than 1048576 bytes$/));
  });
});

describe('jsonOf', () => {
  it('quotes at most 80 printable characters of what is no JSON', () => {
    const text = `<html>\n\u001b[31m${'x'.repeat(200)}`;
    const answer = { status: 200, contentType: 'text/html', text };

    expect(() => jsonOf('https://m.example/a?token=hunter2', answer)).toThrow(
      /^Cannot read https:\/\/m\.example\/a: it answered 200 with "<html> \[31mx+"; expected JSON$/,
    );
  });
});

describe('shown', () => {
  it('leaves out what may hold a secret', () => {
    expect(shown('https://user:hunter2@m.example/a?token=hunter2#hunter2')).toBe('https://m.example/a');
  });
});

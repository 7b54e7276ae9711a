import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Resolve } from '../../lib/adapters/addresses.ts';
import { httpClient } from '../../lib/adapters/http.ts';

/** An address stands in the URL: there is nothing to look up. */
const notAsked: Resolve = async (name) => {
  throw new Error(`Cannot look up ${name}: nobody should ask`);
};

const refusal = (message: RegExp) => ({ name: 'OutsideRefusal', message: expect.stringMatching(message) });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server on 127.0.0.1 that hangs up. @returns its port, and how often anybody connected. */
async function listening(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

describe('F26: an address that may not be asked is refused by any spelling, although its host is on the list', () => {
  it.each([
    ['decimal', 'https://2852039166/', '169.254.169.254'],
    ['octal', 'https://0251.0376.0251.0376/', '169.254.169.254'],
    ['hexadecimal', 'https://0xa9fea9fe/', '169.254.169.254'],
    ['two numbers', 'https://169.16689662/', '169.254.169.254'],
    ['a dot behind it', 'https://169.254.169.254./', '169.254.169.254'],
    ['an IPv4 address in IPv6', 'https://[::ffff:169.254.169.254]/', '::ffff:a9fe:a9fe'],
    ['an IPv4 address behind NAT64', 'https://[64:ff9b::169.254.169.254]/', '64:ff9b::a9fe:a9fe'],
    ['IPv6, written out', 'https://[FD00:0EC2:0:0:0:0:0:0254]/', 'fd00:ec2::254'],
    ['task credentials', 'https://169.254.170.2/', '169.254.170.2'],
    ['this host', 'https://0/', '0.0.0.0'],
  ])('metadata as %s, in every environment', async (_, url, address) => {
    for (const insecureLocal of [true, false]) {
      const http = httpClient({ hosts: [new URL(url).host], insecureLocal }, notAsked);

      await expect(http({ url, timeoutMs: 500 })).rejects.toMatchObject(
        refusal(new RegExp(`: ${address} is an? .+$`)),
      );
    }
  });

  it.each(['127.0.0.1', '127.1', '2130706433', '0177.0.0.1', '0x7f.1', '①②⑦.0.0.1', '[::ffff:127.0.0.1]'])(
    'our own machine as %s, before anybody connects',
    async (host) => {
      const { port, connections } = await listening();
      const url = `https://${host}:${port}/`;
      const http = httpClient({ hosts: [new URL(url).host], insecureLocal: false }, notAsked);

      const refused = await http({ url, timeoutMs: 500 }).catch((error: unknown) => error);

      expect(connections()).toBe(0);
      expect(refused).toMatchObject(refusal(/ is (a loopback address|an IPv4 address inside IPv6)$/));
    },
  );
});

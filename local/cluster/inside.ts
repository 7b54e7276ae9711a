/**
 * Runs as the first program inside the node (node.ts): gives it mounts and a network of its own, then answers for the
 * health of servers that only the inside can reach. File 3 is the machine's network. It ends with the node.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { hostAddress, hostCard, inFolder, nodeAddress, type Place, podRange, serviceRange } from './place.ts';

const HEALTH_PORT = 10100;
const MACHINE = '/proc/self/fd/3';

/** The kubelet sets these for the whole machine; here it finds them as it wants them, and writes nothing. */
const KERNEL = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
};

const place = JSON.parse(process.argv[2] ?? '') as Place;
privateMounts();
privateNetwork();
watch();

/** What the kubelet, containerd and the network plugins write outside their folders stays inside, and is gone with it. */
function privateMounts(): void {
  call('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  for (const [index, folder] of ['/var/lib', '/var/log'].entries()) {
    const [upper, work] = ['upper', 'work'].map((kind) => inFolder(place, 'private', `${index}`, kind));
    for (const path of [upper, work]) mkdirSync(path ?? '', { recursive: true });
    const options = `lowerdir=${folder},upperdir=${upper},workdir=${work}`;
    call('mount', ['-t', 'overlay', 'overlay', '-o', options, folder]);
  }
  for (const [key, value] of Object.entries(KERNEL)) {
    const file = inFolder(place, 'private', key.replaceAll('/', '-'));
    writeFileSync(file, `${value}\n`);
    call('mount', ['--bind', file, `/proc/sys/${key}`]);
  }
}

/** A bridge with the node's address; one end of a pair of virtual cards on it, the other one on the machine. */
function privateNetwork(): void {
  spawnSync('modprobe', ['-a', 'br_netfilter', 'bridge', 'veth']); // built into some kernels: the next lines tell
  const machine = (...args: string[]) => call('nsenter', [`--net=${MACHINE}`, 'ip', ...args]);
  const card = hostCard(place);
  call('ip', ['link', 'set', 'lo', 'up']);
  call('ip', ['link', 'add', 'node0', 'type', 'bridge']);
  call('ip', ['addr', 'add', `${nodeAddress(place)}/24`, 'dev', 'node0']);
  call('ip', ['link', 'set', 'node0', 'up']);
  call('ip', ['link', 'add', 'up0', 'type', 'veth', 'peer', 'name', card, 'netns', MACHINE]);
  call('ip', ['link', 'set', 'up0', 'master', 'node0', 'up']);
  call('ip', ['route', 'add', 'default', 'dev', 'node0']);
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  const bridged = '/proc/sys/net/bridge/bridge-nf-call-iptables';
  if (existsSync(bridged)) writeFileSync(bridged, '1');
  machine('addr', 'add', `${hostAddress(place)}/24`, 'dev', card);
  machine('link', 'set', card, 'up');
  for (const range of [podRange(place), serviceRange(place)])
    machine('route', 'add', range, 'via', nodeAddress(place));
}

function call(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe', 3],
  });
  if (status !== 0) throw new Error(`cannot ${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/** `/?url=...`: 200 when that address answers 200, or takes a connection where it is `tcp:`, within a second. `/`: 200, the node is there. */
function watch(): void {
  const server = createServer(async (asked, response) => {
    const url = new URL(asked.url ?? '/', 'http://node').searchParams.get('url');
    response.statusCode = url === null || (await isGood(url)) ? 200 : 503;
    response.end();
  });
  server.listen(HEALTH_PORT, nodeAddress(place));
}

const isGood = (url: string): Promise<boolean> =>
  url.startsWith('tcp:') ? isOpen(new URL(url)) : isWell(url);

/** For what speaks no HTTP: somebody takes the connection. */
function isOpen({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 1000 });
    const end = (good: boolean) => {
      socket.destroy();
      resolve(good);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}

/** Certificates are not checked: this asks only whether somebody is there. */
function isWell(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { rejectUnauthorized: false, timeout: 1000 }, async (answer) => {
      await text(answer);
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

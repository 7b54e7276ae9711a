/**
 * The node: a process tree with network, mounts and processes of its own, so that ending it ends everything in it.
 * Nothing of it is left then: no mount, no virtual card, no network namespace, no process.
 */
import { rmSync } from 'node:fs';
import { sourcePath } from '../paths.ts';
import { findPart, isWell, type Part, type Recorded, startPart, stopPart } from '../process.ts';
import { runningProcesses } from '../process-table.ts';
import { waitUntil } from '../wait.ts';
import { removeCgroup } from './cgroups.ts';
import { bareEnvironment } from './command.ts';
import { cgroupOf, nodeAddress, type Place } from './place.ts';

const HEALTH_PORT = 10100;

/** The inner shell collects processes whose parents have ended, as the first process of a namespace must. */
const ENTER = `exec 3</proc/self/ns/net
exec unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '"$@" & wait' sh "$@"`;

export interface Server {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A plain address, or one that `watch` below passes on. */
  readonly health: string;
  readonly seconds?: number;
}

/** Answers on the machine what an address inside the node answers: https with any certificate, tcp, or its loopback. */
export const watched = (place: Place, url: string): string =>
  `http://${nodeAddress(place)}:${HEALTH_PORT}/?url=${encodeURIComponent(url)}`;

export const partName = (place: Place, server: string): string => `${place.name}-${server}`;

/** By its process alone: a node that answers slowly on a busy machine must not be taken for a dead one. */
export const nodeRuns = (place: Place): boolean => {
  const node = findPart(place.name);
  return node !== undefined && lives(node);
};

const lives = ({ pid, started }: Recorded): boolean =>
  runningProcesses().some((one) => one.pid === pid && one.started === started);

export async function startNode(place: Place): Promise<void> {
  await startPart({
    name: place.name,
    command: 'sh',
    args: ['-c', ENTER, 'sh', process.execPath, sourcePath('cluster', 'inside.ts'), JSON.stringify(place)],
    env: withoutProxies(),
    port: HEALTH_PORT,
    health: `http://${nodeAddress(place)}:${HEALTH_PORT}/`,
    seconds: 20,
  });
}

/** Starts one server inside the node, and returns once it is ready. One that is well is left alone. */
export async function startServer(place: Place, server: Server): Promise<Recorded> {
  const node = findPart(place.name);
  if (!node) throw new Error(`cannot start ${server.name}: the node of cluster ${place.name} is not running`);
  const known = findPart(partName(place, server.name));
  if (known && lives(known)) await patience(known);
  return startPart({ ...partOf(place, server), command: 'nsenter', args: enter(node, server) });
}

/** Time to answer, before it is started again. */
const patience = (known: Recorded): Promise<unknown> =>
  waitUntil(() => isWell(known), { what: `${known.name} to answer`, seconds: 10 }).catch(() => undefined);

/** One program of the node ended, as a fault: `startServer` brings it back. */
export const stopServer = (place: Place, server: string): Promise<boolean> =>
  stopPart(partName(place, server));

const partOf = (place: Place, server: Server): Omit<Part, 'command' | 'args'> => ({
  name: partName(place, server.name),
  env: { ...withoutProxies(), ...server.env },
  port: 0,
  health: server.health,
  seconds: server.seconds ?? 60,
});

/** The arguments of `nsenter` that run a program inside the node. */
export function enter(node: Recorded, { command, args }: Pick<Server, 'command' | 'args'>): string[] {
  const at = (kind: string) => `/proc/${node.pid}/ns/${kind}`;
  const into = [`--net=${at('net')}`, `--mount=${at('mnt')}`, `--pid=${at('pid_for_children')}`];
  return [...into, '--', command, ...args];
}

/** Ends the node with all that is in it. */
export async function stopNode(place: Place, servers: readonly string[]): Promise<boolean> {
  const was = await stopPart(place.name);
  for (const name of servers) await stopServer(place, name);
  await removeCgroup(cgroupOf(place));
  return was;
}

function withoutProxies(): Record<string, string> {
  const bare = bareEnvironment();
  const dropped = Object.keys(process.env).filter((name) => !(name in bare));
  return Object.fromEntries(dropped.map((name) => [name, '']));
}

export const wipe = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Where one cluster lives on this machine: its name, its addresses, its folder. Two places never share any of them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { localPath } from '../paths.ts';
import { claimCgroup } from './cgroups.ts';

export interface Place {
  /** Names its processes and its files: a-z, 0-9 and `-`. */
  readonly name: string;
  /** The third octet of all its addresses: 10.97, 10.98 and 10.99.<index>.x. */
  readonly index: number;
  readonly folder: string;
}

/** The one that `npm run local -- up --with cluster` starts. */
export const USUAL = 'cluster';

/** The place of this name: as it was recorded, or on addresses that no cluster and no card of this machine has. Needs root. */
export function placeOf(name: string = USUAL): Place {
  const folder = localPath(`k8s-${name}`);
  const record = join(folder, 'place.json');
  if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')) as Place;
  const place = { name, index: freeIndex(), folder };
  mkdirSync(folder, { recursive: true });
  writeFileSync(record, JSON.stringify(place));
  return place;
}

export const isPlaced = (name: string): boolean => existsSync(join(localPath(`k8s-${name}`), 'place.json'));

export const placedNames = (): string[] =>
  readdirSync(localPath('.'))
    .filter((folder) => folder.startsWith('k8s-'))
    .map((folder) => folder.slice('k8s-'.length))
    .filter(isPlaced);

/** The node: the API server on 6443, Traefik on 8000. The machine reaches it over a pair of virtual cards. */
export const nodeAddress = ({ index }: Place): string => `10.99.${index}.1`;
export const hostAddress = ({ index }: Place): string => `10.99.${index}.254`;
export const podRange = ({ index }: Place): string => `10.98.${index}.0/24`;
export const serviceRange = ({ index }: Place): string => `10.97.${index}.0/24`;
export const apiService = ({ index }: Place): string => `10.97.${index}.1`;

const cgroupNamed = (index: number): string => `reinstate${index}`;
export const cgroupOf = ({ index }: Place): string => cgroupNamed(index);
/** The machine's end of the pair; at most 15 characters. */
export const hostCard = ({ index }: Place): string => `reinstate${index}`;
export const nodeName = ({ name }: Place): string => `${name}-node`;
export const serverOf = (place: Place): string => `https://${nodeAddress(place)}:6443`;
export const traefikOf = (place: Place): string => `http://${nodeAddress(place)}:8000`;
export const inFolder = (place: Place, ...parts: string[]): string => join(place.folder, ...parts);

function freeIndex(): number {
  const used = Object.values(networkInterfaces())
    .flat()
    .map((card) => card?.address ?? '');
  for (let index = 0; index < 250; index += 1) {
    const isUsed = used.some((address) => address.startsWith(`10.99.${index}.`));
    if (!isUsed && claimCgroup(cgroupNamed(index))) return index;
  }
  throw new Error('cannot place a cluster: all of 10.99.0.0 to 10.99.249.0 are in use on this machine');
}

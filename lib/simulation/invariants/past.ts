/** Looking things up in what is known of a run. */
import { itemKey } from '../../adapters/memory/world.ts';
import type { Incident } from '../../core/incident.ts';
import { serviceOfIncident } from '../../core/incident-id.ts';
import { keys } from '../../core/keys.ts';
import type { Lease } from '../../core/lease.ts';
import type { Attributes, Key } from '../../core/write.ts';
import type { Past } from '../witness.ts';

export const NONE: readonly string[] = [];

export const itemOf = <T>({ world }: Past, key: Key): T | undefined =>
  world.items.get(itemKey(key)) as T | undefined;

/** Items of a partition whose sort key begins so. */
export const itemsOf = <T = Attributes & Key>({ world }: Past, partition: string, prefix: string): T[] =>
  [...world.items.values()].filter(({ pk, sk }) => pk === partition && sk.startsWith(prefix)) as T[];

/** The header of every incident, in the order they were opened. */
export const incidentsOf = ({ world }: Pick<Past, 'world'>): Incident[] =>
  [...world.items.values()].filter(
    ({ pk, sk }) => pk.startsWith('incident#') && sk === 'incident',
  ) as unknown as Incident[];

export const serviceOf = (incident: string): string => serviceOfIncident(incident) ?? incident;

export const leaseOf = (past: Past, incident: string): Lease | undefined =>
  itemOf<Lease>(past, keys.lease(serviceOf(incident)));

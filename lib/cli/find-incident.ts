/** An incident by its id, or the newest one of a service. */

import { didYouMean } from '../core/closest.ts';
import { BadInput } from '../core/errors.ts';
import type { Incident } from '../core/incident.ts';
import { serviceOfIncident } from '../core/incident-id.ts';
import type { Lease } from '../core/lease.ts';
import { checkService, command, type Desk, recordsOf } from './desk.ts';

/** @throws BadInput when there is neither such an incident nor such a service, or it never had one. */
export async function findIncident(desk: Desk, asked: string): Promise<Incident> {
  const id = serviceOfIncident(asked) === undefined ? await newestOf(desk, asked) : asked;
  if (id === undefined) throw new BadInput(`Cannot find an incident of "${asked}": it never had one`);
  const found = await recordsOf(desk).incident(id);
  if (found) return found;
  throw new BadInput(
    `Cannot find incident "${id}"${await nearest(desk, id)}; see them all: ${command(desk, 'incidents')}`,
  );
}

/** Whoever had the lease last is the newest. */
async function newestOf(desk: Desk, service: string): Promise<string | undefined> {
  checkService(desk, service);
  return (await recordsOf(desk).lease(service))?.incident;
}

async function nearest(desk: Desk, id: string): Promise<string> {
  const service = serviceOfIncident(id) ?? '';
  const known = await recordsOf(desk).summaries(service);
  return didYouMean(
    id,
    known.map((summary) => summary.id),
  );
}

/** Who had the lease last, and that incident: what a person's writes are conditional on. */
export interface Standing {
  readonly lease: Lease | undefined;
  readonly incident: Incident | undefined;
}

export async function standingOf(desk: Desk, service: string): Promise<Standing> {
  const lease = await recordsOf(desk).lease(service);
  const incident = lease && (await recordsOf(desk).incident(lease.incident));
  return { lease, incident };
}

/** Whether a machine or the sweeper is working on it. */
export const isAtWork = ({ state }: Incident): boolean => state === 'running' || state === 'closing';

import type { SeenService } from '../core/desk.ts';
import { NotReady } from '../core/errors.ts';
import { command, type Desk } from './desk.ts';
import { isAtWork, standingOf } from './find-incident.ts';

/** A service on which no incident is at work. @throws NotReady when one is: nothing is moved under its feet. */
export async function calmStanding(desk: Desk, service: string, action: string): Promise<SeenService> {
  const { lease, incident } = await standingOf(desk, service);
  if (!incident || !isAtWork(incident)) return { service, lease };
  throw new NotReady(
    `Cannot ${action}: incident ${incident.id} is ${incident.state}; wait until it has ended: ${command(desk, `watch ${incident.id}`)}`,
  );
}

/** The incidents that the table knows of, as lists show them. */
import type { Acknowledged } from '../core/desk.ts';
import { keys } from '../core/keys.ts';
import type { Listed } from '../report/index-page.ts';
import { type Desk, recordsOf } from './desk.ts';

/** The newest first. @param service only its incidents. @default - those of every service that has a file */
export async function listedOf(desk: Desk, service?: string): Promise<Listed[]> {
  const services = service === undefined ? desk.services : [service];
  const lists = await Promise.all(services.map((name) => ofService(desk, name)));
  return lists.flat().sort((a, b) => b.openedAt - a.openedAt);
}

async function ofService(desk: Desk, service: string): Promise<Listed[]> {
  const summaries = await recordsOf(desk).summaries(service);
  return Promise.all(
    summaries.map(async ({ id, openedAt, state, acted, dryRun, ending, endedAt, times }) => {
      const by = state === 'closed' ? undefined : (await ackOf(desk, id))?.by;
      const known = {
        ...(dryRun === true && { dryRun }),
        ...(ending && { ending }),
        ...(endedAt && { endedAt }),
        ...(times && { times }),
        ...(by && { acknowledgedBy: by }),
      };
      return { id, service, state, openedAt, acted, ...known };
    }),
  );
}

/** Who looks after an incident. */
export const ackOf = async ({ ledger }: Desk, id: string) =>
  (await ledger.get(keys.note(id, 'ack'))) as Acknowledged | undefined;

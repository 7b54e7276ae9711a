/** An execution that failed before it opened an incident left nothing in the table: somebody has to hear of it. */
import { OutsideTrouble } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { type Key, MOST_WRITES } from '../core/write.ts';
import { type RarelyPorts, tellRarely } from './tell-rarely.ts';

export type OrphanPorts = RarelyPorts;

/** Executions that nobody was told of yet. */
const UNTOLD = 'untold';
const untold = (execution: string): Key => ({ pk: UNTOLD, sk: execution });

/** Its end is told once by an event that nobody repeats: kept until a person has heard of it. */
export async function noteOrphan({ ledger, clock }: OrphanPorts, execution: string): Promise<void> {
  if (await holdsIncident({ ledger }, execution)) return;
  await ledger.write([{ kind: 'put', key: untold(execution), item: { at: clock.now() } }]);
}

/** It owns an incident, or was to take one over: the sweeper tends to that. */
async function holdsIncident({ ledger }: Pick<OrphanPorts, 'ledger'>, execution: string): Promise<boolean> {
  if (await ledger.get(keys.execution(execution))) return true;
  const [, incident] = /:([^:]+)-takeover-\d+$/.exec(execution) ?? [];
  return incident !== undefined && (await ledger.get(keys.incident(incident))) !== undefined;
}

/** An alarm behind one is still red, so the sweeper opens it again; a person's start is told to be repeated. */
const WHAT_TO_DO =
  'They hold no open incident. If a person started one of them, look at it and start it again';
/** Names that one page carries; the others are counted. */
const MOST_NAMED = 20;

/** All of them in one page, in a quarter of an hour: where every start fails, the first page says it all (F49). */
export async function tellOfOrphans(ports: OrphanPorts): Promise<void> {
  const orphans = (await ports.ledger.list(UNTOLD, '')).map(({ sk }) => sk);
  if (orphans.length === 0) return;
  const more = orphans.length > MOST_NAMED ? [`and ${orphans.length - MOST_NAMED} more`] : [];
  const told = await tellRarely(
    ports,
    { about: 'orphan-executions' },
    {
      urgency: 'page',
      service: '',
      subject: 'Reinstate: an execution failed and holds no incident',
      text: ['Did not end well:', ...orphans.slice(0, MOST_NAMED), ...more, WHAT_TO_DO].join('\n'),
      call: [],
    },
  );
  if (told === 'failed')
    throw new OutsideTrouble(`Cannot tell anybody of ${orphans.length} executions: no channel took the page`);
  if (told === 'told before') return;
  await forget(ports, orphans);
}

/** As many as one write takes, since each may be the sweep's last: one by one, those behind would never get their turn. */
async function forget({ ledger }: OrphanPorts, orphans: readonly string[]): Promise<void> {
  for (let from = 0; from < orphans.length; from += MOST_WRITES) {
    const some = orphans.slice(from, from + MOST_WRITES);
    await ledger.write(some.map((orphan) => ({ kind: 'delete', key: untold(orphan) })));
  }
}

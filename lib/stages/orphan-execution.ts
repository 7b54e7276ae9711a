/** An execution that failed before it opened an incident left nothing in the table: somebody has to hear of it. */
import { OutsideTrouble } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import type { Key } from '../core/write.ts';
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

export const untoldOrphans = async ({ ledger }: OrphanPorts): Promise<string[]> =>
  (await ledger.list(UNTOLD, '')).map(({ sk }) => sk);

/** An alarm behind it is still red, so the sweeper opens it again; a person's start is told to be repeated. */
export async function tellOfOrphan(ports: OrphanPorts, execution: string): Promise<void> {
  const told = await tellRarely(ports, `orphan-execution#${execution}`, {
    urgency: 'page',
    service: '',
    subject: 'Reinstate: an execution failed and holds no incident',
    text: `${execution} did not end well and holds no open incident. If a person started it, look at it and start it again`,
    call: [],
  });
  if (told === 'failed')
    throw new OutsideTrouble(`Cannot tell anybody of ${execution}: no channel took the page`);
  await ports.ledger.write([{ kind: 'delete', key: untold(execution) }]);
}

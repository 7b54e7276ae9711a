/** An execution that failed before it opened an incident left nothing in the table: somebody has to hear of it. */
import { OutsideTrouble } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { type RarelyPorts, tellRarely } from './tell-rarely.ts';

export type OrphanPorts = RarelyPorts;

/** An alarm behind it is still red, so the sweeper opens it again; a person's start is told to be repeated. */
export async function tellOfOrphan(ports: OrphanPorts, execution: string): Promise<void> {
  if (await ports.ledger.get(keys.execution(execution))) return;
  const told = await tellRarely(ports, 'orphan-execution', {
    urgency: 'page',
    service: '',
    subject: 'Reinstate: an execution failed and holds no incident',
    text: `${execution} did not end well and holds no open incident. If a person started it, look at it and start it again`,
    call: [],
  });
  if (told === 'failed')
    throw new OutsideTrouble(`Cannot tell anybody of ${execution}: no channel took the page`);
}

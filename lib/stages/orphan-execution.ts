/** An execution that failed before it opened an incident left nothing in the table: somebody has to hear of it. */
import { PAGE_EVERY_MINUTES } from '../core/door.ts';
import { keys } from '../core/keys.ts';
import type { When } from '../core/write.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Notifier } from '../ports/notifier.ts';

export interface OrphanPorts {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/** An alarm behind it is still red, so the sweeper opens it again; a person's start is told to be repeated. */
export async function tellOfOrphan(ports: OrphanPorts, execution: string): Promise<void> {
  if (await ports.ledger.get(keys.execution(execution))) return;
  const key = keys.paged('orphan-execution');
  const last = (await ports.ledger.get(key)) as { at: number } | undefined;
  const now = ports.clock.now();
  if (last && now - last.at < PAGE_EVERY_MINUTES * 60_000) return;
  const when: When = last ? { at: [last.at] } : 'absent';
  const written = await ports.ledger.write([{ kind: 'put', key, item: { at: now }, when }]);
  if (written.outcome === 'conflict') return;
  await ports.notifier.send({
    urgency: 'page',
    service: '',
    subject: 'Reinstate: an execution failed and holds no incident',
    text: `${execution} did not end well and holds no open incident. If a person started it, look at it and start it again`,
    call: [],
  });
}

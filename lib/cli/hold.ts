import { liftHoldWrites, type Person } from '../core/desk.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import { dateTime } from '../report/format.ts';
import type { Answer } from './answer.ts';
import { calmStanding } from './calm-standing.ts';
import { checkService, command, type Desk, recordsOf } from './desk.ts';
import { byOption, personOf } from './person.ts';
import type { Register } from './program.ts';
import { table } from './text.ts';

export const holdCommand: Register = (program, act) => {
  const hold = program.command('hold').description('see and lift holds on promotion');
  hold
    .command('list')
    .description('list the services whose promotion is on hold')
    .action(act(async (session) => listHolds(await session.desk(), session.host.terminal.columns)));
  hold
    .command('check')
    .description('say whether promotion of a service may go on: for a pipeline, by its exit code')
    .argument('<service>')
    .action(act(async (session, { args: [service = ''] }) => checkHold(await session.desk(), service)));
  hold
    .command('lift')
    .description('let promotion of a service go on')
    .argument('<service>')
    .requiredOption('--reason <text>', 'why it is safe again')
    .addOption(byOption())
    .action(
      act(async (session, { args: [service = ''], options }) => {
        const desk = await session.desk();
        return liftHold(desk, service, personOf(session, desk, options));
      }),
    );
};

async function listHolds(desk: Desk, columns: number): Promise<Answer> {
  const all = await Promise.all(
    desk.services.map(async (service) => ({ service, hold: await recordsOf(desk).hold(service) })),
  );
  const standing = all.flatMap(({ service, hold }) =>
    hold?.state === 'standing' ? [{ service, since: hold.since, reason: hold.reason }] : [],
  );
  const rows = standing.map((h) => [h.service, dateTime(h.since), h.reason]);
  const lines = rows.length === 0 ? [`no hold stands in ${desk.environment.name}`] : undefined;
  return { lines: lines ?? table(['service', 'since', 'reason'], rows, columns), json: standing };
}

/** A table that cannot be read is no permission: then it throws, and no pipeline goes on. */
async function checkHold(desk: Desk, service: string): Promise<Answer> {
  checkService(desk, service);
  const hold = await recordsOf(desk).hold(service);
  if (hold?.state !== 'standing') {
    return { lines: [`promotion of ${service} may go on: no hold stands`], json: { service, held: false } };
  }
  const { since, reason } = hold;
  const lift = command(desk, `hold lift ${service} --reason "..."`);
  const why = `promotion of ${service} is on hold since ${dateTime(since)}: ${reason}`;
  const lines = [`${why}; when its cause is understood: ${lift}`];
  return { lines, json: { service, held: true, since, reason }, exit: 3 };
}

async function liftHold(desk: Desk, service: string, person: Person): Promise<Answer> {
  checkService(desk, service);
  const action = `lift the hold of "${service}"`;
  const hold = await recordsOf(desk).hold(service);
  if (hold?.state !== 'standing') throw new BadInput(`Cannot ${action}: none stands`);
  const seen = await calmStanding(desk, service, action);
  const written = await desk.ledger.write(liftHoldWrites(seen, hold, person));
  if (written.outcome === 'written') {
    return { lines: [`promotion of ${service} goes on`], json: { service, liftedBy: person.by } };
  }
  throw new NotReady(
    `Cannot ${action}: it changed, or an incident opened, at this moment; look again: ${command(desk, 'hold list')}`,
  );
}

import { didYouMean } from '../core/closest.ts';
import { liftQuarantineWrites, type Person } from '../core/desk.ts';
import { BadInput, NotReady, sentenceOf } from '../core/errors.ts';
import type { Quarantine } from '../core/release.ts';
import { targetOf } from '../core/service.ts';
import { date } from '../report/format.ts';
import type { Answer } from './answer.ts';
import { calmStanding } from './calm-standing.ts';
import { armedOf, checkService, command, type Desk, recordsOf } from './desk.ts';
import { byOption, personOf } from './person.ts';
import type { Register } from './program.ts';
import { shellWord, table } from './text.ts';

export const quarantineCommand: Register = (program, act) => {
  const quarantine = program
    .command('quarantine')
    .description('see and lift what was proven bad: no rollback returns to it, no baseline may hold it');
  quarantine
    .command('list')
    .description('list what is suspected or quarantined')
    .argument('[service]')
    .action(
      act(async (session, { args: [service] }) =>
        listQuarantine(await session.desk(), service, session.host.terminal.columns),
      ),
    );
  quarantine
    .command('lift')
    .description('let a value be served again')
    .argument('<service>')
    .argument('<target>', 'as the list shows it, or the name of its lever')
    .argument('<value>', 'as the list shows it')
    .requiredOption('--reason <text>', 'why it is good after all')
    .addOption(byOption())
    .action(
      act(async (session, { args: [service = '', target = '', value = ''], options }) => {
        const desk = await session.desk();
        return liftQuarantine(desk, { service, target, value }, personOf(session, desk, options));
      }),
    );
};

async function listQuarantine(desk: Desk, only: string | undefined, columns: number): Promise<Answer> {
  if (only !== undefined) checkService(desk, only);
  const services = only === undefined ? desk.services : [only];
  const lists = await Promise.all(services.map((service) => inEffect(desk, service)));
  const all = lists.flat();
  const rows = all.map((q) => [q.service, q.target, q.value, q.state, date(q.until), q.incident]);
  const head = ['service', 'target', 'value', 'state', 'until', 'incident'];
  const none = [`nothing is quarantined in ${only ?? desk.environment.name}`];
  return { lines: rows.length === 0 ? none : table(head, rows, columns), json: all };
}

/** Neither lifted nor expired. */
async function inEffect(desk: Desk, service: string) {
  const now = desk.clock.now();
  const all = await recordsOf(desk).quarantine(service);
  return all
    .filter((q) => q.state !== 'lifted' && q.until > now)
    .map(({ target, value, state, incident, since, until }) => {
      return { service, target, value, state, incident, since, until };
    });
}

interface What {
  readonly service: string;
  readonly target: string;
  readonly value: string;
}

/** The ledger first, which every door of ours reads; a mark that stays behind is refused too, and can be lifted again. */
async function liftQuarantine(desk: Desk, what: What, person: Person): Promise<Answer> {
  const armed = await armedOf(desk, what.service);
  const lever = armed.service.levers.find((l) => l.name === what.target || targetOf(l) === what.target);
  const target = lever ? targetOf(lever) : what.target;
  const bad = await quarantineOf(desk, { ...what, target });
  const fence = (await recordsOf(desk).lease(what.service))?.fence ?? 0;
  if (bad.state !== 'lifted') await write(desk, what, { bad, person });
  const json = { ...what, target, liftedBy: person.by };
  const done = `${target} may hold "${what.value}" again`;
  if (!lever) return { lines: [done], json };
  try {
    const { incident } = bad;
    await desk.marker.mark(armed, { lever, value: what.value, state: 'lifted', incident, fence });
    return { lines: [done], json };
  } catch (error) {
    const why = `the mark at the registry stays: ${sentenceOf(error)}; run the same command again`;
    return { lines: [`lifted in the ledger, but ${why}`], json: { ...json, problem: why }, exit: 1 };
  }
}

async function quarantineOf(desk: Desk, { service, target, value }: What): Promise<Quarantine> {
  const all = await recordsOf(desk).quarantine(service);
  const found = all.find((q) => q.target === target && q.value === value);
  if (found) return found;
  const values = all.filter((q) => q.target === target).map((q) => q.value);
  const targets = [...new Set(all.map((q) => q.target))];
  const meant = values.length > 0 ? didYouMean(value, values) : didYouMean(target, targets);
  throw new BadInput(
    `Cannot lift "${value}" of ${target}: it is not quarantined${meant}; see what is: ${command(desk, `quarantine list ${service}`)}`,
  );
}

async function write(
  desk: Desk,
  { service, target, value }: What,
  { bad, person }: { bad: Quarantine; person: Person },
): Promise<void> {
  const seen = await calmStanding(desk, service, `lift "${value}" of ${target}`);
  const written = await desk.ledger.write(liftQuarantineWrites(seen, bad, person));
  if (written.outcome === 'written') return;
  const again = `quarantine lift ${service} ${shellWord(target)} ${shellWord(value)} --reason "..."`;
  throw new NotReady(
    `Cannot lift "${value}" of ${target}: it changed, or an incident opened, at this moment; try again: ${command(desk, again)}`,
  );
}

import { NotReady } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { newPageTest, PAGE_TEST_SECONDS, type PageTest } from '../stages/page-test.ts';
import type { Answer } from './answer.ts';
import { armedOf, command, type Desk } from './desk.ts';
import type { Register } from './program.ts';
import { remark, type Session } from './session.ts';
import { table } from './text.ts';

const POLL_MS = 2000;

export const pageCommand: Register = (program, act) => {
  const page = program.command('page').description('prove that pages arrive');
  page
    .command('test')
    .description('send a marked test page through every channel, and say which took it')
    .argument('[service]', 'also whom this service calls; else only whom the environment calls')
    .action(act(async (session, { args: [service] }) => testPages(session, await session.desk(), service)));
};

async function testPages(session: Session, desk: Desk, service: string | undefined): Promise<Answer> {
  if (service !== undefined) await armedOf(desk, service);
  const at = desk.clock.now();
  const { user, random, terminal } = session.host;
  const id = `${new Date(at).toISOString()}-${random()}`;
  const asked = newPageTest({ id, at, by: user, ...(service !== undefined && { service }) });
  const key = keys.pageTest(id);
  await desk.ledger.write([{ kind: 'put', key, item: { ...asked }, when: 'absent' }]);
  remark(session, `asked for; the sweeper sends it within a minute, as it sends pages`);
  const deliveries = await answered(desk, id);
  const failed = deliveries.filter(({ outcome }) => outcome === 'failed').length;
  const rows = deliveries.map((d) => [
    d.channel,
    d.to,
    d.outcome === 'sent' ? 'accepted' : 'failed',
    d.problem ?? '',
  ]);
  return {
    lines: [
      ...table(['channel', 'to', 'outcome', 'why'], rows, terminal.columns),
      summary(deliveries.length, failed),
    ],
    json: { test: id, deliveries },
    exit: failed === 0 && deliveries.length > 0 ? 0 : 3,
  };
}

const summary = (all: number, failed: number): string =>
  failed === 0
    ? `${all} of ${all} accepted it; see that it arrived, too: e-mail wants each subscription confirmed once`
    : `${failed} of ${all} did not accept it`;

/** @throws NotReady when nobody sent it in time. */
async function answered(desk: Desk, id: string): Promise<NonNullable<PageTest['deliveries']>> {
  const until = desk.clock.now() + PAGE_TEST_SECONDS * 1000;
  while (desk.clock.now() < until) {
    const found = (await desk.ledger.get(keys.pageTest(id))) as PageTest | undefined;
    if (found?.deliveries) return found.deliveries;
    await desk.clock.sleep(POLL_MS);
  }
  throw new NotReady(
    `Cannot test pages: the sweeper did not answer in ${PAGE_TEST_SECONDS} s; look at its log, or ask again: ${command(desk, 'page test')}`,
  );
}

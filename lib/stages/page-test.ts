/** Proves that pages arrive: sent from where pages are sent, by the permissions and the network that they have. */
import { keys, PAGE_TESTS } from '../core/keys.ts';
import type { Delivery } from '../ports/notifier.ts';
import type { Settings } from '../ports/settings.ts';
import type { SayPorts } from './say.ts';

export type PageTestPorts = SayPorts & { readonly settings: Settings };

/** A test that a person asked for; who asked waits for its deliveries. */
export interface PageTest {
  readonly id: string;
  readonly state: 'asked' | 'sending' | 'done';
  readonly at: number;
  readonly by: string;
  /** Whose `call` is tested. @default - only whom the environment calls */
  readonly service?: string;
  readonly deliveries?: readonly Delivery[];
  /** Epoch seconds: the table forgets it then. */
  readonly expiresAt: number;
}

/** Whoever asked has gone by then: a test must wake nobody an hour later. */
export const PAGE_TEST_SECONDS = 150;
const KEPT_SECONDS = 86_400;

export const newPageTest = (asked: Pick<PageTest, 'id' | 'at' | 'by' | 'service'>): PageTest => ({
  ...asked,
  state: 'asked',
  expiresAt: Math.floor(asked.at / 1000) + KEPT_SECONDS,
});

/** All that were asked for since the last sweep. */
export async function sendPageTests(ports: PageTestPorts): Promise<void> {
  const tests = (await ports.ledger.list(PAGE_TESTS, '')) as unknown as PageTest[];
  const inTime = (test: PageTest) => ports.clock.now() - test.at < PAGE_TEST_SECONDS * 1000;
  for (const test of tests) if (test.state === 'asked' && inTime(test)) await sendOne(ports, test);
}

/** Marked before it is sent: two sweeps at one moment send it once. */
async function sendOne({ ledger, notifier, settings }: PageTestPorts, test: PageTest): Promise<void> {
  const { id, by, service } = test;
  const key = keys.pageTest(id);
  const armed = service === undefined ? undefined : await settings.armed(service);
  const turn = await ledger.write([
    { kind: 'update', key, set: { state: 'sending' }, when: { state: ['asked'] } },
  ]);
  if (turn.outcome === 'conflict') return;
  const deliveries = await notifier.send({
    urgency: 'page',
    service: service ?? '',
    subject: `TEST${service === undefined ? '' : ` for ${service}`}: this is a test page of Reinstate`,
    text: `This is a test (${id}), asked for by ${by}. Nothing is wrong and nothing was changed. Close it where it is open`,
    test: true,
    call: armed?.service.runbook.call ?? [],
  });
  await ledger.write([
    { kind: 'update', key, set: { state: 'done', deliveries }, when: { state: ['sending'] } },
  ]);
}

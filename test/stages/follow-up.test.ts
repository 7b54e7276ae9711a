import { describe, expect, it } from '@jest/globals';
import { memoryNotifier } from '../../lib/adapters/memory/notifier.ts';
import { ackWrites, closeWrites } from '../../lib/core/desk.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { CallEntry } from '../../lib/core/service.ts';
import { sayOnce } from '../../lib/stages/say.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { beforeThe, type Run, stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, pass, type Shop } from './shop.ts';

const SLACK: CallEntry = { kind: 'slack', to: 'C024BE91L', secret: 's1' };
const LATE: CallEntry = { kind: 'pagerduty', to: 'ML platform', secret: 's2', afterSeconds: 600 };
const LAST: CallEntry = { kind: 'sns', to: 'managers', afterSeconds: 1200 };
const PAGED = [SLACK, LATE, LAST];

/** An incident whose execution failed: at its deadline people take over, and are paged; before, nobody is. */
async function anIncident(
  ended: 'escalated' | 'running',
): Promise<{ shop: Shop; id: string; look: () => Promise<void> }> {
  const shop = await aBrokenShop();
  const ports = { ...shop.ports, notifier: memoryNotifier(shop.world, 'environment', PAGED) };
  const paged = { ...shop, ports };
  const { id } = await endOf(paged, stopBeforeThe(1, 'HoldPromotion', 'failed'));
  const look = async () => void (await sweep(ports, { services: [], paged: PAGED }));
  const incident = await shop.read.incident(id);
  // Past its deadline nobody takes it over: it ends escalated, and somebody is called.
  if (ended === 'escalated')
    shop.world.clock.advance((incident?.deadlineAt ?? 0) - shop.world.clock.now() + 60_000);
  await look();
  return { shop, id, look };
}

const called = ({ world }: Shop) =>
  world.messages
    .filter((m) => m.urgency === 'page')
    .map(({ to, subject }) => `${to}: ${subject.replace(/^.*: /, '')}`);
const told = ({ world }: Shop) =>
  world.messages.filter((m) => m.event !== undefined).map(({ to, event }) => `${event} ${to}`);

describe('a page that nobody acknowledges', () => {
  it('calls the next after their time, each once and alone', async () => {
    const { shop, look } = await anIncident('escalated');
    const atOnce = called(shop).length;

    pass(shop, 599);
    await look();
    expect(called(shop)).toHaveLength(atOnce);
    pass(shop, 60);
    for (let i = 0; i < 3; i++) await look();
    expect(called(shop).slice(atOnce)).toEqual(['ML platform: nobody has acknowledged for 10 min']);
    pass(shop, 600);
    await look();
    expect(called(shop).slice(atOnce + 1)).toEqual(['managers: nobody has acknowledged for 20 min']);
  });

  it('F48: calls the next also where its first channels took nothing, and again until one did', async () => {
    const { shop, look } = await anIncident('escalated');
    pass(shop, 660);
    shop.world.trouble.failNext('pagerduty.Enqueue', new OutsideTrouble('no answer'));

    await look();
    const before = called(shop).filter((line) => line.startsWith('ML platform'));
    await look();

    expect(before).toEqual([]);
    expect(called(shop).filter((line) => line.startsWith('ML platform'))).toHaveLength(1);
    expect(shop.world.beats.length).toBeGreaterThan(1);
  });
});

describe('an acknowledgement', () => {
  it('from the command line is told once to everybody who was called, and calls nobody else', async () => {
    const { shop, id, look } = await anIncident('escalated');
    const before = called(shop).length;
    await shop.ports.ledger.write(ackWrites(id, { by: 'ada', at: shop.world.clock.now(), reason: '' }));

    for (let i = 0; i < 3; i++) {
      pass(shop, 1200);
      await look();
    }

    expect(called(shop)).toHaveLength(before);
    expect(told(shop).sort()).toEqual([
      'acknowledged C024BE91L',
      'acknowledged ML platform',
      'acknowledged environment',
    ]);
  });

  it('in PagerDuty counts like one that is typed, and stands in the report', async () => {
    const { shop, id, look } = await anIncident('escalated');
    const at = shop.world.clock.now();
    shop.world.acknowledged.set(id, { by: 'Ada (PagerDuty)', at });

    for (let i = 0; i < 2; i++) await look();

    expect(await shop.read.acknowledged(id)).toMatchObject({ by: 'Ada (PagerDuty)', at });
    const report =
      [...shop.world.reports].filter(([name]) => name.endsWith('.json')).at(-1)?.[1].body ?? '{}';
    expect(JSON.parse(report)).toMatchObject({ acknowledged: { by: 'Ada (PagerDuty)' } });
  });

  it('that cannot be asked for is none: the next is called', async () => {
    const { shop, id, look } = await anIncident('escalated');
    shop.world.acknowledged.set(id, { by: 'Ada (PagerDuty)', at: 0 });
    shop.world.trouble.failNext('pagerduty.ListIncidents', new OutsideTrouble('no answer'), { times: 9 });
    pass(shop, 660);

    await look();

    expect(called(shop).at(-1)).toContain('ML platform');
  });
});

describe('an incident that a person closes', () => {
  it('is told once to everybody who was called, and is done with', async () => {
    const { shop, id, look } = await anIncident('escalated');
    const incident = await shop.read.incident(id);
    if (!incident) throw new Error('Cannot close it: it is not there');
    const by = { by: 'ada', at: shop.world.clock.now(), reason: 'rolled forward' };
    await shop.ports.ledger.write(closeWrites(incident, by, true));

    for (let i = 0; i < 2; i++) await look();

    expect(told(shop).sort()).toEqual(['over C024BE91L', 'over ML platform', 'over environment']);
    expect(await shop.read.open()).toEqual([]);
  });
});

describe('an incident that recovers', () => {
  it.each([
    [
      'after somebody was paged: they hear that it is over',
      true,
      ['over C024BE91L', 'over ML platform', 'over environment'],
    ],
    ['before anybody was paged: there is nothing to take back', false, []],
  ])('%s', async (_, paged, expected) => {
    const shop = await aBrokenShop();
    const ports = { ...shop.ports, notifier: memoryNotifier(shop.world, 'environment', PAGED) };
    const late = async ({ cursor }: Run) => {
      const { incident = '', service = '' } = cursor ?? {};
      const said = { incident, service, what: 'late', subject: `${service}: late`, text: 'late', call: [] };
      if (paged) await sayOnce(ports, { ...said, urgency: 'page' });
    };

    await endOf({ ...shop, ports }, beforeThe(1, 'CloseIncident', late));

    expect(shop.world.messages.some(({ subject }) => subject.endsWith('recovered'))).toBe(true);
    expect(told(shop).sort()).toEqual(expected);
  });
});

describe('what was not paged', () => {
  it('is followed up by nobody', async () => {
    const { shop, look } = await anIncident('running');
    const { calls } = shop.world.trouble;

    pass(shop, 5);
    await look();

    expect(calls.get('pagerduty.ListIncidents') ?? 0).toBe(0);
    expect(called(shop)).toEqual([]);
  });
});

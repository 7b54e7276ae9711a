import { describe, expect, it } from '@jest/globals';
import { memoryNotifier } from '../../lib/adapters/memory/notifier.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import type { CallEntry } from '../../lib/core/service.ts';
import { newPageTest, sendPageTests } from '../../lib/stages/page-test.ts';
import { aShop, pages, pass } from './shop.ts';

const PAGED: readonly CallEntry[] = [
  { kind: 'slack', to: 'C024BE91L', secret: 's1' },
  { kind: 'pagerduty', to: 'ML platform', secret: 's2', afterSeconds: 600 },
];

async function asked(service?: string) {
  const shop = await aShop();
  const ports = { ...shop.ports, notifier: memoryNotifier(shop.world, 'environment', PAGED) };
  const about = {
    id: 't1',
    at: shop.world.clock.now(),
    by: 'ada',
    ...(service !== undefined && { service }),
  };
  await ports.ledger.write([{ kind: 'put', key: keys.pageTest('t1'), item: { ...newPageTest(about) } }]);
  return { shop, ports, found: () => ports.ledger.get(keys.pageTest('t1')) };
}

describe('a test of pages', () => {
  it('goes to everybody once, also to whoever is called late, and is marked as one', async () => {
    const { shop, ports, found } = await asked('recommender');

    for (let i = 0; i < 2; i++) await sendPageTests(ports);

    expect(pages(shop).map(({ to }) => to)).toEqual(['environment', 'C024BE91L', 'ML platform']);
    for (const { subject, text } of pages(shop))
      expect(subject + text).toMatch(/^TEST for recommender.*a test/);
    expect(await found()).toMatchObject({
      state: 'done',
      deliveries: [{}, {}, {}].map(() => ({ outcome: 'sent' })),
    });
  });

  it('F48: says which channel did not take it', async () => {
    const { shop, ports, found } = await asked();
    shop.world.trouble.failNext('slack.PostMessage', new OutsideTrouble('no answer'));

    await sendPageTests(ports);

    const { deliveries } = (await found()) as { deliveries: readonly { outcome: string }[] };
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['sent', 'failed', 'sent']);
  });

  it('wakes nobody when whoever asked has gone', async () => {
    const { shop, ports } = await asked();
    pass(shop, 150);

    await sendPageTests(ports);

    expect(pages(shop)).toEqual([]);
  });

  it('is sent by one of two sweeps at one moment', async () => {
    const { shop, ports } = await asked();

    await Promise.all([sendPageTests(ports), sendPageTests(ports)]);

    expect(pages(shop)).toHaveLength(3);
  });
});

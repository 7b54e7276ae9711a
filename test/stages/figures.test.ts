import { describe, expect, it } from '@jest/globals';
import { emfMeter } from '../../lib/adapters/emf-meter.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { closeIncident } from '../../lib/stages/close-incident.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { aCursor } from '../builders.ts';
import { beforeThe, stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, aShop, pass, type Shop } from './shop.ts';

const down = new OutsideTrouble('no answer');
const SERVICES = { services: ['recommender'] };

/** The endings that were counted, in order. */
const counted = ({ world }: Shop) =>
  world.measurements
    .filter(({ values }) => values.Incidents !== undefined)
    .map(({ labels }) => labels.Ending);
const standing = ({ world }: Shop) =>
  world.measurements.map(({ values }) => values).filter(({ HoldsOpen }) => HoldsOpen !== undefined);

describe('an incident that ends is counted', () => {
  it('with the times and levers that its report has', async () => {
    const shop = await aBrokenShop();

    const { report, receipts } = await endOf(shop);

    const [incident, ...levers] = shop.world.measurements;
    expect(incident?.labels).toEqual({ Service: 'recommender', Ending: 'recovered' });
    expect(incident?.values).toMatchObject({ Incidents: 1, TimeToRecover: report.timeToRecoverSeconds });
    expect(incident?.values.TimeToAct).toBeGreaterThanOrEqual(0);
    const applied = levers.reduce((sum, { values }) => sum + (values.LeversApplied ?? 0), 0);
    expect(applied).toBe(Object.keys(receipts).length);
  });

  it('once, though close-incident is retried after its answer was lost', async () => {
    const shop = await aBrokenShop();
    const { id } = await endOf(shop);

    for (let i = 0; i < 3; i++) await closeIncident(shop.ports, aCursor({ incident: id }));

    expect(counted(shop)).toEqual(['recovered']);
  });

  it('once, though two close it at the same moment', async () => {
    const shop = await aBrokenShop();
    const { id, run } = await endOf(shop, stopBeforeThe(1, 'CloseIncident', 'failed'));
    const cursor = run.cursor ?? aCursor({ incident: id });

    await Promise.all([closeIncident(shop.ports, cursor), closeIncident(shop.ports, cursor)]);

    expect(counted(shop)).toEqual(['recovered']);
  });

  it('once, though its write has to be tried again', async () => {
    const shop = await aBrokenShop();

    const { incident } = await endOf(
      shop,
      beforeThe(1, 'CloseIncident', () => shop.world.trouble.failNext('dynamodb.TransactWriteItems', down)),
    );

    expect(incident?.ending).toBe('recovered');
    expect(counted(shop)).toEqual(['recovered']);
  });

  it('where the sweeper closes it, too', async () => {
    const shop = await aBrokenShop();
    await endOf(shop, stopBeforeThe(1, 'ApplyRung', 'aborted'));
    pass(shop, 60);

    for (let i = 0; i < 3; i++) await sweep(shop.ports, SERVICES);

    expect(counted(shop)).toEqual(['cancelled']);
  });

  it('and closes all the same where its figures cannot be made', async () => {
    const shop = await aBrokenShop();
    const lines: string[] = [];
    const meter = emfMeter({
      environment: 'prod',
      write: (line) => {
        if (line.includes('_aws')) throw new Error('no room in the log');
        lines.push(line);
      },
    });
    Object.assign(shop.ports, { meter });

    const { incident } = await endOf(shop);

    expect(incident).toMatchObject({ state: 'closed', ending: 'recovered' });
    expect(lines).toEqual([expect.stringContaining('no room in the log')]);
  });
});

describe('each sweep counts what stands', () => {
  it('nothing, as zero: a figure that is missing says that the sweeper is', async () => {
    const shop = await aShop();

    await sweep(shop.ports, SERVICES);

    expect(standing(shop)).toEqual([{ IncidentsOpen: 0, HoldsOpen: 0 }]);
  });

  it('incidents that run or wait for a person, and holds until they are lifted', async () => {
    const shop = await aBrokenShop();
    shop.measure.latency = () => 900;
    await endOf(shop);

    await sweep(shop.ports, SERVICES);
    const hold = await shop.read.hold('recommender');
    await shop.ports.ledger.write([
      { kind: 'put', key: keys.hold('recommender'), item: { ...hold, state: 'lifted' } },
    ]);
    await sweep(shop.ports, SERVICES);

    expect(standing(shop)).toEqual([
      { IncidentsOpen: 1, HoldsOpen: 1 },
      { IncidentsOpen: 1, HoldsOpen: 0 },
    ]);
  });

  it('and no zero where the table does not answer', async () => {
    const shop = await aShop();
    shop.world.trouble.failNext('dynamodb.Query', down);

    const { problems } = await sweep(shop.ports, SERVICES);

    expect(problems).toEqual(['open incidents: no answer']);
    expect(standing(shop)).toEqual([]);
  });
});

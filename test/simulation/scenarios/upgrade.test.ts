import { describe, expect, it } from '@jest/globals';
import { itemKey } from '../../../lib/adapters/memory/world.ts';
import { ITEM_FORMAT } from '../../../lib/core/format.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { type Fixture, itemsOfFormat, serviceNamed } from '../../fixtures/items.ts';
import { type Day, day, once } from '../scenario.ts';

/** The table as older code left it at that moment; and what else happens then. */
const upgradedAt = (fixture: Fixture, also: (environment: Environment) => void): Promise<Day> =>
  day(
    (environment) => {
      environment.script = once(fixture.moment, () => {
        leave(environment, fixture.items);
        also(environment);
        return undefined;
      });
    },
    { services: [serviceNamed(fixture.moment.service)] },
  );

/** Past the journal: nobody has changed anything, it was so all along. */
function leave({ world }: Environment, items: Fixture['items']): void {
  Map.prototype.clear.call(world.items);
  for (const item of items) Map.prototype.set.call(world.items, itemKey(item), item);
}

const fixtures = itemsOfFormat(ITEM_FORMAT - 1).map(
  (fixture) => [`${fixture.moment.function} of ${fixture.moment.service}`, fixture] as const,
);

describe.each(fixtures)('new functions in the middle of an incident, at %s', (_, fixture) => {
  it('finish what the execution of the old ones began', async () => {
    const { incident, violations, environment } = await upgradedAt(fixture, () => undefined);

    expect(incident).toMatchObject({ id: fixture.incident, ending: 'recovered', state: 'closed' });
    expect(violations).toEqual([]);
    expect(environment.machine.running).toEqual([]);
  });

  it('take it over from the old records when that execution fails', async () => {
    const { incident, violations, receipts } = await upgradedAt(fixture, ({ machine }) => {
      for (const arn of machine.running) machine.stop(arn, 'failed');
    });

    expect(incident).toMatchObject({ id: fixture.incident, ending: 'recovered', state: 'closed' });
    expect(violations).toEqual([]);
    expect(new Set(receipts.map(({ step }) => step)).size).toBe(receipts.length);
  });
});

describe('functions that are older than the table, in the middle of an incident', () => {
  it('pull no lever, and people are called', async () => {
    const [[, fixture] = []] = fixtures;
    if (!fixture) throw new Error('Cannot go back: there is no fixture');
    const newer = fixture.items.map((item) => ({ ...item, format: ITEM_FORMAT + 1 }));

    const { receipts, pages, environment } = await upgradedAt({ ...fixture, items: newer }, () => undefined);

    expect(receipts).toEqual([]);
    expect(pages).not.toEqual([]);
    expect(environment.witness.trace.join('\n')).not.toMatch(/flag:.* true -> false/);
  });
});

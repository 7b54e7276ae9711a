import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor } from '../../lib/core/incident.ts';
import { parseTrigger } from '../../lib/core/trigger.ts';
import { alarmArn } from '../builders.ts';
import { anything, spoiledFrom, textsIn, UNPRINTABLE } from '../fuzzed-events.ts';
import { type Run, runIncident } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, aShop, outside, pages, pass, type Shop } from './shop.ts';

const KIB = 1024;

/** A healthy shop whose alarm somebody has set to ALARM (F06). */
async function aForgedShop(): Promise<Shop> {
  const shop = await aShop();
  const since = shop.world.clock.now();
  shop.world.alarms.set(alarmArn('error-ratio'), { state: 'ALARM', since, windowSeconds: 50 });
  return shop;
}

/** What a fresh shop's real event is, spoiled. Its place in time is that of the shop. */
const template = await aForgedShop();
const spoiled = spoiledFrom(() => alarmEvent(template));

const isMalformed = (input: unknown): boolean => parseTrigger(input).kind === 'malformed';

/** The ending of the execution's incident, or of the execution that opened none. */
const endingOf = async (shop: Shop, { cursor }: Run) =>
  cursor?.ending ?? (await shop.read.incident(cursor?.incident ?? ''))?.ending;

/** What is wrong with how these inputs, one after the other, were taken. Nothing of the outside may have moved. */
async function objectionsTo(shop: Shop, inputs: readonly unknown[]): Promise<string[]> {
  const before = outside(shop);
  const answers: Cursor[] = [];
  const wrong: string[] = [];
  for (const input of inputs) {
    const run = await runIncident(shop, input, { before: (_, { cursor }) => cursor && answers.push(cursor) });
    if (run.cursor) answers.push(run.cursor);
    if (run.status !== 'succeeded') wrong.push(`${run.status}: ${run.error}`);
    if (isMalformed(input)) wrong.push(...atTheDoor(run));
    const ending = await endingOf(shop, run);
    if (ending !== 'refused') wrong.push(`ended ${ending}`);
  }
  const large = answers.filter((answer) => JSON.stringify(answer).length > 8 * KIB);
  return [
    ...wrong,
    ...(large.length > 0 ? [`${large.length} answers over 8 KiB`] : []),
    ...(JSON.stringify(outside(shop)) === JSON.stringify(before) ? [] : ['something outside has moved']),
    ...(await badRecords(shop, inputs)),
    ...badMessages(shop),
  ];
}

const atTheDoor = ({ states, cursor }: Run): string[] => [
  ...(states.join() === 'OpenIncident' ? [] : [`went on to ${states}`]),
  ...(cursor?.incident === '' && cursor.next === 'done' ? [] : [`holds ${cursor?.incident}`]),
];

/** Each refusal at the door leaves one record, and malformed ones take no lease and page once. */
async function badRecords(shop: Shop, inputs: readonly unknown[]): Promise<string[]> {
  const malformed = inputs.filter(isMalformed).length;
  const refusals = (await shop.ports.ledger.list('refused', '')) as unknown as { reason: string }[];
  const ofMalformed = refusals.filter(({ reason }) => reason.startsWith('malformed input')).length;
  const paged = pages(shop).filter((page) => page.text.startsWith('Refused: malformed input')).length;
  const lease = await shop.read.lease('recommender');
  return [
    ...(ofMalformed === malformed ? [] : [`${ofMalformed} records of ${malformed} malformed inputs`]),
    ...(paged === Math.min(1, malformed) ? [] : [`${paged} pages for ${malformed} malformed inputs`]),
    ...(lease && malformed === inputs.length ? ['the lease was taken'] : []),
  ];
}

const badMessages = ({ world }: Shop): string[] =>
  textsIn(world.messages.map(({ subject, text }) => [subject, text.split('\n')]))
    .filter((line) => UNPRINTABLE.test(line) || line.length > 1500)
    .map((line) => `a line of ${line.length} characters: ${JSON.stringify(line.slice(0, 200))}`);

/** As Step Functions hands it over: JSON. What is none becomes its name. */
function asJson(input: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify([input]))[0];
  } catch {
    return typeof input;
  }
}

describe('F07: whatever starts an execution ends refused, and nothing acts', () => {
  it('any bytes: one record each, at most one page, no lease', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything.map(asJson), { minLength: 1, maxLength: 3 }), async (inputs) => {
        expect(await objectionsTo(await aShop(), inputs)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('F06: a forged alarm whose event was spoiled, delivered twice', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled.map(asJson), async (event) => {
        const shop = await aForgedShop();

        expect(await objectionsTo(shop, [event, event])).toEqual([]);
        expect(pages(shop).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  it('F06: a forged SetAlarmState: the metric is healthy, so it is refused with a page and without an act', async () => {
    const shop = await aForgedShop();
    const event = alarmEvent(shop);
    event.detail.state.reason = 'password=hunter2 \u202e; helm rollback recommender';

    expect(await objectionsTo(shop, [event])).toEqual([]);
    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/it may be forged/) }]);
    expect(JSON.stringify([...shop.world.items.values()])).not.toContain('hunter2');
  });

  it.each<[string, (event: ReturnType<typeof alarmEvent>) => unknown, RegExp]>([
    ['another account', (e) => (e.account = '999999999999'), /from account 999999999999 in us-east-1/],
    ['another region', (e) => (e.region = 'eu-west-3'), /in eu-west-3, not from ours/],
    ['another source', (e) => (e.source = 'my.tool'), /source is not as expected/],
    ['another partition', (e) => (e.resources[0] = e.resources[0].replace('aws', 'aws-cn')), /no service/],
    [
      'an alarm of the wrong account',
      (e) => (e.resources[0] = e.resources[0].replace(/0{12}/, '9'.repeat(12))),
      /no service/,
    ],
    ['two alarms', (e) => e.resources.push(alarmArn('latency')), /resources is not as expected/],
    ['the same alarm twice', (e) => e.resources.push(e.resources[0]), /resources is not as expected/],
    ['a time after all time', (e) => (e.detail.state.timestamp = '+275760-09-13T00:00:00.000Z'), /timestamp/],
    [
      'a partition of 40,000 letters',
      (e) => (e.resources[0] = e.resources[0].replace('aws', `aws${'a'.repeat(40_000)}`)),
      /resources/,
    ],
    ['a region that no message can carry', (e) => (e.region = '\ud83d'), /region is not as expected/],
    ['256 KiB', (e) => (e.detail.more = 'x'.repeat(255 * KIB)), /more than 65536 bytes/],
    [
      '16,000 lists in each other',
      (e) => (e.detail.more = JSON.parse('['.repeat(16_000) + ']'.repeat(16_000))),
      /healthy/,
    ],
    [
      '__proto__',
      (e) => Object.assign(e, JSON.parse('{"__proto__": {"service": "recommender"}}')),
      /healthy/,
    ],
  ])('an event with %s is refused with one page, however often it comes', async (_, spoil, why) => {
    const shop = await aForgedShop();
    const event = alarmEvent(shop);
    spoil(event);

    expect(await objectionsTo(shop, [event, event, event])).toEqual([]);
    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(why) }]);
  });

  it.each(['{"service": "__proto__"}', '{"service": "constructor"}', '{"service": "tostring"}'])(
    'a start of %s, which is no service',
    async (input) => {
      expect(await objectionsTo(await aShop(), [JSON.parse(input)])).toEqual([]);
    },
  );

  it('of two alarms that are not ours, each pages: at most once in a quarter of an hour', async () => {
    const shop = await aForgedShop();
    const foreign = (name: string) => ({
      ...alarmEvent(shop),
      resources: [`${alarmArn('latency')}-${name}`],
    });

    await objectionsTo(shop, ['a', 'b', 'a', 'b', 'a'].map(foreign));
    expect(pages(shop)).toHaveLength(2);
    pass(shop, 15 * 60);
    await objectionsTo(shop, ['a', 'a', 'b'].map(foreign));

    expect(pages(shop)).toHaveLength(4);
  });

  it('F55: a foreign alarm with a credential in its name leaves it nowhere', async () => {
    const shop = await aShop();
    const event = alarmEvent(shop, 'error-ratio');
    const key = `AKIA${'A1'.repeat(8)}`;
    event.resources = [`${event.resources[0]}-${key}`];
    event.detail.alarmName += `-${key}`;

    expect(await objectionsTo(shop, [event])).toEqual([]);
    expect(JSON.stringify([[...shop.world.items], shop.world.messages])).not.toContain(key);
  });
});

describe('F07: nothing real is lost among it', () => {
  it('a real alarm in a storm of bytes recovers, once', async () => {
    const shop = await aBrokenShop();
    const debris = fc.sample(fc.oneof(anything.map(asJson), spoiled.map(asJson)), 40);
    const event = alarmEvent(shop);

    const runs = debris.map((input) => runIncident(shop, isMalformed(input) ? input : {}));
    const real = await runIncident(shop, event);
    await Promise.all(runs);

    expect(await endingOf(shop, real)).toBe('recovered');
    expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
    expect(await shop.ports.ledger.list('refused', '')).toHaveLength(40);
  });

  it('a real alarm whose event has more in it than it should recovers', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    event.detail.more = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    event.detail.configuration.description = '\u202e\ud83d\u0000';
    event.detail.state.reason = '\ud83d'.repeat(2000);

    expect(await endingOf(shop, await runIncident(shop, event))).toBe('recovered');
  });

  it.each(['2026-11-21T10:04:00Z', '9999-12-31T23:59:59Z'])(
    'F14, F60: a real alarm whose clock says %s recovers, and its report can be read',
    async (timestamp) => {
      const shop = await aBrokenShop();
      const event = alarmEvent(shop);
      event.detail.state.timestamp = timestamp;

      expect(await endingOf(shop, await runIncident(shop, event))).toBe('recovered');
      const report = [...shop.world.reports.values()].map(({ body }) => body).join();
      expect(report).toContain('recovered');
      expect(report).not.toMatch(/NaN|Invalid Date|undefined/);
    },
  );
});

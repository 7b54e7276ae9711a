import { describe, expect, it } from '@jest/globals';
import {
  ackWrites,
  calm,
  closeWrites,
  liftHoldWrites,
  liftQuarantineWrites,
  recordWrites,
} from '../../lib/core/desk.ts';
import { keys } from '../../lib/core/keys.ts';
import { closingWrites, endWrites } from '../../lib/core/lease.ts';
import { aBaseline, aLease, anIncident, aQuarantine, at } from '../builders.ts';
import { opened } from './table.ts';

const service = 'recommender';
const ada = { by: 'ada', at: 1, reason: 'why' };

describe("a person's writes", () => {
  it('are conditional on the lease that was seen, and on its incident being at rest', () => {
    expect(calm({ service, lease: aLease({ fence: 7 }) })).toEqual([
      { kind: 'check', key: keys.lease(service), when: { fence: [7], incident: [anIncident().id] } },
      { kind: 'check', key: keys.incident(anIncident().id), when: { state: ['ended', 'closed'] } },
    ]);
    expect(calm({ service, lease: undefined })).toEqual([
      { kind: 'check', key: keys.lease(service), when: 'absent' },
    ]);
  });

  it('record a baseline once, and only while no hold stands', () => {
    const seen = { service, lease: undefined };
    const [put, hold] = recordWrites(seen, undefined, aBaseline());
    const [, lifted] = recordWrites(seen, { state: 'lifted', since: 5 }, aBaseline());

    expect([put?.when, hold?.when, lifted?.when]).toEqual([
      'absent',
      'absent',
      { state: ['lifted'], since: [5] },
    ]);
  });

  it('close only what has ended, with the alarms that were seen', () => {
    const [header, ...others] = closeWrites(anIncident({ alarms: 3 }), ada, false);

    expect(header?.when).toEqual({ state: ['ended'], alarms: [3] });
    expect(others.map((w) => w.kind)).toEqual(['update', 'delete']);
    expect(others[0]?.when).toEqual({ state: ['ended'] });
    expect(closeWrites(anIncident(), ada, true).map((w) => w.kind)).toEqual(['update', 'update']);
  });

  it('keep the first who looks after an incident', () => {
    expect(ackWrites('x', ada)[0]).toMatchObject({ item: { by: 'ada', at: 1 }, when: 'absent' });
  });

  it('change nothing of the incident by a word, nor of the hold by a baseline: these are only checked', () => {
    const record = recordWrites({ service, lease: aLease() }, undefined, aBaseline());

    expect(ackWrites('x', ada).map((w) => w.kind)).toEqual(['put', 'check']);
    expect(record.map((w) => w.kind)).toEqual(['put', 'check', 'check', 'check']);
  });
});

/** A table in which an incident waits for a person, with a hold and a quarantined version. */
async function waiting() {
  const table = await opened();
  const { outcome, lease, ledger } = table;
  const hold = { state: 'standing', since: at(9) } as const;
  await outcome([
    { kind: 'put', key: keys.hold(service), item: { ...hold, reason: 'incident' } },
    { kind: 'put', key: quarantineKey(), item: { ...aQuarantine() } },
  ]);
  await outcome(closingWrites(lease, { ending: 'contained', reasons: [], alarms: 1 }));
  const end = () => outcome(endWrites(lease, { state: 'ended', ending: 'contained', endedAt: at(90) }));
  return { ...table, hold, seen: { service, lease }, end, get: ledger.get };
}
const { target, value } = aQuarantine();
const quarantineKey = () => keys.quarantine(service, target, value);
const bob = { by: 'bob', at: at(100), reason: 'the cause is mended' };

describe('liftHoldWrites', () => {
  it('lets promotion go on, once, and keeps who did it, when and why', async () => {
    const { outcome, seen, hold, end, get } = await waiting();
    await end();

    expect(await outcome(liftHoldWrites(seen, hold, bob))).toBe('written');

    expect(await get(keys.hold(service))).toEqual({
      ...{ state: 'lifted', since: at(9), reason: 'incident' },
      ...{ liftedBy: 'bob', liftedAt: at(100), liftedBecause: 'the cause is mended' },
    });
    expect(await outcome(liftHoldWrites(seen, hold, bob))).toBe('conflict');
  });

  it('lifts no hold that is another than the one that was seen', async () => {
    const { outcome, seen, hold, end } = await waiting();
    await end();

    expect(await outcome(liftHoldWrites(seen, { ...hold, since: at(8) }, bob))).toBe('conflict');
  });

  it('waits while the incident is at work', async () => {
    const { outcome, seen, hold } = await waiting();

    expect(await outcome(liftHoldWrites(seen, hold, bob))).toBe('conflict');
  });
});

describe('liftQuarantineWrites', () => {
  it('lets a value be served again, once, and keeps who did it, when and why', async () => {
    const { outcome, seen, end, get } = await waiting();
    await end();

    expect(await outcome(liftQuarantineWrites(seen, aQuarantine(), bob))).toBe('written');

    expect(await get(quarantineKey())).toEqual({
      ...aQuarantine({ state: 'lifted' }),
      ...{ liftedBy: 'bob', liftedAt: at(100), reason: 'the cause is mended' },
    });
    expect(await outcome(liftQuarantineWrites(seen, aQuarantine(), bob))).toBe('conflict');
  });

  it.each([
    ['was quarantined again since', aQuarantine({ since: 1 })],
    ['is only suspected by now', aQuarantine({ state: 'suspected' })],
  ])('lifts nothing that %s', async (_, seenThen) => {
    const { outcome, seen, end } = await waiting();
    await end();

    expect(await outcome(liftQuarantineWrites(seen, seenThen, bob))).toBe('conflict');
  });

  it('waits while the incident is at work', async () => {
    const { outcome, seen } = await waiting();

    expect(await outcome(liftQuarantineWrites(seen, aQuarantine(), bob))).toBe('conflict');
  });
});

describe('ackWrites', () => {
  it('may be said from the opening until a person closes the incident', async () => {
    const running = await opened();
    expect(await running.outcome(ackWrites(anIncident().id, bob))).toBe('written');
    const closing = await waiting();
    expect(await closing.outcome(ackWrites(anIncident().id, bob))).toBe('written');
    const ended = await waiting();
    await ended.end();
    expect(await ended.outcome(ackWrites(anIncident().id, bob))).toBe('written');

    const closed = await waiting();
    await closed.end();
    await closed.outcome(closeWrites(anIncident(), bob, false));
    expect(await closed.outcome(ackWrites(anIncident().id, bob))).toBe('conflict');
  });

  it('keeps the first', async () => {
    const { outcome, ledger, incident } = await opened();
    await outcome(ackWrites(incident.id, bob));

    expect(await outcome(ackWrites(incident.id, ada))).toBe('conflict');
    expect(await ledger.get(keys.note(incident.id, 'ack'))).toEqual({ by: 'bob', at: at(100) });
  });
});

describe('closeWrites', () => {
  it('closes what has ended, in header, summary and list, and keeps who did it, when and why', async () => {
    const { outcome, end, get, incident } = await waiting();
    await end();

    expect(await outcome(closeWrites(incident, bob, false))).toBe('written');

    expect(await get(keys.incident(incident.id))).toMatchObject({
      ...{ state: 'closed', ending: 'contained' },
      ...{ closedBy: 'bob', closedAt: at(100), closedBecause: 'the cause is mended' },
    });
    expect(await get(keys.summary(service, incident.id))).toMatchObject({ state: 'closed' });
    expect(await get(keys.open(incident.id))).toBeUndefined();
  });

  it('closes nothing that is still closing', async () => {
    const { outcome, incident } = await waiting();

    expect(await outcome(closeWrites(incident, bob, false))).toBe('conflict');
  });

  it('keeps on the list of the sweeper what has no report yet', async () => {
    const { outcome, end, get, incident } = await waiting();
    await end();

    expect(await outcome(closeWrites(incident, bob, true))).toBe('written');

    expect(await get(keys.open(incident.id))).toBeDefined();
  });
});

describe('recordWrites', () => {
  it('keeps a release as known good only while no hold stands and no incident is at work', async () => {
    const { outcome, seen, hold, end, get } = await waiting();
    const record = (lifted?: { state: 'lifted'; since: number }) => recordWrites(seen, lifted, aBaseline());
    expect(await outcome(record({ state: 'lifted', since: hold.since }))).toBe('conflict');
    await end();
    expect(await outcome(record())).toBe('conflict');
    expect(await outcome(record({ state: 'lifted', since: hold.since }))).toBe('conflict');

    await outcome(liftHoldWrites(seen, hold, bob));

    expect(await outcome(record({ state: 'lifted', since: hold.since }))).toBe('written');
    expect(await get(keys.baseline(service, aBaseline().id))).toEqual({ ...aBaseline() });
  });
});

import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import {
  attachWrites,
  closeForWrites,
  closingWrites,
  endWrites,
  takeoverWrites,
} from '../../lib/core/lease.ts';
import { aLease, at, executionArn } from '../builders.ts';
import { alarm, opened } from './table.ts';

const closing = { ending: 'recovered', reasons: [] } as const;
const successor = { owner: executionArn('second'), now: at(60) };

describe('closingWrites and closeForWrites', () => {
  it('one of many gets in', async () => {
    const { outcome, lease } = await opened();

    expect(await outcome(closingWrites(lease, { ...closing, alarms: 1 }))).toBe('written');
    expect(await outcome(closingWrites(lease, { ...closing, alarms: 1 }))).toBe('conflict');
  });

  it('not when an alarm joined since they were counted', async () => {
    const { outcome, incident, lease } = await opened();
    await outcome(attachWrites(incident.id, alarm('auc')));

    expect(await outcome(closingWrites(lease, { ...closing, alarms: 1 }))).toBe('conflict');
    expect(await outcome(closingWrites(lease, { ...closing, alarms: 2 }))).toBe('written');
  });

  it('not under a fence that is lost', async () => {
    const { outcome, lease } = await opened();
    await outcome(takeoverWrites(lease, successor));

    expect(await outcome(closingWrites(lease, { ...closing, alarms: 1 }))).toBe('conflict');
  });

  it('the sweeper takes the lease and the ending in one', async () => {
    const { ledger, outcome, lease } = await opened();
    const sweeper = { owner: 'sweeper-20261121T090500', now: at(60) };

    const writes = closeForWrites(lease, {
      ...sweeper,
      ending: 'cancelled',
      reasons: ['a person stopped it'],
    });

    expect(await outcome(writes)).toBe('written');
    expect(await outcome(writes)).toBe('conflict');
    expect(await ledger.get(keys.lease('recommender'))).toMatchObject({ fence: 2, owner: sweeper.owner });
    expect(await ledger.get(keys.incident(lease.incident))).toMatchObject({
      state: 'closing',
      ending: 'cancelled',
      takeovers: 1,
    });
  });

  it('the sweeper closes nothing that is closing already, whoever owns it', async () => {
    const { outcome, lease } = await opened();
    await outcome(closingWrites(lease, { ...closing, alarms: 1 }));

    expect(await outcome(closeForWrites(lease, { ...successor, ...closing }))).toBe('conflict');
  });
});

describe('endWrites', () => {
  const ended = { ending: 'recovered', endedAt: at(90), reportUrl: 's3://reports/a' } as const;
  const begun = async () => {
    const table = await opened();
    await table.outcome(closingWrites(table.lease, { ...closing, alarms: 1 }));
    return { ...table, pointer: () => table.ledger.get(keys.open(table.incident.id)) };
  };

  it('ends what is closing, once, and says so in the summary', async () => {
    const { ledger, outcome, incident, lease } = await begun();

    expect(await outcome(endWrites(lease, { ...ended, state: 'closed' }))).toBe('written');

    expect(await ledger.get(keys.incident(incident.id))).toMatchObject({ ...ended, state: 'closed' });
    expect(await ledger.get(keys.summary('recommender', incident.id))).toMatchObject({ state: 'closed' });
    expect(await outcome(endWrites(lease, { ...ended, state: 'closed' }))).toBe('conflict');
  });

  it('ends nothing that nobody began to close', async () => {
    const { outcome, lease } = await opened();

    expect(await outcome(endWrites(lease, { ...ended, state: 'closed' }))).toBe('conflict');
  });

  it('ends no summary that says it has ended', () => {
    const summary = endWrites(aLease(), { ...ended, state: 'ended' })[2];

    expect(summary).toMatchObject({
      key: keys.summary('recommender', aLease().incident),
      when: { state: ['running'] },
    });
  });

  it('takes what is closed and done off the list of the sweeper', async () => {
    const { outcome, lease, pointer } = await begun();

    await outcome(endWrites(lease, { ...ended, state: 'closed' }));

    expect(await pointer()).toBeUndefined();
  });

  it('says of what waits for a person no more than whose it is', () => {
    expect(endWrites(aLease(), { ...ended, state: 'ended' }).at(-1)).toStrictEqual({
      kind: 'put',
      key: keys.open(aLease().incident),
      item: { incident: aLease().incident, service: 'recommender' },
    });
  });

  it('keeps on the list what waits for a person, for its alarms, or for its report', async () => {
    const waits = await begun();
    await waits.outcome(endWrites(waits.lease, { ...ended, state: 'ended' }));
    expect(await waits.pointer()).toStrictEqual({ incident: waits.incident.id, service: 'recommender' });

    const red = await begun();
    await red.outcome(endWrites(red.lease, { ...ended, state: 'closed', lookAgainAt: at(300) }));
    expect(await red.pointer()).toMatchObject({ lookAgainAt: at(300) });

    const unfinished = await begun();
    await unfinished.outcome(endWrites(unfinished.lease, { ...ended, state: 'closed', unfinished: true }));
    expect(await unfinished.pointer()).toMatchObject({ unfinished: { fence: 1 } });
  });
});

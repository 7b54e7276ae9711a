import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import {
  actUntil,
  attachWrites,
  closingWrites,
  endWrites,
  fenced,
  isExecution,
  mayStillAct,
  openWrites,
  takeoverWrites,
} from '../../lib/core/lease.ts';
import type { Write } from '../../lib/core/write.ts';
import { aLease, alarmArn, anIncident, at, executionArn } from '../builders.ts';
import { alarm, opened } from './table.ts';

const closing = { ending: 'recovered', reasons: [] } as const;
const successor = { owner: executionArn('second'), now: at(60) };

describe('actUntil and mayStillAct', () => {
  it('an attempt may be writing until its function is over, and five seconds of margin', () => {
    expect(actUntil(at(0), 20_000)).toBe(at(25));
  });

  it('F13: a worker that slept through its time begins no write', () => {
    const until = actUntil(at(0), 20_000);

    expect(mayStillAct(until, at(19.9))).toBe(true);
    expect(mayStillAct(until, at(20))).toBe(false);
  });
});

describe('isExecution', () => {
  it('tells an execution from the sweeper', () => {
    expect([isExecution(executionArn('a')), isExecution('sweeper-20261121T090400')]).toEqual([true, false]);
  });
});

describe('openWrites', () => {
  it('I1: of two that saw the lease free, one opens', async () => {
    const { outcome } = await opened();
    const other = anIncident({ id: 'recommender-20261121T090405-ffffffff' });

    expect(await outcome(openWrites(undefined, aLease({ incident: other.id }), other))).toBe('conflict');
  });

  it('takes a lease that was seen free exactly as it was seen', async () => {
    const { outcome, lease } = await opened();
    const next = anIncident({
      id: 'recommender-20261121T093000-ffffffff',
      trigger: { kind: 'person', service: 'recommender', dryRun: false },
    });
    const taken = aLease({ fence: 2, incident: next.id });

    expect(await outcome(openWrites({ ...lease, fence: 0 }, taken, next))).toBe('conflict');
    expect(await outcome(openWrites(lease, taken, next))).toBe('written');
  });

  it('lets no second incident hold the same transition of an alarm', async () => {
    const { outcome, lease } = await opened();
    const again = anIncident({ id: 'recommender-20261121T093000-ffffffff' });

    expect(await outcome(openWrites(lease, aLease({ fence: 2, incident: again.id }), again))).toBe(
      'conflict',
    );
  });

  it('leaves the alarm, the transition, the owner and a place on the list of the sweeper', async () => {
    const { ledger, incident } = await opened();

    expect(await ledger.get(keys.alarm(incident.id, alarmArn('error-ratio')))).toMatchObject({ at: at(0) });
    expect(await ledger.get(keys.transition(alarmArn('error-ratio'), at(0)))).toEqual({
      incident: incident.id,
    });
    expect(await ledger.get(keys.execution(executionArn('first')))).toEqual({ incident: incident.id });
    expect(await ledger.get(keys.open(incident.id))).toMatchObject({ service: 'recommender' });
    expect(await ledger.get(keys.summary('recommender', incident.id))).toMatchObject({ acted: false });
  });
});

describe('openWrites, for a person', () => {
  const person = { kind: 'person', service: 'recommender', dryRun: true } as const;

  it('holds no alarm and no transition', () => {
    const writes = openWrites(undefined, aLease(), anIncident({ trigger: person }));

    expect(writes.filter((w) => w.key.pk.startsWith('alarm#') || w.key.sk.startsWith('alarm#'))).toEqual([]);
    expect(writes).toHaveLength(5);
  });

  it('marks a dry run in the summary, which restrains nobody, and nothing else so', async () => {
    const dry = await opened(anIncident({ trigger: person, dryRun: true }));
    const wet = await opened();
    const summary = { id: anIncident().id, openedAt: anIncident().openedAt, state: 'running', acted: false };

    expect(await dry.ledger.get(keys.summary('recommender', summary.id))).toStrictEqual({
      ...summary,
      dryRun: true,
    });
    expect(await wet.ledger.get(keys.summary('recommender', summary.id))).toStrictEqual(summary);
  });
});

describe('fenced', () => {
  it('checks the fence of the lease before all other writes, and changes nothing of it', () => {
    const note: Write = { kind: 'put', key: keys.note('x', 'y'), item: {} };

    expect(fenced('recommender', 7, [note])).toEqual([
      { kind: 'check', key: keys.lease('recommender'), when: { fence: [7] } },
      note,
    ]);
  });
});

describe('attachWrites', () => {
  it('counts the alarm and keeps it', async () => {
    const { ledger, outcome, incident } = await opened();

    expect(await outcome(attachWrites(incident.id, alarm('auc')))).toBe('written');

    expect(await ledger.get(keys.incident(incident.id))).toMatchObject({ alarms: 2 });
    expect(await ledger.get(keys.alarm(incident.id, alarmArn('auc')))).toMatchObject({ at: at(20) });
    expect(await ledger.get(keys.transition(alarmArn('auc'), at(20)))).toEqual({ incident: incident.id });
  });

  it('F01: attaches one transition once', async () => {
    const { ledger, outcome, incident } = await opened();
    await outcome(attachWrites(incident.id, alarm('auc')));

    expect(await outcome(attachWrites(incident.id, alarm('auc')))).toBe('conflict');
    expect(await ledger.get(keys.incident(incident.id))).toMatchObject({ alarms: 2 });
  });

  it('joins no incident that is closing or closed', async () => {
    const { outcome, incident, lease } = await opened();
    await outcome(closingWrites(lease, { ...closing, alarms: 1 }));

    expect(await outcome(attachWrites(incident.id, alarm('auc')))).toBe('conflict');
    await outcome(endWrites(lease, { state: 'closed', ending: 'recovered', endedAt: at(90) }));
    expect(await outcome(attachWrites(incident.id, alarm('auc')))).toBe('conflict');
  });

  it('joins an incident that has ended and waits for a person', async () => {
    const { outcome, incident, lease } = await opened();
    await outcome(closingWrites(lease, { ...closing, ending: 'escalated', alarms: 1 }));
    await outcome(endWrites(lease, { state: 'ended', ending: 'escalated', endedAt: at(90) }));

    expect(await outcome(attachWrites(incident.id, alarm('auc')))).toBe('written');
  });
});

describe('takeoverWrites', () => {
  it('raises the fence, and the owner before can write no more (I4)', async () => {
    const { ledger, outcome, lease } = await opened();
    const note: Write = { kind: 'put', key: keys.note(lease.incident, 'x'), item: {} };

    expect(await outcome(takeoverWrites(lease, successor))).toBe('written');

    expect(await ledger.get(keys.lease('recommender'))).toMatchObject({
      fence: 2,
      owner: executionArn('second'),
    });
    expect(await ledger.get(keys.incident(lease.incident))).toMatchObject({ takeovers: 1 });
    expect(await outcome(fenced('recommender', 1, [note]))).toBe('conflict');
    expect(await outcome(fenced('recommender', 2, [note]))).toBe('written');
  });

  it('I1: of two that saw the same owner, one takes over', async () => {
    const { outcome, lease } = await opened();

    expect(await outcome(takeoverWrites(lease, successor))).toBe('written');
    expect(await outcome(takeoverWrites(lease, { ...successor, owner: executionArn('third') }))).toBe(
      'conflict',
    );
  });

  it('takes over what is closing, but nothing that has ended', async () => {
    const { outcome, lease } = await opened();
    await outcome(closingWrites(lease, { ...closing, alarms: 1 }));

    expect(await outcome(takeoverWrites(lease, successor))).toBe('written');
    const next = { ...lease, fence: 2, owner: successor.owner };
    await outcome(endWrites(next, { state: 'ended', ending: 'recovered', endedAt: at(90) }));
    expect(await outcome(takeoverWrites(next, { ...successor, owner: executionArn('third') }))).toBe(
      'conflict',
    );
  });
});

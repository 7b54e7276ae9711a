import { describe, expect, it } from '@jest/globals';
import { ackWrites, calm, closeWrites, recordWrites } from '../../lib/core/desk.ts';
import { keys } from '../../lib/core/keys.ts';
import { aBaseline, aLease, anIncident } from '../builders.ts';

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
    expect(closeWrites(anIncident(), ada, true).map((w) => w.kind)).toEqual(['update', 'update']);
  });

  it('keep the first who looks after an incident', () => {
    expect(ackWrites('x', ada)[0]).toMatchObject({ item: { by: 'ada', at: 1 }, when: 'absent' });
  });
});

/** People: starts by hand at the console and at the command line, and a stop. */
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Estate,
  estate,
  hasEnded,
  publisher,
  reinstate,
  start,
  until,
  untilIncident,
} from './estate.ts';
import { flags, healthy, type Monitor, SERVICE, shipBadRules } from './fraud-scorer.ts';

let on: Estate;
let monitor: Monitor;

beforeAll(async () => {
  on = await estate();
  monitor = publisher(on, 'Reinstate/FraudScorer', SERVICE);
});
afterAll(() => monitor.stop());
beforeEach(() => healthy(on, monitor));

describe('people and the deployed stack', () => {
  it('an execution started with {"service": ...} rolls back', async () => {
    await shipBadRules(on);

    await start(on, { service: SERVICE });
    const incident = await untilIncident(on, SERVICE, { is: hasEnded, seconds: 120 });

    expect(incident).toMatchObject({ ending: 'recovered', trigger: { kind: 'person' } });
    expect(await flags(on)).toEqual({ rules: 'v1', features: 'true' });
  });

  it('"reinstate rollback" runs the plan that was read, and ends with 0 when it recovered', async () => {
    await shipBadRules(on);

    const { digest } = JSON.parse(await reinstate('plan', SERVICE, '-o', 'json'));
    const out = await reinstate('rollback', SERVICE, '--plan', digest, '--reason', 'slow since noon');
    const incident = await untilIncident(on, SERVICE, { is: hasEnded, seconds: 5 });

    expect(out).toContain('ended: recovered');
    expect(incident).toMatchObject({
      ending: 'recovered',
      trigger: { kind: 'person', reason: 'slow since noon' },
    });
    expect(await flags(on)).toEqual({ rules: 'v1', features: 'true' });
  });

  it('F50: an execution stopped by a person ends cancelled, is not taken over, and the hold stays', async () => {
    await shipBadRules(on);
    await start(on, { service: SERVICE });
    await until('the first lever', 60, async () => (await flags(on)).rules === 'v1');
    const lease = await on.read.lease(SERVICE);

    await on.sfn.send(new StopExecutionCommand({ executionArn: lease?.owner }));
    const incident = await untilIncident(on, SERVICE, { is: hasEnded, seconds: 150 });

    expect(incident).toMatchObject({ ending: 'cancelled', state: 'closed' });
    expect(await on.read.hold(SERVICE)).toMatchObject({ state: 'standing' });
    expect(await flags(on)).toEqual({ rules: 'v1', features: 'true' });
  });

  it('F07: what is no trigger is refused, and nothing is opened', async () => {
    await start(on, { service: SERVICE, command: 'rm -rf /' });

    const refused = await until('the refusal', 20, async () => (await on.ledger.list('refused', '')).at(-1));

    expect(refused).toMatchObject({ reason: expect.stringContaining('malformed') });
    expect(await on.read.summaries(SERVICE)).toEqual([]);
  });
});

import { describe, expect, it, jest } from '@jest/globals';
import { EXECUTION, type Fake, failure, oneByOne, run } from './helpers/machine.ts';

const opened = {
  incident: 'recommender-20261121T090403-0123abcd',
  service: 'recommender',
  fence: 7,
  next: 'plan',
  rung: 0,
  steps: [],
  settle: [],
  waitSeconds: 0,
};
const flag = (id: string) => ({ id, lever: 'flag' });
const alias = (id: string) => ({ id, lever: 'alias' });
const rung = (nth: number, ...steps: object[]) => ({ next: 'apply', rung: nth, steps });

/** Every function as it behaves in an incident of one flag that recovers at the second look. */
const functions = (overrides: Record<string, Fake> = {}) => ({
  OpenIncident: () => opened,
  PlanRollback: oneByOne({ next: 'hold', ...{ rung: 1, steps: [flag('1.1')] } }),
  HoldPromotion: oneByOne({ next: 'apply' }),
  ApplyFlag: () => ({}),
  ApplyAlias: () => ({}),
  SettleFlag: () => ({}),
  SettleAlias: () => ({}),
  VerifyRecovery: oneByOne({ next: 'wait', waitSeconds: 30 }, { next: 'close' }),
  CloseIncident: oneByOne({ next: 'done' }),
  ...overrides,
});

const times = (entered: readonly string[], state: string): number =>
  entered.filter((s) => s === state).length;

describe('the incident machine', () => {
  it('hands the whole event and the execution to open-incident', async () => {
    const open = jest.fn<Fake>(() => ({ ...opened, next: 'done' }));
    const event = { source: 'aws.cloudwatch', detail: { alarmName: 'latency' } };

    await run(functions({ OpenIncident: open }), event);

    expect(open).toHaveBeenCalledWith({ event, execution: EXECUTION });
  });

  it('ends an attached duplicate after three states', async () => {
    const { entered } = await run(functions({ OpenIncident: () => ({ ...opened, next: 'done' }) }));

    expect(entered).toEqual(['OpenIncident', 'NextStage', 'Done']);
  });

  it('closes a refusal without a plan', async () => {
    const { entered } = await run(
      functions({ OpenIncident: () => ({ ...opened, next: 'close', ending: 'refused' }) }),
    );

    expect(entered).toEqual(['OpenIncident', 'NextStage', 'CloseIncident', 'NextStage', 'Done']);
  });

  it('climbs a ladder of two rungs, settles the second, and stays within its transitions', async () => {
    const settled = { ...rung(2, alias('2.1')), settle: [alias('2.1.s1')] };
    const looks = [{ next: 'wait' }, settled, { next: 'wait' }, { next: 'close' }];

    const { entered } = await run(functions({ VerifyRecovery: oneByOne(...looks) }));

    expect(times(entered, 'ApplyRung')).toBe(2);
    expect(times(entered, 'SettleAlias')).toBe(1);
    expect(entered.slice(-3)).toEqual(['CloseIncident', 'NextStage', 'Done']);
    expect(entered.length).toBeLessThanOrEqual(budget({ steps: 3, looks: looks.length, furtherRungs: 1 }));
  });

  it('pulls the levers of a rung side by side, each by its own function with the fence', async () => {
    const pulled: unknown[] = [];
    const note = (by: string) => (payload: object) => pulled.push({ by, ...payload });
    const plan = oneByOne({ next: 'hold', rung: 1, steps: [flag('1.1'), alias('1.2')] });

    await run(functions({ PlanRollback: plan, ApplyFlag: note('flag'), ApplyAlias: note('alias') }));

    const shared = { incident: opened.incident, service: 'recommender', fence: 7, rung: 1 };
    expect(pulled).toHaveLength(2);
    expect(pulled).toContainEqual({ by: 'flag', ...shared, step: flag('1.1') });
    expect(pulled).toContainEqual({ by: 'alias', ...shared, step: alias('1.2') });
  });

  it('goes on with the neighbours of a step that fails, and verifies', async () => {
    const neighbour = jest.fn<Fake>(() => ({}));
    const plan = oneByOne({ next: 'hold', rung: 1, steps: [flag('1.1'), alias('1.2')] });
    const broken = oneByOne(failure('OutsideRefusal'));

    const { entered } = await run(
      functions({ PlanRollback: plan, ApplyFlag: broken, ApplyAlias: neighbour }),
    );

    expect(neighbour).toHaveBeenCalledTimes(1);
    expect(entered).toContain('StepFailed');
    expect(entered).toContain('VerifyRecovery');
  });

  it('does not pull a lever of a kind that it does not know', async () => {
    const plan = oneByOne({ next: 'hold', rung: 1, steps: [{ id: '1.1', lever: 'teleport' }] });

    const { entered } = await run(functions({ PlanRollback: plan }));

    expect(entered).toContain('StepFailed');
    expect(entered.filter((state) => /^Apply(Flag|Alias)$/.test(state))).toEqual([]);
  });

  it.each(['PlanRollback', 'HoldPromotion', 'VerifyRecovery'])(
    'closes when %s fails, with the error',
    async (stage) => {
      const close = jest.fn<Fake>((cursor) => ({ ...cursor, next: 'done' }));

      await run(functions({ [stage]: oneByOne(failure('FenceLost')), CloseIncident: close }));

      expect(close).toHaveBeenCalledWith(
        expect.objectContaining({
          incident: opened.incident,
          fence: 7,
          error: { Error: 'FenceLost', Cause: expect.anything() },
        }),
      );
    },
  );

  it.each(['OpenIncident', 'CloseIncident'])('fails when %s fails: the sweeper sees that', async (stage) => {
    await expect(run(functions({ [stage]: oneByOne(failure('FenceLost')) }))).rejects.toThrow();
  });

  it('verifies again when close-incident finds that another alarm joined', async () => {
    const close = oneByOne({ next: 'verify' }, { next: 'done' });

    const { entered } = await run(functions({ CloseIncident: close }));

    expect(times(entered, 'CloseIncident')).toBe(2);
    expect(times(entered, 'VerifyRecovery')).toBe(3);
  });

  it.each(['plan', 'hold', 'apply', 'verify', 'wait', 'close', 'done'])(
    'takes an incident up at %s',
    async (next) => {
      const { output } = await run(
        functions({ OpenIncident: () => ({ ...opened, next, steps: [flag('1.1')] }) }),
      );

      expect(output.next).toBe('done');
    },
  );

  it.each([
    ['PlanRollback', 'Lambda.Unknown', 3],
    ['ApplyFlag', 'Sandbox.Timedout', 3],
    ['CloseIncident', 'OutsideTrouble', 3],
    ['ApplyFlag', 'StepStillRunning', 14],
    ['OpenIncident', 'StepStillRunning', 14],
    ['OpenIncident', 'IncidentClosing', 12],
    ['PlanRollback', 'StepStillRunning', 1],
    ['PlanRollback', 'OutsideRefusal', 1],
    ['ApplyAlias', 'FenceLost', 1],
  ])('asks %s after %s %i times in all', async (state, error, asked) => {
    const fake = jest.fn<Fake>(() => {
      throw failure(error);
    });
    const plan = oneByOne({ next: 'hold', rung: 1, steps: [flag('1.1'), alias('1.2')] });

    await run({ ...functions({ PlanRollback: plan }), [state]: fake }).catch(() => undefined);

    expect(fake).toHaveBeenCalledTimes(asked);
  });
});

/** What an incident may cost in transitions (levers are paid by the step). */
const budget = ({
  steps,
  looks,
  furtherRungs,
}: {
  steps: number;
  looks: number;
  furtherRungs: number;
}): number => 14 + 2 * steps + 3 * looks + 4 * furtherRungs;

import { describe, expect, it } from '@jest/globals';
import { day } from '../scenario.ts';
import { callsOf, cameTo, flagHeld, ONE_ALARM, TAKEN_OVER, WELL } from './executions.ts';
import { all, dayOf, endingExecution, fate, type Script } from './faults.ts';

const WRITE = 'dynamodb.TransactWriteItems';

/** The execution fails with the call; what it has done stands. */
const dayOfFailureAt = (script: Script) =>
  day((environment) => {
    environment.script = endingExecution(environment, 'failed', script);
  }, ONE_ALARM);

describe('F11: a crash after the act, before its receipt', () => {
  const setFlag = { function: 'apply-flag', operation: 'ssm.PutParameter' } as const;
  const setAlias = { function: 'apply-alias', operation: 'mlflow.SetAlias' } as const;
  const reload = { function: 'apply-alias', operation: 'service.Reload' } as const;
  const steps = WELL.steps;

  it.each<[string, Parameters<typeof fate>[0], typeof steps]>([
    ['the flag: it is found done', setFlag, { ...steps, '1.1': 'already' }],
    ['the alias, and serving was not told yet: it is told', setAlias, steps],
    ['the alias, and serving was told: it is found done', reload, { ...steps, '2.1': 'already' }],
    [
      'each settle step: both are found done',
      { ...setAlias, from: 2, to: 3 },
      { ...steps, '2.1.s1': 'already', '2.1.s2': 'already' },
    ],
  ])('%s', async (_, calls, ended) => {
    const seen = await dayOf(fate(calls, 'crash after'));

    expect(cameTo(seen)).toEqual({ ...WELL, steps: ended });
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.takeovers).toBe(0);
  });

  it('the flag, and every further attempt dies: the next rung goes on, and nothing is put twice', async () => {
    const seen = await dayOf(
      all(
        fate(setFlag, 'crash after'),
        fate({ function: 'apply-flag', operation: 'lambda.Init', from: 2, to: 3 }, 'crash'),
      ),
    );

    const { '1.1': _, ...others } = WELL.steps;
    expect(cameTo(seen)).toMatchObject({ end: WELL.end, changes: WELL.changes, violations: [] });
    expect(cameTo(seen).steps).toEqual(others);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
  });

  it.each([
    ['the flag', setFlag],
    ['the alias', setAlias],
  ])('%s, and its execution fails with it: whoever takes over finds it done', async (_, calls) => {
    const seen = await dayOfFailureAt(fate(calls, 'crash after'));

    expect(cameTo(seen)).toEqual({ ...TAKEN_OVER, steps: expect.any(Object) });
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.takeovers).toBe(1);
    // Not before the time of the one that died was over (I4).
    const attempt = seen.receipts.find(({ fence }) => fence === 2);
    expect(attempt?.startedAt).toBeGreaterThan(seen.incident.openedAt + 20_000);
  });
});

describe('F12: a crash after the receipt, before the next state', () => {
  const receiptOf = (name: 'apply-flag' | 'apply-alias'): Script =>
    fate({ function: name, operation: WRITE, from: 2 }, 'crash after');

  it.each(['apply-flag', 'apply-alias'] as const)(
    '%s is killed: it goes on at the next lever',
    async (name) => {
      const seen = await dayOf(receiptOf(name));

      expect(cameTo(seen)).toEqual(WELL);
      expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
      // The receipt is read; the target is not.
      const { environment } = await day(undefined, ONE_ALARM);
      const outside = ({ ssm, mlflow }: ReturnType<typeof callsOf>) => ({ ssm, mlflow });
      expect(outside(callsOf(seen.environment, name))).toEqual(outside(callsOf(environment, name)));
    },
  );

  it.each<[string, Script]>([
    ['the receipt of the flag', receiptOf('apply-flag')],
    ['the receipt of the alias', receiptOf('apply-alias')],
    ['the verdict on the first rung', fate({ function: 'verify-recovery', operation: WRITE }, 'crash after')],
    ['the first step of closing', fate({ function: 'close-incident', operation: WRITE }, 'crash after')],
  ])('the execution fails after %s: whoever takes over goes on from there', async (_, script) => {
    const seen = await dayOfFailureAt(script);

    expect(cameTo(seen)).toEqual(TAKEN_OVER);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.takeovers).toBe(1);
    expect(await seen.read.lease('recommender')).toMatchObject({ fence: 2 });
  });
});

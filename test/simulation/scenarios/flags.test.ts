import { describe, expect, it } from '@jest/globals';
import { type MemoryParameter, putParameter } from '../../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { Moment } from '../../../lib/simulation/worker.ts';
import { BREAKS_AFTER_MS, day, once } from '../scenario.ts';
import { ALIAS_CHANGES, ALL_WELL, CHAMPION, came, FLAG, PREVIOUS, ROLLED_BACK } from './came.ts';
import { CHAMPION_BREAKS, ESCALATED } from './variants.ts';

const PARAMETER = FLAG.slice('flag:'.length);

const versionsOf = ({ world }: Environment): string[] =>
  (world.parameters.get(PARAMETER)?.history ?? []).map(({ value, by }) => `${value} by ${by}`);

describe('F17: SSM puts the flag, and its answer is lost', () => {
  it('is read back: the value is there, and no second version is made', async () => {
    const seen = await day((environment) => {
      environment.script = once({ function: 'apply-flag', operation: 'ssm.PutParameter' }, 'loseReply');
    });

    expect(came(seen)).toEqual(ALL_WELL);
    expect(versionsOf(seen.environment)).toEqual([
      'false by operator',
      'true by operator',
      'false by reinstate',
    ]);
  });

  it('also when the function dies with it: the next attempt finds its work done', async () => {
    const seen = await day((environment) => {
      environment.script = once({ function: 'apply-flag', operation: 'ssm.PutParameter' }, 'crash after');
    });

    expect(came(seen)).toEqual({ ...ALL_WELL, steps: { ...ALL_WELL.steps, '1.1': 'already' } });
    expect(versionsOf(seen.environment)).toHaveLength(3);
    expect(seen.receipts[0]).toMatchObject({
      before: { value: 'true' },
      after: { value: 'false' },
      note: 'an earlier attempt had begun it',
    });
  });
});

describe('F18: SSM throttles, or answers TooManyUpdates', () => {
  const throttled = (environment: Environment, times: number) => {
    let asked = 0;
    environment.script = (worker, moment) => {
      if (worker.function !== 'apply-flag' || moment !== 'ssm.PutParameter' || ++asked > times)
        return undefined;
      throw new OutsideTrouble(`Cannot set flag "${PARAMETER}": TooManyUpdates: another update is under way`);
    };
  };

  it('converges when it lasts for a moment', async () => {
    const seen = await day((environment) => throttled(environment, 1));

    expect(came(seen)).toEqual(ALL_WELL);
    expect(versionsOf(seen.environment)).toHaveLength(3);
  });

  it('is a failed step where it does not end: the next rung goes on, and people get the command', async () => {
    const seen = await day((environment) => throttled(environment, Number.POSITIVE_INFINITY));

    expect(came(seen)).toEqual({
      ...ALL_WELL,
      ...ESCALATED,
      changes: ALIAS_CHANGES,
      steps: { ...ALL_WELL.steps, '1.1': 'failed' },
    });
    expect(seen.holds).toMatchObject({ [FLAG]: 'true', [CHAMPION]: '3' });
    expect(seen.pages[0]?.text).toMatch(/by hand:\n {2}aws ssm put-parameter .+'false'/);
  });
});

describe('F19: a person edits the flag while Reinstate is at it', () => {
  const edits = (value: string, before: { moment: Moment; nth?: number }) => (environment: Environment) => {
    const somebody = () => {
      environment.witness.somebody('a person edits the flag', () =>
        putParameter(environment.world, PARAMETER, value),
      );
      return undefined;
    };
    const { moment: operation, nth = 1 } = before;
    environment.script = once({ function: 'apply-flag', operation, nth }, somebody);
  };

  it.each<[string, { moment: Moment }, RegExp]>([
    ['before it looks', { moment: 'lambda.Init' }, /^somebody else moved it: .+, found "beta"$/],
    [
      'after it looked',
      { moment: 'dynamodb.TransactWriteItems' },
      /^operator set flag .+; it was left as it is$/,
    ],
  ])('%s: theirs stays, the conflict is flagged, and somebody is paged', async (_, before, note) => {
    const seen = await day(edits('beta', before));

    expect(came(seen)).toEqual({
      ...ALL_WELL,
      changes: ALIAS_CHANGES,
      steps: { ...ALL_WELL.steps, '1.1': 'conflict' },
      pages: ['recommender (local) recovered'],
      notifications: [],
    });
    expect(seen.holds).toMatchObject({ [FLAG]: 'beta', [CHAMPION]: '3' });
    expect(seen.receipts[0]?.note).toMatch(note);
    expect(seen.pages[0]?.text).toMatch(/new-features: conflict/);
  });

  it('between its last look and its write: the gap in versions tells, and the notification names them', async () => {
    const seen = await day(edits('beta', { moment: 'ssm.PutParameter' }));

    const overwritten = [...ALIAS_CHANGES, `${FLAG} beta -> false`];
    expect(came(seen)).toEqual({ ...ALL_WELL, changes: overwritten });
    expect(seen.receipts[0]?.note).toBe(`operator set flag "${PARAMETER}" in between; it was overwritten`);
    expect(seen.notifications.at(-1)?.text).toContain('in between; it was overwritten');
  });

  it('right after its write: it is not written again, and people are paged', async () => {
    const seen = await day(edits('true', { moment: 'ssm.GetParameter', nth: 9 }));

    expect(came(seen)).toEqual({
      ...ALL_WELL,
      ...ESCALATED,
      steps: { ...ALL_WELL.steps, '1.1': 'failed' },
    });
    expect(seen.holds[FLAG]).toBe('true');
    expect(seen.receipts[0]?.note).toBe('asked for "false", found "true" afterwards');
  });
});

describe('F20: the parameter of the flag cannot be used', () => {
  const spoilt =
    (become: (was: MemoryParameter) => MemoryParameter | undefined) => (environment: Environment) => {
      const { world, witness } = environment;
      const spoil = () => {
        const known = world.parameters.get(PARAMETER) ?? { type: 'String', history: [] };
        const now = become(known);
        if (now) world.parameters.set(PARAMETER, now);
        else world.parameters.delete(PARAMETER);
      };
      environment.later(BREAKS_AFTER_MS + 1000, () =>
        witness.somebody('a person changes the parameter', spoil),
      );
    };
  const KINDS: [string, Parameters<typeof spoilt>[0], string][] = [
    ['is missing', () => undefined, 'there is no such parameter'],
    [
      'is a StringList',
      ({ history }) => ({ type: 'StringList', history }),
      'it is StringList; expected String',
    ],
    [
      'is a SecureString',
      ({ history }) => ({ type: 'SecureString', history }),
      'it is SecureString; expected String',
    ],
  ];
  const WITHOUT_IT = {
    steps: { '1.1': 'applied', '1.1.s1': 'applied', '1.1.s2': 'applied' },
    changes: ALIAS_CHANGES,
  };

  it.each(KINDS)('%s: it is left out and paged for, the other lever goes back', async (_, become, why) => {
    const seen = await day(spoilt(become), CHAMPION_BREAKS);

    const paged = { pages: ['recommender (local) recovered'], notifications: [] };
    expect(came(seen)).toEqual({ ...ALL_WELL, ...WITHOUT_IT, ...paged });
    expect(seen.pages[0]?.text).toContain(why);
    expect(seen.holds).toMatchObject({ [CHAMPION]: '3', [ROLLED_BACK]: '4', [PREVIOUS]: '2' });
  });

  it.each(KINDS.slice(1))(
    '%s, and it is what is bad: nobody guesses, people are called',
    async (_name, become, _why) => {
      const seen = await day(spoilt(become));

      expect(came(seen)).toEqual({
        ...ALL_WELL,
        ...WITHOUT_IT,
        ...ESCALATED,
      });
      expect(seen.holds[FLAG]).toBe('true');
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import type { FunctionName } from '../../../lib/core/function-env.ts';
import type { ArmedService } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { Moment } from '../../../lib/simulation/worker.ts';
import { BREAKS_AFTER_MS, type Day, day } from '../scenario.ts';
import { ALIAS_CHANGES, ALL_WELL, came, FLAG_ONLY } from './came.ts';
import { CHAMPION_BREAKS, ESCALATED, variant } from './variants.ts';

const LATE = 'recommender: rollback is late';

/** Seconds between the deadline and a moment; negative before it. */
const afterDeadline = ({ incident: { deadlineAt = 0 } }: Day, at = 0): number => (at - deadlineAt) / 1000;
const lastPage = (seen: Day): number => afterDeadline(seen, seen.pages.at(-1)?.at);

/** Ten minutes between two datapoints, and a person starts it: the first could be judged after the deadline. */
const SLOW = { services: variant({ periodSeconds: 600, lagSeconds: 420 }), minutes: 90 };
const started = (environment: Environment) =>
  environment.later(BREAKS_AFTER_MS + 1000, () =>
    environment.machine.start('person-1', { service: 'recommender' }),
  );

/** One healthy datapoint is proof enough: its deadline is 170 s for one rung, 270 s for two. */
function quickly(): readonly [ArmedService] {
  const [armed] = variant({});
  const { policy } = armed.service;
  const verify = policy.verify.map((condition) => ({ ...condition, datapoints: 1, of: 1 }));
  return [{ ...armed, service: { ...armed.service, policy: { ...policy, verify } } }];
}

/** Runs of functions, by their numbers, that hang before a call of theirs until their time is over. */
type Hangs = Partial<Record<FunctionName, { readonly runs: readonly number[]; readonly before?: Moment }>>;

const hanging = (hangs: Hangs) => (environment: Environment) => {
  environment.script = ({ function: name, id, execution }, moment) => {
    const { runs, before = 'dynamodb.GetItem' } = hangs[name] ?? { runs: [] };
    const run = Number(id.split('#')[1]);
    return execution && moment === before && runs.includes(run) ? 'hang' : undefined;
  };
};
const TWICE = { runs: [1, 2] };

describe('F57: the deadline is reached with levers left', () => {
  it('while datapoints are waited for: the next rung is not begun, and people are called at once', async () => {
    const seen = await day(started, SLOW);

    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED, pages: [LATE, ...ESCALATED.pages] });
    expect(lastPage(seen)).toBeGreaterThan(0);
    expect(lastPage(seen)).toBeLessThan(10);
    expect(seen.pages.at(-1)?.text).toMatch(/by hand:\n {2}curl .+"version":"3"/);
  });

  it('while its step was being tried: it is not begun any more, and nothing of it is settled', async () => {
    const before = 'ssm.GetParameter';
    const hangs = {
      'open-incident': { ...TWICE, before },
      'plan-rollback': TWICE,
      'hold-promotion': TWICE,
      'apply-flag': TWICE,
      'verify-recovery': TWICE,
      'apply-alias': TWICE,
    } as const;
    const seen = await day(hanging(hangs), { services: quickly() });

    const steps = { '1.1': 'applied', '2.1': 'not-begun', '2.1.s1': 'not-begun', '2.1.s2': 'not-begun' };
    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED, steps });
    expect(seen.receipts.find(({ step }) => step === '2.1')?.note).toBe('the deadline was reached');
    expect(lastPage(seen)).toBeLessThan(120);
  });

  it('while what was done is being settled: settling goes on to its end', async () => {
    const hangs = {
      'plan-rollback': TWICE,
      'hold-promotion': TWICE,
      'apply-alias': { runs: [1, 2, 4, 5, 6, 7] },
    } as const;
    const seen = await day(hanging(hangs), { ...CHAMPION_BREAKS, services: quickly() });

    const steps = { '1.1': 'applied', '1.1.s1': 'applied', '1.1.s2': 'applied' };
    expect(came(seen)).toEqual({ ...ALL_WELL, changes: ALIAS_CHANGES, steps });
    const begun = seen.receipts.map(({ step, startedAt }) => [step, afterDeadline(seen, startedAt) > 0]);
    expect(Object.fromEntries(begun)).toEqual({ '1.1': false, '1.1.s1': true, '1.1.s2': true });
  });

  it('and it is not closed in time: the sweeper calls people within 120 s', async () => {
    const seen = await day((environment) => {
      hanging({ 'close-incident': TWICE })(environment);
      started(environment);
    }, SLOW);

    const still = 'recommender: past the deadline and still running';
    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED, pages: [LATE, still, ...ESCALATED.pages] });
    expect(afterDeadline(seen, seen.pages[1]?.at)).toBeLessThan(120);
  });
});

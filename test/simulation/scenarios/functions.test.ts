import { describe, expect, it } from '@jest/globals';
import type { FunctionName } from '../../../lib/core/function-env.ts';
import { lambdaError, type Moment } from '../../../lib/simulation/worker.ts';
import { type Day, day } from '../scenario.ts';
import { ALIAS_CHANGES, ALL_WELL, type Came, came, FLAG_ONLY } from './came.ts';
import { allowedSeconds, ESCALATED, takenSeconds } from './variants.ts';

/** How a function ends: its time is over, its memory is, it does not come up, or its code cannot be loaded. */
const KINDS = ['timeout', 'out of memory', 'crash at init', 'broken bundle'] as const;
type Kind = (typeof KINDS)[number];

/** What happens to a run of a function at this moment. */
function fateOf(kind: Kind, moment: Moment): 'hang' | 'crash' | undefined {
  const begins = moment === 'lambda.Init';
  if (kind === 'broken bundle' && begins)
    throw lambdaError('Runtime.ImportModuleError', "Error: Cannot find package 'zod'");
  if (kind === 'crash at init') return begins ? 'crash' : undefined;
  if (begins) return undefined;
  return kind === 'timeout' ? 'hang' : 'crash';
}

/** A day on which a function ends so: its first run, or every one. */
const broken = (name: FunctionName, kind: Kind, runs: 'first' | 'all') =>
  day((environment) => {
    let [only]: string[] = [];
    environment.script = (worker, moment) => {
      if (worker.function !== name) return undefined;
      only ??= worker.id;
      return runs === 'all' || worker.id === only ? fateOf(kind, moment) : undefined;
    };
  });

const NOTHING = { changes: [], steps: {} };
const WITHOUT_FLAG = {
  changes: ALIAS_CHANGES,
  steps: { '2.1': 'applied', '2.1.s1': 'applied', '2.1.s2': 'applied' },
};
const FLAG_DONE = { changes: FLAG_ONLY.changes, steps: FLAG_ONLY.steps };
/** Those of three alarms that are attached to an incident that gave up at once call again. */
const pages = expect.arrayContaining([...ESCALATED.pages]) as unknown as string[];

/** What its failing every time leaves of a day. */
const EVERY_TIME: Readonly<Partial<Record<FunctionName, Partial<Came>>>> = {
  'plan-rollback': { ...ESCALATED, ...NOTHING, pages },
  'hold-promotion': { ...ESCALATED, ...NOTHING, pages },
  'apply-flag': { ...ESCALATED, ...WITHOUT_FLAG },
  'apply-alias': {
    ...ESCALATED,
    changes: FLAG_ONLY.changes,
    steps: expect.objectContaining(FLAG_ONLY.steps) as never,
  },
  'verify-recovery': { ...ESCALATED, ...FLAG_DONE },
  'close-incident': ESCALATED,
};
/** Who is called by another path where these fail: their own ways are closed. */
const BY_PLATFORM: readonly FunctionName[] = ['close-incident', 'sweeper'];
const NAMES = [...Object.keys(EVERY_TIME), 'sweeper'] as FunctionName[];

describe('F49: a function ends before it answers', () => {
  it.each(['open-incident', ...NAMES] as const)(
    '%s, once: it is tried again, and all goes well',
    async (name) => {
      for (const kind of KINDS.slice(0, 3))
        expect([kind, came(await broken(name, kind, 'first'))]).toEqual([kind, ALL_WELL]);
    },
  );

  it.each(NAMES)('%s, every time: what is left goes on, and people are called', async (name) => {
    for (const kind of KINDS) {
      const seen = await broken(name, kind, 'all');

      const { platformPages, ...others } = { ...ALL_WELL, ...EVERY_TIME[name] };
      expect([kind, came(seen)]).toEqual([kind, expect.objectContaining(others)]);
      expect([kind, came(seen).platformPages > platformPages]).toEqual([kind, BY_PLATFORM.includes(name)]);
      expect(takenSeconds(seen)).toBeLessThan(allowedSeconds(seen) + 120);
    }
  });

  it.each(KINDS)(
    'open-incident, every time, by %s: nothing is pulled, and people are called twice over',
    async (kind) => {
      const seen = await broken('open-incident', kind, 'all');

      expect(seen.incidents).toEqual([]);
      expect(seen.environment.witness.moves.filter(({ by }) => by !== 'somebody')).toEqual([]);
      expect(seen.pages[0]?.subject).toBe('Reinstate: an execution failed and holds no incident');
      expect(seen.environment.witness.platformPages.length).toBeGreaterThan(0);
      expect(secondsUntilPaged(seen)).toBeLessThan(120);
      expect(seen.violations).toEqual([]);
    },
  );

  it('the error stands in the page in words', async () => {
    const {
      pages: [page],
    } = await broken('plan-rollback', 'broken bundle', 'all');

    expect(page?.text).toContain("Runtime.ImportModuleError: Error: Cannot find package 'zod'");
  });
});

/** From the first alarm on. */
function secondsUntilPaged({ pages: [page], environment: { world } }: Day): number {
  const alarmed = Math.min(...[...world.alarms.values()].map(({ since }) => since));
  return ((page?.at ?? Number.POSITIVE_INFINITY) - alarmed) / 1000;
}

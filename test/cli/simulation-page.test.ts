import { describe, expect, it } from '@jest/globals';
import { counterOn } from '../../lib/cli/seed-counter.ts';
import { summaryAnswer } from '../../lib/cli/simulation-page.ts';
import { factsOf, type SeedFacts, summaryOf, timesOf } from '../../lib/cli/simulation-summary.ts';
import type { Outcome, SimulatedEnding } from '../../lib/simulation/run.ts';

const anEnding = (over: Partial<SimulatedEnding> = {}): SimulatedEnding => ({
  service: 'shop',
  incident: 'shop-20261121T090400-0123abcd',
  ending: 'recovered',
  reasons: [],
  unheard: false,
  ...over,
});
const recovered = (timeToRecover: number, ...levers: string[]) => anEnding({ timeToRecover, levers });
const escalated = (...reasons: string[]) => anEnding({ ending: 'escalated', reasons });

const aSeed = (seed: number, endings: SimulatedEnding[], over: Partial<SeedFacts> = {}): SeedFacts => ({
  seed,
  endings,
  violations: [],
  befell: [],
  faults: 0,
  ...over,
});

const about = {
  service: 'shop',
  environment: 'prod',
  from: 1,
  goalSeconds: 300,
  look: (seed: number) => `look ${seed}`,
  columns: 200,
};
const page = (seeds: readonly SeedFacts[], calm: readonly SeedFacts[] = []) =>
  summaryAnswer(summaryOf(seeds, calm, about.goalSeconds), about);
const linesOf = (...given: Parameters<typeof page>) => page(...given).lines.join('\n');

describe('times to recover', () => {
  it.each([
    [[7], { recovered: 1, p50: 7, p95: 7, max: 7, pastGoal: 0 }],
    [[40, 10, 30, 20], { recovered: 4, p50: 20, p95: 40, max: 40, pastGoal: 0 }],
    [Array.from({ length: 100 }, (_, n) => n + 1), { p50: 50, p95: 95, max: 100, pastGoal: 10 }],
  ])('are told by nearest rank (%#)', (seconds, expected) => {
    const cases = seconds.map((timeToRecover) => ({ timeToRecover }));

    expect(timesOf(cases, 90)).toMatchObject(expected);
  });

  it('are nothing where nothing recovered', () => {
    expect(timesOf([{}], 300)).toBeUndefined();
  });

  it('stand beside the levers that were pulled last, and count who was past the goal', () => {
    const seeds = [
      aSeed(1, [recovered(84, 'flag')]),
      aSeed(2, [recovered(90, 'flag')]),
      aSeed(3, [recovered(301, 'champion', 'flag')]),
    ];

    expect(linesOf(seeds)).toContain(
      [
        '  pulled last        recovered  p50   p95   max   past the goal',
        '  flag               2          1:24  1:30  1:30  0',
        '  champion and flag  1          5:01  5:01  5:01  1',
      ].join('\n'),
    );
  });
});

describe('endings', () => {
  it('are counted with their share and the reason most of them had, whatever names stand in it', () => {
    const seeds = [
      aSeed(1, [recovered(84, 'flag')]),
      aSeed(2, [escalated('cooldown: "shop-1" acted less than 15 minutes ago')]),
      aSeed(3, [escalated('cooldown: "shop-2" acted less than 15 minutes ago')]),
      aSeed(4, [escalated('it failed: verify-recovery@event-1-1#4 ended')]),
    ];

    const lines = linesOf(seeds);

    expect(lines).toContain('endings of 4 incidents');
    expect(lines).toMatch(/ escalated {2}3 +75 % +\(2\) cooldown: … acted less than 15 minutes ago/);
    expect(lines).toMatch(/ recovered {2}1 +25 %/);
  });

  it('I5: count who was past the deadline and called nobody', () => {
    const seeds = [aSeed(1, [anEnding({ ending: 'none', unheard: true })])];

    expect(linesOf(seeds)).toContain('past the deadline without a page: 1');
    expect(linesOf(seeds)).toContain('  not ended');
  });
});

describe('worst seeds', () => {
  it('are the three slowest, and three that were left to people with the least trouble', () => {
    const slow = [50, 90, 70, 80].map((seconds, n) => aSeed(n + 1, [recovered(seconds, 'flag')]));
    const left = [5, 0, 9, 1].map((faults, n) => aSeed(n + 11, [escalated('why')], { faults }));
    const stormy = aSeed(20, [escalated('why')], { befell: ['mlflow is down'] });

    const { slowest, leftToPeople } = summaryOf([...slow, ...left, stormy], [], 300);

    expect(slowest.map(({ seed }) => seed)).toEqual([2, 4, 3]);
    expect(leftToPeople.map(({ seed }) => seed)).toEqual([12, 14, 11]);
  });

  it('tell what happened in a few words, without our own numbers, and the command to look', () => {
    const seed = aSeed(7, [escalated('no answer from mlflow (Authorization: [redacted])')], {
      befell: ['mlflow is down', 'a person edits a target (F19)'],
      faults: 1,
    });

    const lines = linesOf([seed]);

    expect(lines).toContain(
      '7     escalated  no answer from mlflow; mlflow is down; a person edits a target; 1 smaller fault',
    );
    expect(lines).toContain('look at one: look 7');
  });
});

describe('in a narrow window', () => {
  it('only reasons are cut, and nothing that is to be copied', () => {
    const seed = aSeed(7, [escalated('a long story '.repeat(20))]);

    const { lines } = summaryAnswer(summaryOf([seed], [], 300), { ...about, columns: 60 });

    const rows = lines.filter((line) => line.includes('a long story'));
    expect(rows.map((line) => [line.length, line.at(-1)])).toEqual([
      [60, '…'],
      [60, '…'],
    ]);
    expect(lines).toContain('look at one: look 7');
  });
});

describe('what is kept of a seed', () => {
  it('is what concerns the service, and what befell it apart from the small faults', () => {
    const outcome: Outcome = {
      seed: 3,
      violations: [],
      endings: [recovered(84, 'flag'), anEnding({ service: 'neighbour' })],
      happened: ['shop mlflow is down', 'event#1 late', 'neighbour breaks as well'],
      trace: ['many lines'],
    };

    expect(factsOf(outcome, 'shop')).toEqual(
      aSeed(3, [recovered(84, 'flag')], { befell: ['mlflow is down'], faults: 2 }),
    );
  });
});

describe('what somebody else does in between', () => {
  it('is no small fault: it may be all that an incident is left to people for', () => {
    const happened = ['apply-flag@event-1-1#1/7 ssm.PutParameter meddle', 'event#1 late'];

    const facts = factsOf({ seed: 3, violations: [], endings: [], happened, trace: [] }, 'shop');

    expect(facts).toMatchObject({ befell: ['somebody else got in between'], faults: 1 });
  });
});

describe('violations', () => {
  const violations = [{ invariant: 'I2', what: 'applied twice', at: 300.24 }];
  const broken = (...seeds: number[]) => seeds.map((seed) => aSeed(seed, [], { violations }));

  it('are told with their seeds and fail the command', () => {
    const { lines, exit } = page(broken(4));

    expect(exit).toBe(1);
    expect(lines.join('\n')).toContain('  SEED=4\n    I2 at 300.2 s: applied twice\nlook at one: look 4');
  });

  it('count on calm days as well', () => {
    expect(page([], broken(4)).exit).toBe(1);
  });

  it('are counted where they are too many to tell', () => {
    expect(linesOf(broken(1, 2, 3, 4, 5))).toContain(
      '  SEED=3\n    I2 at 300.2 s: applied twice\n  and 2 more seeds',
    );
  });
});

describe('the count of seeds', () => {
  function counting(errIsTty: boolean, ...times: readonly number[]): string {
    let written = '';
    const clock = [0, ...times];
    const err = (text: string) => {
      written += text;
    };
    const counter = counterOn({ err, errIsTty }, () => clock.shift() ?? 0);
    for (const [n] of times.entries()) counter.count(n + 1, 200);
    counter.clear();
    return written;
  }

  it('is drawn over itself once it takes more than 2 seconds, now and then, and cleared at the end', () => {
    expect(counting(true, 1999, 2001, 2100, 2300)).toBe(
      '\r\u001b[K2 of 200 runs\r\u001b[K4 of 200 runs\r\u001b[K',
    );
  });

  it('is not drawn where it is quick, or nobody looks', () => {
    expect(counting(true, 10, 1999)).toBe('');
    expect(counting(false, 2001, 9000)).toBe('');
  });
});

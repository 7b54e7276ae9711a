import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { putParameter } from '../../lib/adapters/memory/world.ts';
import { keys } from '../../lib/core/keys.ts';
import { aBaseline, CHAMPION, FLAG } from '../builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const good = aBaseline({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '1' } } });
const recorded = [keys.baseline('recommender', good.id), good] as const;

describe('reinstate plan', () => {
  it('prints rungs from and to, settle steps, the command for each by hand, and the deadline', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);

    const { exit, out } = await type(desk, 'plan recommender');

    expect(exit).toBe(0);
    expect(out).toContain('recommender: back to recommender-b20261114T101500 in 2 rungs\nplan ');
    expect(out).toContain(
      `  [~] new-features ${FLAG}\n      - "true"\n      + "false"\n      why it sticks: `,
    );
    expect(out).toContain(
      "      by hand: aws ssm put-parameter --name '/shop/recommender/new-features' --type",
    );
    expect(out).toContain(
      '\nrung 2, only if rung 1 has not recovered it\n  clock: proven in 3 min 15 s when ',
    );
    expect(out).toMatch(
      / \[~\] champion alias:recommender@champion\n {6}- "2" \(digest .{12}\)\n {6}\+ "1"\n/,
    );
    expect(out).toMatch(/ {4}\[\+\] settle alias:recommender@rolled_back\n {8}\+ "2"/);
    expect(out).toContain('deadline 7 min 50 s after open, then people are paged\n');
    expect(out).toContain(
      'start it; it is refused once the world has changed: npx reinstate rollback recommender --plan ',
    );
  });

  it('starts no execution and writes nothing', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, recorded);
    const before = world.items.size;

    await type(desk, 'plan recommender');

    expect([world.executions.size, world.items.size]).toEqual([0, before]);
  });

  it('says why there is no plan, as an incident would', async () => {
    const { exit, out, json } = await type(aDesk(aWorld()), 'plan recommender');

    expect([exit, json]).toEqual([0, undefined]);
    expect(out).toContain('because no baseline is recorded that holds nothing quarantined');
  });

  it('names levers that an alarm alone would leave out', async () => {
    const desk = aDesk(aWorld({ service: { runbook: { preApproved: ['new-features'] } } }));
    await given(desk, recorded);

    const { out } = await type(desk, 'plan recommender');

    expect(out).toContain('champion is not pre-approved: an alarm alone leaves it out');
  });

  it('says which command switches to act, for each mode that is stricter', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    setMode(world, { environment: 'local' }, 'observe');
    setMode(world, { environment: 'local', service: 'recommender' }, 'off');

    const { out } = await type(desk, 'plan recommender');

    expect(out).toContain(
      'the mode is off; to act: npx reinstate mode act --env local && npx reinstate mode act --service recommender --env local',
    );
  });

  it('gives the same as JSON', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);

    const { json } = await type(desk, 'plan recommender -o json');

    expect(json).toMatchObject({
      outcome: 'planned',
      digest: expect.stringMatching(/^[0-9a-f]{12}$/),
      plan: {
        baseline: good.id,
        clock: { goalSeconds: 300, rungs: [{ usualSeconds: 100, latestWithinGoal: true }, {}] },
        rungs: [
          {
            steps: [
              {
                target: FLAG,
                now: { value: 'true' },
                to: { value: 'false' },
                takeBack: { command: expect.stringMatching(/--value 'true' --overwrite$/) },
                permissions: {
                  iam: [
                    { resources: [expect.stringMatching(/local\/mode$/), expect.any(String)] },
                    {
                      actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:GetParameterHistory'],
                      resources: [
                        expect.stringMatching(/^arn:aws:ssm:.*:parameter\/shop\/recommender\/new-/),
                      ],
                    },
                  ],
                  kubernetes: [],
                },
              },
            ],
          },
          { settle: [{ now: { value: null } }, {}] },
        ],
      },
      obstacles: [],
    });
  });

  it('F46: says what is left to whoever may not start a third rollback on a day', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    const acted = (id: string) =>
      [
        keys.summary('recommender', id),
        {
          id,
          openedAt: world.clock.now() - 60_000,
          endedAt: world.clock.now(),
          state: 'closed',
          acted: true,
        },
      ] as const;
    await given(desk, recorded, acted('one'), acted('two'));

    const { out } = await type(desk, 'plan recommender');

    expect(out).toContain('at most 2 may; what cannot wait is done by hand: the commands above\n');
  });

  it('prints the command that runs this very plan, with its aim', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);
    const digestOf = async (words: string) =>
      ((await type(desk, `${words} -o json`)).json as { digest: string }).digest;

    const { out } = await type(desk, 'plan recommender --to champion=1');

    const digest = await digestOf('plan recommender --to champion=1');
    expect(out).toContain(`\nplan ${digest}\n`);
    expect(out).toContain(
      `: npx reinstate rollback recommender --to champion=1 --plan ${digest} --env local\n`,
    );
    expect(digest).not.toBe(await digestOf('plan recommender'));
  });

  it('is read in a window of 40 columns, where only what is to be copied is wider', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);

    const { out } = await type(desk, 'plan recommender', { terminal: { isTty: true, columns: 40 } });

    const wide = out.split('\n').filter((line) => line.length > 40);
    const isToCopy = (line: string) => /^ *(aws|curl|npx) |^ *\S+$/.test(line);
    expect(wide.filter((line) => !isToCopy(line))).toEqual([]);
    expect(wide.filter((line) => line.includes('npx reinstate rollback'))).toHaveLength(1);
    expect(out).toContain('deadline 7 min 50 s after open, then\n  people are paged\n');
  });

  it('is coloured as a difference on a terminal that wants it, and nowhere else', async () => {
    const desk = aDesk(aWorld());
    await given(desk, recorded);

    const { out } = await type(desk, 'plan recommender', { terminal: { isTty: true, color: true } });
    const plain = await type(desk, 'plan recommender');

    expect(out).toContain('\u001b[31m- "true"\u001b[39m\n');
    expect(out).toContain('\u001b[32m+ "false"\u001b[39m\n');
    expect(plain.out).not.toContain('\u001b');
  });

  it('F55: a value of 10,000 characters that would write on the terminal is shortened and harmless', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, recorded);
    const bad = `<script>\u001b[2J\u202e${'x'.repeat(4000)}`;
    putParameter(world, '/shop/recommender/new-features', bad);
    await world.clock.sleep(6000);

    const { out, exit } = await type(desk, 'plan recommender');

    expect(exit).toBe(0);
    expect(out).toMatch(/ {6}- "<script> \[2J x{180,190}…"\n/);
    expect(['\u001b', '\u202e'].filter((character) => out.includes(character))).toEqual([]);
  });

  it('says that a plan may be past the goal, or is past it even when nothing is slow', async () => {
    const clockOf = async (goalSeconds: number) => {
      const desk = aDesk(aWorld({ service: { runbook: { goalSeconds } } }));
      await given(desk, recorded);
      const { out } = await type(desk, 'plan recommender');
      return out.split('\n').filter((line) => line.startsWith('  clock: '));
    };

    expect((await clockOf(150)).map((line) => line.split(': ')[2])).toEqual([
      'may be past the goal of 2 min 30 s',
      'is past the goal of 2 min 30 s',
    ]);
  });

  it.each([
    [
      'plan recomender',
      2,
      'Cannot find service "recomender" in environment "local" (did you mean "recommender"?)',
    ],
    ['plan fraud-scorer', 3, 'Cannot use service "fraud-scorer": it is not armed in "local"; deploy it'],
    ['plan', 2, "Cannot run this: missing required argument 'service'; see: npx reinstate plan --help"],
    ['plna recommender', 2, 'Cannot run this: unknown command "plna" (did you mean "plan"?)'],
    ['plan recommender -o yaml', 2, "argument 'yaml' is unknown; expected json"],
  ])('refuses "%s" with one sentence and exit code %d', async (words, exit, sentence) => {
    const typed = await type(aDesk(aWorld()), words);

    expect(typed).toMatchObject({ exit, out: '' });
    expect(typed.err).toContain(sentence);
    expect(typed.err.trimEnd()).not.toContain('\n');
  });

  it('tells an error as JSON too, with the stack only for DEBUG=reinstate', async () => {
    const plain = await type(aDesk(aWorld()), 'plan nothing -o json');
    const debugged = await type(aDesk(aWorld()), 'plan nothing', { env: { DEBUG: 'reinstate' } });

    expect(JSON.parse(plain.err)).toMatchObject({ exit: 2, error: expect.stringContaining('"nothing"') });
    expect(debugged.err).toContain('    at ');
  });
});

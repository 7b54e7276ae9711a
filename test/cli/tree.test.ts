import { describe, expect, it } from '@jest/globals';
import type { IncidentView } from '../../lib/cli/incident-view.ts';
import { changes, headline, plainLine, treeOf } from '../../lib/cli/tree.ts';
import { draw } from '../../lib/cli/tree-draw.ts';
import type { Judged } from '../../lib/core/verdict.ts';
import { anIncident, aPlan, aReceipt, aStep, at, aVerdict } from '../builders.ts';
import { alarmArn, anArmedService } from '../service-builders.ts';

const aView = (over: Partial<IncidentView> = {}): IncidentView => ({
  incident: anIncident(),
  armed: anArmedService(),
  alarms: [{ arn: alarmArn('error-ratio'), at: at(0), joinedAt: at(5) }],
  attempts: [],
  receipts: [],
  verdicts: [],
  pages: [],
  ...over,
});
const planned = { plan: { outcome: 'planned', plan: aPlan() } } as const;
const hold = { state: 'standing', incident: anIncident().id, since: at(8), reason: 'incident' } as const;
const applied = { ...planned, hold, receipts: [aReceipt()] };
const ended = (over: Partial<IncidentView['incident']>) =>
  anIncident({ state: 'closed', endedAt: at(95), reportUrl: 's3://reports/x.html', ...over });

/** The tree without marks and colours, as one text. */
const linesOf = (view: IncidentView, now = at(20)): string =>
  draw(view, now, { columns: 200, rows: 99, color: false }).join('\n');

const judged = (good: readonly boolean[]): Judged => ({
  signal: 'auc',
  well: { is: '>', threshold: 0.75 },
  needed: 6,
  datapoints: good.map((g, n) => ({ at: at(20 + n), value: 0.8, good: g })),
  verdict: 'pending',
});

describe('the tree of an incident', () => {
  it('begins with who opened it, and says that it is planning', () => {
    expect(linesOf(aView())).toBe(
      [
        'recommender-20261121T090405-1a2b3c4d (local) running 0:20 of 5:00',
        '✓ opened by alarm reinstate-local-recommender-error-ratio',
        '● planning',
      ].join('\n'),
    );
  });

  it('names alarms that joined, a mode that is not act, a takeover and who looks after it', () => {
    const view = aView({
      incident: anIncident({ mode: 'observe', takeovers: 1 }),
      alarms: [{ arn: alarmArn('auc'), at: at(9), joinedAt: at(10) }],
      ack: { by: 'ada', at: at(11) },
    });

    const text = linesOf(view);

    expect(text).toContain('  - joined by alarm reinstate-local-recommender-auc\n');
    expect(text).toContain('  - the mode is observe\n');
    expect(text).toContain('  - taken over by the sweeper\n');
    expect(text).toContain('  - ada looks after it\n');
  });

  it('shows the whole ladder before anything is pulled', () => {
    expect(linesOf(aView({ ...planned, hold }))).toContain(
      [
        '✓ planned: 2 rungs back to recommender-b20261114T101500, deadline 7 min 50 s',
        '✓ promotion is on hold',
        '· rung 1',
        '  · new-features "true" -> "false"',
        '· rung 2',
        '  · champion "4" -> "3"',
        '  · settle alias:recommender@rolled_back -> "4"',
        '  · settle alias:recommender@previous_champion -> nothing',
      ].join('\n'),
    );
  });

  it('shows a step that is under way', () => {
    const attempts = [{ step: '1.1', actUntil: at(40), fence: 1, before: { value: 'true' } }];

    expect(linesOf(aView({ ...planned, hold, attempts }))).toContain(
      '● rung 1\n  ● new-features "true" -> "false"\n',
    );
  });

  it('waits for the caches of readers, then counts healthy datapoints in a row', () => {
    const progress = [judged([false, true, true])];

    expect(linesOf(aView(applied), at(12))).toContain('● readers may keep the old value until 09:04:15 UTC');
    expect(linesOf(aView({ ...applied, progress }), at(40))).toContain('● verifying: auc 2/6 (1 breached)');
    expect(linesOf(aView(applied), at(20))).toContain('● verifying: no datapoint yet');
  });

  it('says why a step failed and goes on with the next rung', () => {
    const receipts = [aReceipt(aStep(), { outcome: 'failed', note: 'Cannot set flag: throttled' })];
    const verdicts = [
      aVerdict({ verdict: 'not-recovered', judgedAt: at(21), reasons: ['no step of this rung took effect'] }),
    ];

    expect(linesOf(aView({ ...applied, receipts, verdicts }))).toContain(
      [
        '✗ rung 1',
        '  ✗ new-features "true" -> "false": failed (Cannot set flag: throttled)',
        '  ✗ verified: not-recovered: no step of this rung took effect',
        '· rung 2',
      ].join('\n'),
    );
  });

  it('shows the measured share of each version', () => {
    const [served] = aVerdict().served;
    if (!served) throw new Error("the demo's verdict has a reading");
    const shares = { windowSeconds: 30, requests: { good: 990, bad: 0 } };

    const text = linesOf(aView({ ...applied, verdicts: [aVerdict({ served: [{ ...served, shares }] })] }));

    expect(text).toContain('verified: recovered: good 100 %, bad 0 % of 990 requests in 30 s');
  });

  it('ends with the time to recover against the goal, and with what a person types next', () => {
    const incident = ended({ ending: 'recovered' });

    const text = linesOf(aView({ ...applied, incident, verdicts: [aVerdict()] }), at(999));

    expect(text).toContain('recovered, closed 1:30 of 5:00\n');
    expect(text).toContain('· rung 2 (not needed)\n');
    expect(text).toContain('✓ ended: recovered in 1:30 of 5:00\n');
    expect(text).toContain(`  - report: npx reinstate report ${incident.id} --env local\n`);
    expect(text).toContain(
      '  - lift the hold: npx reinstate hold lift recommender --reason "..." --env local',
    );
  });

  it('ends with the reasons and the command that closes it where it waits for a person', () => {
    const incident = ended({ state: 'ended', ending: 'escalated', reasons: ['the deadline has passed'] });

    const text = linesOf(aView({ ...applied, incident }));

    expect(text).toContain('✗ ended: escalated\n  - because the deadline has passed\n');
    expect(text).toContain(`  - close it: npx reinstate incidents close ${incident.id} --env local`);
  });

  it('tells a refused plan with its reasons once, and levers that were left out', () => {
    const reasons = ['no lever of the policy may be pulled'];
    const leftOut = [{ lever: 'champion', reason: 'it is not pre-approved' }];
    const view = aView({
      incident: ended({ ending: 'refused', reasons }),
      plan: { outcome: 'refused', reasons, leftOut, differences: [] },
    });

    const text = linesOf(view);

    expect(text).toContain('✗ no plan: no lever of the policy may be pulled\n');
    expect(text).toContain('  - left out: champion: it is not pre-approved\n');
    expect(text).not.toContain('because');
  });

  it('says that a dry run pulled nothing', () => {
    const incident = ended({ ending: 'observed', dryRun: true });

    const text = linesOf(aView({ ...planned, incident }));

    expect(text).toContain('(local, dry run) observed, closed');
    expect(text).toContain('· rung 1 (not pulled: nothing is changed)');
  });

  it('says late once the clock is past the goal', () => {
    expect(headline(aView(), at(370))).toMatch(/running 6:10 of 5:00, late$/);
  });

  it('starts the clock at open for a person', () => {
    const trigger = { kind: 'person', service: 'recommender', dryRun: false } as const;

    expect(headline(aView({ incident: anIncident({ trigger }) }), at(20))).toContain('0:15 of 5:00');
  });
});

describe('the drawing', () => {
  it('is never wider than 40 columns or higher than the window while it is redrawn', () => {
    const lines = draw(aView(applied), at(20), { columns: 40, rows: 8, color: false });

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines.slice(0, 2)).toEqual(['recommender-20261121T090405-1a2b3c4d', 'running 0:20 of 5:00']);
    expect(lines).toHaveLength(7);
  });

  it('is whole when it is over: its commands are there to be copied', () => {
    const view = aView({ ...applied, incident: ended({ ending: 'escalated' }) });

    const text = draw(view, at(20), { columns: 40, rows: 4, color: false }).join('\n');

    expect(text).toContain('npx reinstate report recommender-20261121T090405-1a2b3c4d --env local');
  });

  it('has colours only where they are wanted', () => {
    const [plain, colored] = [false, true].map((color) =>
      draw(aView(), at(20), { columns: 80, rows: 20, color }).join(''),
    );

    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[32m');
  });

  it('lets nothing from outside move the cursor (F55)', () => {
    const incident = anIncident({
      trigger: { kind: 'person', service: 'x', dryRun: false, reason: 'a\u001b[2Jb\u202e' },
    });

    expect(linesOf(aView({ incident }))).toContain('opened by a person: a [2Jb ');
  });
});

describe('plain lines', () => {
  it('tell only what changed, and nothing that only waits', () => {
    const before = treeOf(aView({ ...planned, hold }), at(9));
    const after = treeOf(aView(applied), at(12));

    const told = changes(before, after).filter((node) => !node.heads);

    expect(told.map((node) => plainLine(node, 12))).toEqual([
      '[0:12] ✓ rung 1: new-features "true" -> "false": applied in 1 s',
      '[0:12] ● rung 1: readers may keep the old value until 09:04:15 UTC',
    ]);
    expect(changes(after, after)).toEqual([]);
    expect(changes([], before).map((node) => node.key)).toEqual(['open', 'plan', 'hold']);
  });

  it('carry the moment at which it happened, not that of looking', () => {
    const nodes = treeOf(aView(applied), at(500));

    expect(nodes.find((node) => node.key === 'apply:1.1')?.at).toBe(at(10));
  });
});

import { describe, expect, it } from '@jest/globals';
import type { IncidentView } from '../../lib/cli/incident-view.ts';
import { changes, plainLine, treeOf } from '../../lib/cli/tree.ts';
import { draw } from '../../lib/cli/tree-draw.ts';
import { keys } from '../../lib/core/keys.ts';
import type { PageRecord } from '../../lib/core/report.ts';
import { anIncident, at } from '../builders.ts';
import { anArmedService } from '../service-builders.ts';
import { aWorld, given, meanwhile, type } from './desk.ts';
import { closed, id, running } from './watching.ts';

const failed: PageRecord = {
  at: at(30),
  urgency: 'page',
  subject: 'recommender (local) is late',
  channel: 'slack',
  to: '#ml-oncall',
  outcome: 'failed',
  problem: 'Cannot post to Slack "#ml-oncall": channel_not_found',
};
const sent: PageRecord = { ...failed, channel: 'sns', to: 'oncall', outcome: 'sent' };
const aView = (...pages: PageRecord[]): IncidentView => ({
  incident: anIncident(),
  armed: anArmedService(),
  alarms: [],
  attempts: [],
  receipts: [],
  verdicts: [],
  pages,
});
const linesOf = (view: IncidentView, columns = 200): string[] =>
  draw(view, at(40), { columns, rows: 99, color: false }).slice(3);

const NOBODY = '✗ nobody has been told yet: no channel took anything; the sweeper tries again each minute';

describe('F48: a channel that does not take a page', () => {
  it('stands in the tree with what it answered', () => {
    expect(linesOf(aView(failed, sent))).toEqual([
      '✗ page not taken by slack "#ml-oncall": Cannot post to Slack "#ml-oncall": channel_not_found',
    ]);
    expect(linesOf(aView(sent))).toEqual([]);
  });

  it('is worse where it was the only one: nobody has been told', () => {
    expect(linesOf(aView(failed)).at(-1)).toBe(NOBODY);
    expect(linesOf(aView(failed), 40).slice(-2)).toEqual([
      '✗ slack took no page: Cannot post to Sl…',
      '✗ nobody has been told yet',
    ]);
  });

  it('is an old story once something goes out there', () => {
    expect(linesOf(aView({ ...failed, at: at(35), outcome: 'sent' }, failed))).toEqual([]);
  });

  it('is told once without a terminal, and again for the next message', () => {
    const before = treeOf(aView(failed, sent), at(40));
    const same = treeOf(aView({ ...failed, at: at(39) }, sent), at(40));
    const next = treeOf(
      aView(failed, sent, { ...failed, at: at(50), subject: 'recommender needs you' }),
      at(60),
    );

    expect(changes(before, same)).toEqual([]);
    expect(changes(before, next).map((node) => plainLine(node, 50))).toEqual([
      '[0:50] ✗ page not taken by slack "#ml-oncall": Cannot post to Slack "#ml-oncall": channel_not_found',
    ]);
  });

  it('is told by watch while the incident goes on, and as an event', async () => {
    for (const [option, told] of [
      ['', '✗ page not taken by slack "#ml-oncall": '],
      [' -o json', '"key":"told:slack:#ml-oncall","state":"bad","text":"page not taken by slack '],
    ] as const) {
      const world = aWorld();
      const desk = await running(world);
      const script = meanwhile(
        world,
        () => given(desk, [keys.note(id, 'late'), { pages: [failed, sent], at: at(30) }]),
        () => given(desk, closed),
      );

      const { out } = await type({ ...desk, ...script }, `watch ${id}${option}`);

      expect(out.split(told)).toHaveLength(1 + 1);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import type { IncidentView } from '../../lib/cli/incident-view.ts';
import { namedSignals, periodsOf, type SignalSeen } from '../../lib/cli/signal-series.ts';
import { sparkline } from '../../lib/cli/sparkline.ts';
import { changes, forPrograms, treeOf } from '../../lib/cli/tree.ts';
import { type Canvas, draw } from '../../lib/cli/tree-draw.ts';
import { widthOf } from '../../lib/cli/width.ts';
import { anIncident, at } from '../builders.ts';
import { aCondition, anArmedService, aSignal } from '../service-builders.ts';

const below: SignalSeen['well'] = { is: '<', threshold: 0.05 };
/** One value every 10 s from the alarm on; `undefined` brought nothing. */
const values = (...given: (number | undefined)[]) =>
  given.flatMap((value, n) => (value === undefined ? [] : [{ at: at(10 * n), value }]));
const seen = (over: Partial<SignalSeen> = {}): SignalSeen => ({ signal: aSignal(), well: below, ...over });
const aView = (...signals: SignalSeen[]): IncidentView => ({
  incident: anIncident(),
  alarms: [],
  attempts: [],
  receipts: [],
  verdicts: [],
  pages: [],
  signals,
});
/** As if each signal had been read at this moment. */
const readNow = (view: IncidentView, now: number): IncidentView => ({
  ...view,
  signals: (view.signals ?? []).map((s) => ({ readAt: now, ...s })),
});
/** The lines about signals, at 60 s after the alarm. */
const lines = (view: IncidentView, canvas: Partial<Canvas> = {}, now = at(60)): string[] =>
  draw(readNow(view, now), now, { columns: 100, rows: 99, color: false, ...canvas }).slice(3);

describe('sparkline()', () => {
  it('reaches from the least to the most of values and threshold', () => {
    expect(sparkline([0, 7, 3.5], undefined, true).join('')).toBe('▁█▅');
    expect(sparkline([1, 1.5], 8, true).join('')).toBe('▁▁');
  });

  it('shows a gap for what is missing', () => {
    expect(sparkline([0, null, 8], 8, true).join('')).toBe('▁ █');
  });

  it('is of middle height where all is equal', () => {
    expect(sparkline([5, 5], 5, true).join('')).toBe('▄▄');
  });

  it('is ASCII where the terminal shows nothing else', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], undefined, false).join('')).toMatch(/^[ -~]{8}$/);
  });
});

describe('the signals of an incident', () => {
  it('are those that verify names, and those that only when names, well when that is false', () => {
    const armed = anArmedService({
      service: {
        policy: {
          when: [aCondition('latency'), aCondition('error-ratio', { threshold: 0.2 })],
          verify: [aCondition('error-ratio', { is: '<', threshold: 0.01 })],
        },
      },
    });

    expect(namedSignals(armed).map(({ signal, well }) => [signal.name, well])).toEqual([
      ['error-ratio', { is: '<', threshold: 0.01 }],
      ['latency', { is: '<=', threshold: 250 }],
    ]);
  });

  it('have a gap for each period that is over and brought nothing, also at the end', () => {
    const datapoints = values(1, undefined, 3);

    expect(periodsOf(seen({ datapoints }), at(55)).map((p) => p.value)).toEqual([1, null, 3, null, null]);
    expect(periodsOf(seen({ datapoints }), at(44)).map((p) => p.value)).toEqual([1, null, 3]);
  });

  it('end with their last datapoint once the incident is over', () => {
    expect(periodsOf(seen({ datapoints: values(1, undefined, 3) })).map((p) => p.value)).toEqual([
      1,
      null,
      3,
    ]);
  });

  it('leave out a period that is not over, whose value is not final', () => {
    expect(periodsOf(seen({ datapoints: values(1, 9) }), at(19)).map((p) => p.value)).toEqual([1]);
  });

  it('show the latest 40 periods', () => {
    const datapoints = values(...Array.from({ length: 100 }, (_, n) => n));

    const periods = periodsOf(seen({ datapoints }), at(1000));

    expect([periods.length, periods.at(-1)?.value]).toEqual([40, 99]);
  });
});

describe('a signal in the tree', () => {
  it('has its bars, the latest value and its threshold in words', () => {
    const datapoints = values(0.01, 0.31, undefined, 0.31, 0.02);

    expect(lines(aView(seen({ datapoints })), {}, at(52))).toEqual([
      '✓ error-ratio ▁█ █▁ 0.02 at 09:04:40, healthy below 0.05',
    ]);
  });

  it('stands below the one before it, period under period', () => {
    const slow = seen({ signal: aSignal({ name: 'auc' }), datapoints: values(undefined, undefined, 0.3) });

    expect(lines(aView(seen({ datapoints: values(1, 1, 1) }), slow), {}, at(32))).toEqual([
      '✗ error-ratio ███ 1 at 09:04:20, healthy below 0.05',
      '✗ auc           █ 0.3 at 09:04:20, healthy below 0.05',
    ]);
  });

  it.each([
    ['no datapoint came', { datapoints: [] }, '- error-ratio no datapoint, healthy below 0.05'],
    [
      'none comes any more',
      { datapoints: values(0.31) },
      '- error-ratio █    no datapoint any more, was 0.31 at 09:04:00, healthy below 0.05',
    ],
    [
      'it cannot be read',
      { unreadable: 'Cannot read signal "error-ratio": AccessDenied' },
      '- error-ratio cannot be read, healthy below 0.05\n - Cannot read signal "error-ratio": AccessDenied',
    ],
    ['its reference is not known', { datapoints: values(1), well: undefined }, 'its reference is not known'],
  ])('says that %s', (_, over, expected) => {
    const { well, ...rest } = { ...seen(), ...over };

    const text = lines(aView({ ...rest, ...(well && { well }) })).join('\n');

    expect(text.replace(/ {2,}/g, ' ')).toContain(expected.replace(/ {2,}/g, ' '));
  });

  it('has no gap for what nobody has looked for since', () => {
    const silent = seen({ datapoints: values(0.01, 0.31), readAt: at(22) });

    expect(lines(aView(silent), {}, at(120))).toEqual([
      '✗ error-ratio ▁█ 0.31 at 09:04:10, healthy below 0.05',
    ]);
  });

  it('has its bars below it in a narrow window', () => {
    expect(lines(aView(seen({ datapoints: values(0.01, 0.31) })), { columns: 40 }, at(22)).slice(1)).toEqual([
      '✗ error-ratio 0.31, healthy below 0.05',
      '  ▁█',
    ]);
  });

  it('colours each bar by what it says', () => {
    const text = lines(aView(seen({ datapoints: values(0.01, 0.31) })), { color: true }, at(22)).join();

    expect(text).toContain('\u001b[32m▁\u001b[39m\u001b[31m█\u001b[39m');
  });

  it('is news for people when it changes sides, and for programs with each value', () => {
    const treeAfter = (...given: number[]) => {
      const now = at(10 * given.length + 1);
      return treeOf(readNow(aView(seen({ datapoints: values(...given) })), now), now);
    };
    const [one, two, well] = [treeAfter(0.1, 0.2), treeAfter(0.1, 0.2, 0.3), treeAfter(0.1, 0.2, 0.3, 0.01)];

    expect([changes(one, two), changes(two, well).map((node) => node.state)]).toEqual([[], ['done']]);
    expect(changes(one, two, forPrograms).map((node) => node.facts?.['value'])).toEqual([0.3]);
  });
});

describe('a window', () => {
  const outside = '\u001b[2J\u202eשלום 日本語👍🏽 '.repeat(500);
  const view: IncidentView = {
    ...aView(
      seen({ datapoints: values(0.01, 0.31), signal: aSignal({ name: outside.slice(0, 60) }) }),
      seen({ unreadable: outside }),
    ),
    incident: anIncident({ trigger: { kind: 'person', service: 'x', dryRun: false, reason: outside } }),
    ack: { by: outside, at: at(9) },
    trouble: { since: at(10), sentence: outside },
  };

  it.each([20, 40, 71, 72, 100, 200])(
    'of %d columns has no wider line, whatever comes from outside (F55)',
    (columns) => {
      const drawn = draw(view, at(60), { columns, rows: 99, color: false });

      expect(Math.max(...drawn.map(widthOf))).toBeLessThanOrEqual(columns);
      expect(drawn.join('')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      expect(drawn.join('')).toContain('\u2068ש');
    },
  );

  it('has nothing but ASCII where the locale says so', () => {
    const drawn = draw(view, at(60), { columns: 100, rows: 99, color: false, unicode: false });

    expect(drawn.join('')).toMatch(/^[ -~]+$/);
  });

  it('has the lines that go on at the end, and no more than it has rows', () => {
    const drawn = draw(view, at(60), { columns: 40, rows: 6, color: false });

    expect(drawn).toHaveLength(5);
    expect(drawn.at(-1)).toContain('cannot look since 09:04:10');
  });
});

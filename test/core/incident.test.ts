import { describe, expect, it } from '@jest/globals';
import {
  closesAtOnce,
  type Ending,
  endingOf,
  type IncidentSummary,
  incidentId,
  restraint,
  wakesSomebody,
} from '../../lib/core/incident.ts';
import { aPlan, aReceipt, aStep, at, aVerdict, CHAMPION, FLAG } from '../builders.ts';

describe('incidentId', () => {
  it('is service, moment in UTC and eight letters of the hash', () => {
    expect(incidentId('recommender', at(3), '0123456789abcdef')).toBe('recommender-20261121T090403-01234567');
  });
});

const MINUTE = 60;
const HOUR = 60 * MINUTE;

describe('restraint', () => {
  const acted = (over: Partial<IncidentSummary> = {}): IncidentSummary => ({
    id: 'recommender-20261121T080000-00000000',
    openedAt: at(-HOUR),
    endedAt: at(-HOUR + 3 * MINUTE),
    state: 'closed',
    acted: true,
    ending: 'recovered',
    ...over,
  });

  it('none without incidents before it', () => {
    expect(restraint([], at(0), false)).toBeUndefined();
  });

  it('cooldown: fifteen minutes after the end of an incident that acted', () => {
    const earlier = [acted({ openedAt: at(-20 * MINUTE), endedAt: at(-14 * MINUTE) })];

    expect(restraint(earlier, at(0), false)).toBe(
      'cooldown: "recommender-20261121T080000-00000000" acted less than 15 minutes ago',
    );
    expect(restraint(earlier, at(MINUTE), false)).toBeUndefined();
  });

  it('cooldown counts from the opening where no end is known', () => {
    const { endedAt: _, ...open } = acted({ openedAt: at(-14 * MINUTE) });

    expect(restraint([open], at(0), false)).toMatch(/^cooldown/);
  });

  it('a person skips the cooldown', () => {
    expect(restraint([acted({ endedAt: at(-MINUTE) })], at(0), true)).toBeUndefined();
  });

  it('F50: an incident that a person stopped restrains an alarm as well, and not a person', () => {
    const stopped = acted({ acted: false, ending: 'cancelled', endedAt: at(-MINUTE) });

    expect(restraint([stopped], at(0), false)).toMatch(/ was stopped by a person less than 15 minutes ago$/);
    expect(restraint([stopped], at(0), true)).toBeUndefined();
  });

  it('F46: cascade: the third acting incident in 24 hours is refused, also to a person', () => {
    const earlier = [acted({ openedAt: at(-23 * HOUR) }), acted({ openedAt: at(-2 * HOUR) })];

    expect(restraint(earlier, at(0), false)).toBe(
      'cascade: 2 incidents of this service acted in the last 24 hours, at most 2 may',
    );
    expect(restraint(earlier, at(0), true)).toMatch(/^cascade/);
  });

  it('an incident of more than 24 hours ago does not count', () => {
    expect(restraint([acted({ openedAt: at(-24 * HOUR) }), acted()], at(0), false)).toBeUndefined();
  });

  it('incidents that did not act restrain nothing', () => {
    const idle = acted({ acted: false, endedAt: at(-MINUTE), openedAt: at(-2 * MINUTE) });

    expect(restraint([idle, idle, idle], at(0), false)).toBeUndefined();
  });
});

describe('endingOf', () => {
  const plan = () => aPlan();
  const flag = () => aReceipt(aStep('1.1'));
  const champion = () => aReceipt(aStep('2.1'));
  const unsure = aVerdict({ verdict: 'inconclusive', rung: 2 });

  it('recovered when the last verdict is', () => {
    expect(endingOf([aVerdict({ verdict: 'not-recovered' }), aVerdict()], [flag(), champion()], plan())).toBe(
      'recovered',
    );
  });

  it('contained when all that differs was moved, and is served so', () => {
    expect(endingOf([unsure], [flag(), champion()], plan())).toBe('contained');
    expect(endingOf([aVerdict({ rung: 2, verdict: 'not-recovered' })], [flag(), champion()], plan())).toBe(
      'contained',
    );
  });

  it('contained also by a plan that speaks of no unseen target', () => {
    const { unseen: _, ...spoken } = plan();

    expect(endingOf([unsure], [flag(), champion()], spoken)).toBe('contained');
  });

  const nothingDiffers = () => ({ ...plan(), differences: [] });
  const flagDiffers = () => ({ ...plan(), differences: plan().differences.filter((d) => d.target === FLAG) });
  const astray = { target: 'a', expected: '3', values: ['4'], good: false };
  const failed = () => aReceipt(aStep('2.1'), { outcome: 'failed' });
  const withheld = () => aReceipt(aStep('1.1'), { outcome: 'withheld' });

  it.each([
    ['something that differs was not moved', () => endingOf([unsure], [flag()], plan())],
    ['a step failed', () => endingOf([unsure], [flag(), failed()], plan())],
    ['a step was withheld', () => endingOf([unsure], [withheld()], plan())],
    [
      'a target could not be seen',
      () => endingOf([unsure], [flag(), champion()], { ...plan(), unseen: [CHAMPION] }),
    ],
    ['there is no plan', () => endingOf([unsure], [flag(), champion()], undefined)],
    ['nothing was pulled', () => endingOf([unsure], [], { ...plan(), differences: [] })],
    [
      'a step failed, though nothing differed',
      () => endingOf([unsure], [flag(), failed()], nothingDiffers()),
    ],
    [
      'another target was moved than the one that differs',
      () => endingOf([unsure], [champion()], flagDiffers()),
    ],
    [
      'one of two targets serves the bad release',
      () => endingOf([{ ...unsure, served: [...unsure.served, astray] }], [flag(), champion()], plan()),
    ],
    [
      'what the last rung moved was not judged',
      () => endingOf([aVerdict({ rung: 1, verdict: 'not-recovered' })], [flag(), champion()], plan()),
    ],
    ['nothing was judged', () => endingOf([], [flag(), champion()], plan())],
    [
      'an instance serves the bad release',
      () =>
        endingOf(
          [aVerdict({ verdict: 'inconclusive', rung: 2, served: [astray] })],
          [flag(), champion()],
          plan(),
        ),
    ],
  ])('escalated when %s', (_, ending) => {
    expect(ending()).toBe('escalated');
  });

  it('a settle step that failed does not make the bad release serve again', () => {
    const settle = aReceipt(aStep('2.1.s1'), { outcome: 'failed' });

    expect(endingOf([unsure], [flag(), champion(), settle], plan())).toBe('contained');
  });
});

describe('closesAtOnce and wakesSomebody', () => {
  it.each<[Ending, boolean, boolean]>([
    ['recovered', true, false],
    ['contained', false, true],
    ['escalated', false, true],
    ['refused', true, true],
    ['observed', true, false],
    ['cancelled', true, true],
  ])('%s: closes at once %s, pages %s', (ending, closes, pages) => {
    expect([closesAtOnce(ending), wakesSomebody(ending, {})]).toEqual([closes, pages]);
  });

  it('a refusal pages only where it says so', () => {
    expect(wakesSomebody('refused', { wakes: false })).toBe(false);
    expect(wakesSomebody('escalated', { wakes: false })).toBe(true);
  });
});

/** What has to be true after a rollback, item by item, answered from a report's own facts. */
import { conditionText, date, dateTime, duration, withUnit } from './amounts.ts';
import { type Checked, type CheckFacts, notApplicable, notProven, proven } from './checked.ts';
import { trafficItem } from './checklist-traffic.ts';
import type { CheckItem, Series } from './report.ts';
import type { Signal, Unit } from './service.ts';
import { tookEffect } from './step.ts';
import type { Judged } from './verdict.ts';

/** The post-rollback verification list: the same five items for every incident. */
const ITEMS: readonly (readonly [item: string, check: (facts: CheckFacts) => Checked])[] = [
  ['SLOs are back within target within the expected time', sloItem],
  ['0 % of the traffic goes to the bad version, 100 % to the last known good', trafficItem],
  ['Queues and backlogs have drained to normal', queueItem],
  ['The notes are updated, and a root cause analysis is scheduled', notesItem],
  ['Nothing automatic can promote the bad version again', promotionItem],
];

export const checklistOf = (facts: CheckFacts): CheckItem[] =>
  ITEMS.map(([item, check]) => ({ item, ...(untouched(facts) ?? check(facts)) }));

/** Where no lever was pulled there is nothing to verify; a hold that stands all the same is told elsewhere. */
function untouched({ incident, receipts }: CheckFacts): Checked | undefined {
  if (incident.dryRun) return notApplicable('This was a dry run: nothing was changed');
  if (receipts.some(tookEffect) || incident.acted === true) return undefined;
  return notApplicable('No lever was pulled: there is no rollback to verify');
}

function sloItem(facts: CheckFacts): Checked {
  const { verdicts, timeToRecoverSeconds: took, goalSeconds } = facts;
  const last = verdicts.at(-1);
  if (!last) return notProven('It ended before anything was judged');
  if (last.verdict !== 'recovered') {
    const unwell = last.signals.filter((s) => s.verdict !== 'recovered').map((s) => s.signal);
    const whose = unwell.length > 0 ? `: not well are ${unwell.join(', ')}` : because(last.reasons);
    return notProven(`The last verdict is ${last.verdict}${whose}`);
  }
  const well = last.signals.map((s) => judgedText(s, unitOf(facts, s.signal))).join('; ');
  if (took === undefined) return notProven(`They are back (${well}), but nobody knows how long it took`);
  const late = took - goalSeconds;
  return late > 0
    ? notProven(`They are back after ${duration(took)}, ${duration(late)} past the goal: ${well}`)
    : proven(`${well}; that took ${duration(took)} of ${duration(goalSeconds)}`);
}

const because = (reasons: readonly string[]): string =>
  reasons.length > 0 ? `, because of ${reasons.join('; ')}` : '';

const unitOf = ({ series }: CheckFacts, name: string): Unit =>
  series.find(({ signal }) => signal.name === name)?.signal.unit ?? 'ratio';

/** `errors: 3 in a row below 5 %, the last 0.97 %`. */
function judgedText({ signal, well, needed, datapoints }: Judged, unit: Unit): string {
  const last = datapoints.at(-1)?.value ?? Number.NaN;
  return `${signal}: ${needed} in a row ${conditionText(well, unit)}, the last ${withUnit(last, unit)}`;
}

/** Namespaces of queues and streams; and how people call a backlog elsewhere. */
const BACKLOG =
  /\bqueues?\b|backlog|consumer.?lag|offset.?lag|iterator.?age|ApproximateNumberOfMessages|ApproximateAge/i;

/** Whether a signal measures what waits: how much of it, or for how long. */
export const measuresBacklog = ({ name, metric }: Signal): boolean =>
  metric.namespace === 'AWS/SQS' ||
  [name, metric.name].some((word) => BACKLOG.test(word.replace(/[_-]/g, ' ')));

function queueItem(facts: CheckFacts): Checked {
  const queues = facts.series.filter(({ signal }) => measuresBacklog(signal));
  if (queues.length === 0) return notApplicable('No signal of this service measures a queue or a backlog');
  const answers = queues.map((queue) => drained(facts, queue));
  const short = answers.find(({ state }) => state !== 'proven');
  return short ?? proven(answers.map(({ evidence }) => evidence).join('; '));
}

function drained(facts: CheckFacts, { signal: { name, unit } }: Series): Checked {
  const judged = facts.verdicts.at(-1)?.signals.find((s) => s.signal === name);
  if (!judged) return notProven(`${name} was not judged: verify does not name it`);
  return judged.verdict === 'recovered'
    ? proven(judgedText(judged, unit))
    : notProven(`${name} was judged ${judged.verdict.replace('-', ' ')}`);
}

function notesItem({ rcaDueAt, pages, acknowledged }: CheckFacts): Checked {
  if (rcaDueAt === undefined) return notProven('No day was set for a root cause analysis');
  const who = acknowledged ? `; ${acknowledged.by} looks after it` : '';
  const kept = `This report keeps the notes, and the analysis is due on ${date(rcaDueAt)}${who}`;
  const unheard = pages.every(({ outcome }) => outcome === 'failed');
  return unheard ? notProven(`${kept}; but nobody could be told`) : proven(kept);
}

function promotionItem(facts: CheckFacts): Checked {
  const { hold, quarantined } = facts;
  const loose = unsettled(facts);
  if (loose.length > 0) return notProven(`It may come back by itself: not settled is ${loose.join(', ')}`);
  if (!hold) return notProven('No hold stands');
  const barred = quarantined.map(({ target, value }) => `${target} "${value}"`);
  const refused = barred.length > 0 ? `, and quarantined: ${barred.join(', ')}` : '';
  return proven(`Promotion is on hold since ${dateTime(hold.since)}${refused}`);
}

/** Targets of settle steps without effect, of rungs that took effect. */
function unsettled({ plan, receipts }: Pick<CheckFacts, 'plan' | 'receipts'>): string[] {
  const done = new Set(receipts.filter(tookEffect).map((r) => r.step));
  const rungs = (plan?.rungs ?? []).filter(({ steps }) => steps.some(({ id }) => done.has(id)));
  return rungs.flatMap(({ settle }) => settle.filter(({ id }) => !done.has(id)).map(({ target }) => target));
}

import { checklistOf } from './checklist.ts';
import { comparisonOf } from './condition.ts';
import { REPORT_VERSION } from './format.ts';
import type { Ending, Incident } from './incident.ts';
import { nextSteps } from './next-steps.ts';
import { type ClosingReport, type Mark, type Phase, RCA_DUE_DAYS } from './report.ts';
import type { ArmedService, Condition, Signal } from './service.ts';
import { type Receipt, say, switchOf, tookEffect } from './step.ts';
import { type Judged, meets } from './verdict.ts';

type Records =
  | 'alarms'
  | 'plan'
  | 'addresses'
  | 'receipts'
  | 'verdicts'
  | 'hold'
  | 'quarantined'
  | 'pages'
  | 'acknowledged';

/** All records of an incident that has an ending: what its closing report is made of. */
export interface IncidentFacts extends Pick<ClosingReport, Records | 'series' | 'leftOut'> {
  readonly incident: Incident & { readonly ending: Ending };
  /** Absent where the incident was refused before its service was known. */
  readonly armed?: ArmedService;
  /** Epoch ms; the end, where the incident does not know its own yet. */
  readonly now: number;
}

/** Goal where no service file is known: the environment's default. */
const GOAL_SECONDS = 300;
/** How late CloudWatch may evaluate an alarm. */
const EVALUATED_LATE_SECONDS = 60;
const DAY_MS = 24 * 3600_000;

/** The closing report of an incident, from its records alone. Durations never run backwards, clocks may (F60). */
export function buildReport({ armed, now, ...records }: IncidentFacts): ClosingReport {
  const facts = { ...records, ...(armed && { armed }), now, alarms: alarmsOf(records) };
  const { incident, receipts } = facts;
  const moments = momentsOf(facts);
  const breaches = breachesOf(facts);
  const phases = phasesOf(moments, startOf(incident), breaches[0]?.at);
  const proven = facts.verdicts.at(-1)?.verdict === 'recovered';
  const recovered = proven ? moments.findLast((m) => m.kind === 'recovered') : undefined;
  const detectionSeconds = detectionOf(incident, breaches[0]?.at);
  const acted = incident.acted === true || receipts.some(tookEffect);
  const rcaDueAt = acted ? workingDaysAfter(endOf(facts), RCA_DUE_DAYS) : undefined;
  const report: ClosingReport = {
    ...records,
    version: REPORT_VERSION,
    ending: incident.ending,
    reasons: reasonsOf(facts),
    alarms: facts.alarms,
    goalSeconds: armed?.service.runbook.goalSeconds ?? GOAL_SECONDS,
    ...(recovered && { timeToRecoverSeconds: (recovered.at - startOf(incident)) / 1000 }),
    ...(detectionSeconds !== undefined && { detectionSeconds }),
    phases,
    marks: marksOf(facts, moments, breaches),
    call: armed?.service.runbook.call ?? [],
    ...(rcaDueAt !== undefined && { rcaDueAt }),
    nextSteps: nextSteps(facts, rcaDueAt),
  };
  return { ...report, checklist: checklistOf(report) };
}

/** The alarm that started it is among them, even where it was refused before it was attached. */
function alarmsOf({ incident, alarms }: Pick<IncidentFacts, 'incident' | 'alarms'>) {
  const { trigger, openedAt } = incident;
  if (trigger.kind === 'person' || alarms.some((a) => a.arn === trigger.alarmArn)) return alarms;
  return [{ arn: trigger.alarmArn, at: trigger.at, joinedAt: openedAt }, ...alarms];
}

/** When the clock of the goal starts: the alarm's state change, or open for a person's or the sweeper's start. */
const startOf = ({ trigger, openedAt }: Incident) => (trigger.kind === 'alarm' ? trigger.at : openedAt);

const endOf = ({ incident, now }: IncidentFacts): number => incident.endedAt ?? now;

/** What was done, in the order of cause and effect; its times never run backwards. */
interface Moment extends Mark {
  readonly beganAt: number;
}

function momentsOf(facts: IncidentFacts): Moment[] {
  const { incident, receipts, verdicts } = facts;
  const rungs = [...new Set([...receipts, ...verdicts].map((r) => r.rung))].sort((a, b) => a - b);
  const opened = moment('open', incident.openedAt, `incident opened by ${openerOf(incident)}`);
  const ended = moment('end', endOf(facts), `ended: ${incident.ending}`);
  return forwards([opened, ...rungs.flatMap((rung) => rungMoments(facts, rung)), ended], startOf(incident));
}

const moment = (kind: Mark['kind'], at: number, text: string): Moment => ({ kind, at, text, beganAt: at });

function openerOf({ trigger }: Incident): string {
  if (trigger.kind === 'alarm') return 'its alarm';
  if (trigger.kind === 'red-alarm') return 'the sweeper, which found an armed alarm red';
  return trigger.reason ? `a person: ${trigger.reason}` : 'a person';
}

function rungMoments(facts: IncidentFacts, rung: number): Moment[] {
  const receipts = facts.receipts.filter((r) => r.rung === rung).toSorted((a, b) => a.endedAt - b.endedAt);
  const pulled = (phase: Receipt['phase']) => receipts.filter((r) => r.phase === phase).map(leverMoment);
  const verdict = facts.verdicts.findLast((v) => v.rung === rung);
  const switchAt = verdict?.switchAt ?? switchOf(receipts);
  const kind = verdict?.verdict === 'recovered' ? 'recovered' : 'verdict';
  const judged = verdict ? [moment(kind, verdict.judgedAt, `rung ${rung}: ${verdict.verdict}`)] : [];
  // A switch that nobody lived to see is no moment of this incident: it was stopped before.
  const reached = switchAt !== undefined && switchAt <= (verdict?.judgedAt ?? endOf(facts));
  const switched = reached ? [moment('switch', switchAt, `rung ${rung} has taken effect for users`)] : [];
  // Settling may outlast the switch, and at the deadline it still runs after the verdict.
  const after = [...pulled('settle'), ...switched, ...judged].sort((a, b) => a.at - b.at);
  return [...pulled('apply'), ...after];
}

function leverMoment(receipt: Receipt): Moment {
  const { phase, before, to, outcome, startedAt: beganAt, endedAt: at } = receipt;
  const what = phase === 'apply' ? receipt.name : `settled ${receipt.target}`;
  const text = `${what} ${before ? `from ${say(before.value)} ` : ''}to ${say(to)}: ${outcome}`;
  return { kind: phase === 'apply' ? 'lever' : 'settle', at, text, beganAt };
}

/** What comes after its cause is not earlier than it; a clock that says so is quoted. */
function forwards(moments: readonly Moment[], start: number): Moment[] {
  let last = start;
  return moments.map((m) => {
    const beganAt = Math.max(last, Math.min(m.beganAt, m.at));
    last = Math.max(last, m.at);
    const astray = last - m.at >= 1000 ? ` (its clock said ${new Date(m.at).toISOString()})` : '';
    return { ...m, at: last, beganAt, text: m.text + astray };
  });
}

/** First breach of each signal of `when`, earliest first. */
function breachesOf({ armed, series, incident }: IncidentFacts): Mark[] {
  const marks = (armed?.service.policy.when ?? []).flatMap((condition): Mark[] => {
    const found = series.find(({ signal }) => signal.name === condition.signal);
    if (!found || condition.threshold === undefined) return [];
    const breach = comparisonOf(condition);
    const breaching = found.datapoints.filter((d) => meets(d.value, breach)).map((d) => d.at);
    const at = firstOf(breaching, startOf(incident), reachOf(found.signal, condition));
    const text = `first breach of ${condition.signal} ${condition.is} ${condition.threshold}`;
    return at === undefined ? [] : [{ kind: 'breach', at, text }];
  });
  return marks.sort((a, b) => a.at - b.at);
}

/** How far apart, in ms, two breaches of one run may be, and the last of them and the alarm. */
const reachOf = ({ periodSeconds, lagSeconds }: Signal, { of }: Condition) => ({
  between: of * periodSeconds * 1000,
  toAlarm: ((of + 1) * periodSeconds + lagSeconds + EVALUATED_LATE_SECONDS) * 1000,
});

/** Where the run of breaches begins that reaches the start; a blip that healed long before is another story. */
function firstOf(breaching: readonly number[], start: number, reach: ReturnType<typeof reachOf>) {
  const sorted = breaching.toSorted((a, b) => a - b);
  const healed = sorted.findLastIndex((at, i) => {
    const next = sorted[i + 1] ?? start;
    return next < start ? at + reach.between < next : at + reach.toAlarm < start;
  });
  return sorted[healed + 1];
}

/** From the first breach to the state change of the alarm that started the incident, where both are known. */
function detectionOf({ trigger }: Incident, breachAt?: number): number | undefined {
  if (trigger.kind === 'person' || breachAt === undefined || trigger.at < breachAt) return undefined;
  return (trigger.at - breachAt) / 1000;
}

/** Consecutive, from the first breach to the end; a phase that did not happen is left out. */
function phasesOf([, ...moments]: readonly Moment[], start: number, breachAt = start): Phase[] {
  const [first] = moments;
  const phases: Phase[] = breachAt < start ? [{ name: 'detect', from: breachAt, to: start }] : [];
  phases.push({ name: 'decide', from: start, to: first?.beganAt ?? start });
  for (const m of moments.length > 1 ? moments : []) {
    const name = phaseUntil(m.kind);
    const from = phases.at(-1)?.to ?? start;
    const same = name === 'act' && phases.at(-1)?.name === name ? phases.pop() : undefined;
    phases.push({ name, from: same?.from ?? from, to: m.at });
  }
  return phases;
}

function phaseUntil(kind: Mark['kind']): Phase['name'] {
  if (kind === 'end') return 'close';
  return kind === 'verdict' || kind === 'recovered' ? 'verify' : 'act';
}

function marksOf(facts: IncidentFacts, moments: readonly Moment[], breaches: readonly Mark[]): Mark[] {
  const { alarms, hold, pages, incident } = facts;
  const alarmed = alarms.map(
    ({ arn, at }): Mark => ({ kind: 'alarm', at, text: `${arn.split(':alarm:').at(-1)} in ALARM` }),
  );
  const held: Mark[] =
    hold && hold.since >= startOf(incident) ? [{ kind: 'hold', at: hold.since, text: 'promotion held' }] : [];
  const paged = pages.map(
    ({ at, urgency, to, outcome }): Mark => ({ kind: 'page', at, text: `${urgency} to ${to}: ${outcome}` }),
  );
  const done = moments.map(({ beganAt: _, ...mark }): Mark => mark);
  return [...breaches, ...alarmed, ...held, ...done, ...paged].sort((a, b) => a.at - b.at);
}

/** Why it ended so, in sentences: for the report and for whoever is told. */
export function reasonsOf({ incident, verdicts }: Pick<IncidentFacts, 'incident' | 'verdicts'>): string[] {
  const last = verdicts.at(-1);
  if (!last || last.verdict === 'recovered') return [...(incident.reasons ?? [])];
  const unwell = last.signals
    .filter((s) => s.verdict === 'not-recovered')
    .map((s) => `${unhealthy(s)} after rung ${last.rung}`);
  return [...new Set([...(incident.reasons ?? []), ...unwell, ...last.reasons])];
}

const unhealthy = ({ signal, datapoints }: Judged): string =>
  `${signal} breached in ${datapoints.filter((d) => !d.good).length} of ${datapoints.length} fresh datapoints`;

/** The same time of day, Saturdays and Sundays (UTC) not counted. */
function workingDaysAfter(from: number, days: number): number {
  let at = from;
  for (let left = days; left > 0; ) {
    at += DAY_MS;
    if (new Date(at).getUTCDay() % 6 !== 0) left -= 1;
  }
  return at;
}

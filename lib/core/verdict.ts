import { meets } from './condition.ts';
import { completeAfterSeconds, longestVerify, verifyBudgetSeconds } from './deadline.ts';
import { lookedAt, wellOf } from './looked-at.ts';
import type { ArmedService, Comparison, Signal } from './service.ts';
import type { ServedReading } from './traffic.ts';

export { meets } from './condition.ts';

/** What a rung is judged to have done. `pending` is not a verdict: it says when to look again. */
export type Verdict = 'recovered' | 'not-recovered' | 'inconclusive';

/** One period of a signal: its start (epoch ms) and value. */
export interface Datapoint {
  readonly at: number;
  readonly value: number;
}

/** A signal that has to be well, by which comparison, and for how many datapoints. */
export interface Watched {
  readonly signal: Signal;
  readonly well: Comparison;
  readonly datapoints: number;
}

/** A signal as it was judged: the fresh datapoints the verdict rests on. */
export interface Judged {
  readonly signal: string;
  readonly well: Watched['well'];
  readonly needed: number;
  /** In order; `value` is null for a missing period that counts as a breach. */
  readonly datapoints: readonly {
    readonly at: number;
    readonly value: number | null;
    readonly good: boolean;
  }[];
  readonly verdict: Verdict | 'pending';
}

/** An attached alarm at the moment of judgement. `windowSeconds` is how far back it looks. */
export interface AlarmReading {
  readonly arn: string;
  /** MISSING: there is no such alarm. UNKNOWN: it could not be read. */
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'MISSING' | 'UNKNOWN';
  readonly since: number;
  readonly windowSeconds: number;
}

/** The verdict on a rung as it is kept, with all that it rests on. Times are epoch ms. */
export interface VerdictRecord {
  readonly rung: number;
  readonly verdict: Verdict;
  readonly judgedAt: number;
  readonly switchAt: number;
  readonly signals: readonly Judged[];
  readonly served: readonly ServedReading[];
  readonly alarms: readonly AlarmReading[];
  /** The sweeper looks at still-red alarms again at this time (epoch ms). */
  readonly lookAgainAt?: number;
  readonly reasons: readonly string[];
  /** How many alarms had joined when this was judged; closing is conditional on it. */
  readonly alarmsSeen: number;
}

/** What was read for one look at a rung. Times are epoch ms. */
export interface JudgeInput {
  readonly armed: ArmedService;
  readonly now: number;
  readonly switchAt: number;
  readonly deadlineAt: number;
  readonly watched: readonly Watched[];
  /** Complete datapoints by signal name; a signal that could not be read is absent. */
  readonly datapoints: Readonly<Record<string, readonly Datapoint[]>>;
  /** Why a signal could not be read, by its name. */
  readonly unreadable: Readonly<Record<string, string>>;
  readonly served: readonly ServedReading[];
  readonly alarms: readonly AlarmReading[];
}

export type Judgement =
  | { readonly kind: 'pending'; readonly lookAt: number; readonly signals: readonly Judged[] }
  | { readonly kind: 'verdict'; readonly record: Omit<VerdictRecord, 'rung' | 'alarmsSeen'> };

/** Fresh datapoints that breach until a rung is not recovered; one outlier does not climb the ladder. */
const BREACHES_TO_CLIMB = 2;
/** Between two looks when only something other than a datapoint is awaited. */
const IDLE_LOOK_MS = 10_000;

/**
 * Every signal of `verify`, and every attached one that it does not name: well when its `when` is false.
 * @throws when a reference is not known: what cannot be compared is never a pass.
 */
export function watchedBy(armed: ArmedService, attached: readonly string[]): Watched[] {
  const { service, alarms } = armed;
  const calling = alarms.filter(({ arn }) => attached.includes(arn)).map(({ condition }) => condition);
  return lookedAt(service, { verify: service.policy.verify, calling }).map((looked) => ({
    signal: looked.signal,
    well: wellOf(looked),
    datapoints: looked.verifies ? looked.condition.datapoints : longestVerify(service),
  }));
}

/** The start of the first fresh period: at or after switch + lag, on the signal's own grid. */
export function freshFrom(signal: Signal, switchAt: number): number {
  const period = signal.periodSeconds * 1000;
  return Math.ceil((switchAt + signal.lagSeconds * 1000) / period) * period;
}

/** When the k-th fresh period of a signal is complete. */
const completeAt = (signal: Signal, switchAt: number, k: number): number =>
  freshFrom(signal, switchAt) +
  (k * signal.periodSeconds + completeAfterSeconds(signal.periodSeconds)) * 1000;

/** Judges a rung from fresh datapoints only. Missing data is never a pass. */
export function judge(input: JudgeInput): Judgement {
  const signals = input.watched.map((watched) => judgeSignal(watched, input));
  if (signals.some((s) => s.verdict === 'not-recovered'))
    return conclude(input, signals, { verdict: 'not-recovered', reasons: astray(input) });
  const waitingFor = obstacles(input, signals);
  if (waitingFor.length === 0) return conclude(input, signals, { verdict: 'recovered', reasons: [] });
  const spentAt = Math.min(
    input.switchAt + verifyBudgetSeconds(input.armed.service) * 1000,
    input.deadlineAt,
  );
  if (input.now >= spentAt) return conclude(input, signals, { verdict: 'inconclusive', reasons: waitingFor });
  return { kind: 'pending', lookAt: Math.min(nextLook(input, signals), spentAt), signals };
}

function judgeSignal({ signal, well, datapoints: needed }: Watched, input: JudgeInput): Judged {
  const seen = withMissing(signal, input);
  const fresh = seen.map((d) => ({ ...d, good: d.value !== null && meets(d.value, well) }));
  const run = fresh.slice(-needed);
  const bad = fresh.filter((d) => !d.good).length;
  const base = { signal: signal.name, well, needed, datapoints: fresh };
  if (bad >= Math.min(BREACHES_TO_CLIMB, needed)) return { ...base, verdict: 'not-recovered' };
  const full = run.length === needed && run.every((d) => d.good);
  return { ...base, verdict: full && !fellSilent(signal, run, input.now) ? 'recovered' : 'pending' };
}

/** Good datapoints say nothing about now once two periods went by without one; where missing means `wait`, they do. */
const fellSilent = (signal: Signal, run: readonly Point[], now: number): boolean =>
  signal.missing !== 'wait' && completePeriods(signal, run.at(-1)?.at ?? 0, now) > 2;

type Point = { readonly at: number; readonly value: number | null };

/** Fresh, complete datapoints in order; where missing means `breach`, the gaps are bad datapoints too. */
function withMissing(signal: Signal, { datapoints, switchAt, now }: JudgeInput): Point[] {
  const from = freshFrom(signal, switchAt);
  const period = signal.periodSeconds * 1000;
  const read = datapoints[signal.name];
  const complete = now - completeAfterSeconds(signal.periodSeconds) * 1000;
  const fresh = (read ?? []).filter(
    (d) => d.at >= from && d.at + period <= complete && Number.isFinite(d.value),
  );
  if (signal.missing !== 'breach' || !read) return [...fresh].sort((a, b) => a.at - b.at);
  const points: Point[] = [];
  for (let at = from; at + period <= complete; at += period) {
    points.push(fresh.find((d) => d.at === at) ?? { at, value: null });
  }
  return points;
}

/** Everything that stands between now and recovered, in sentences. */
function obstacles(input: JudgeInput, signals: readonly Judged[]): string[] {
  const unwell = signals.filter((s) => s.verdict !== 'recovered');
  return [
    ...unwell.map((s) => `${s.signal}: ${shortOf(s)}${whyUnread(input, s)}`),
    ...astray(input),
    ...input.alarms.filter((a) => stillRed(a, input)).map((a) => `alarm ${a.arn} is ${a.state}`),
  ];
}

/** What is not served as it should be: somebody may have moved it back (F25). */
const astray = ({ served }: JudgeInput): string[] =>
  served.filter((s) => !s.good).map((s) => s.problem ?? `${s.target} serves ${s.values.join(', ')}`);

/** What a signal lacks: enough healthy datapoints that are still no pass are too old. */
const shortOf = (s: Judged): string =>
  goodRun(s) < s.needed
    ? `${goodRun(s)} of ${s.needed} healthy datapoints`
    : `no datapoint since ${new Date(s.datapoints.at(-1)?.at ?? 0).toISOString()}`;

const whyUnread = ({ unreadable }: JudgeInput, { signal }: Judged): string =>
  unreadable[signal] === undefined ? '' : ` (it cannot be read: ${unreadable[signal]})`;

const goodRun = (s: Judged): number => s.datapoints.length - (s.datapoints.findLastIndex((d) => !d.good) + 1);

/** In ALARM for what happened after the switch; while its window reaches back before it, it may still be red. */
const stillRed = (alarm: AlarmReading, { now, switchAt }: JudgeInput): boolean =>
  alarm.state === 'UNKNOWN' || (alarm.state === 'ALARM' && now - alarm.windowSeconds * 1000 >= switchAt);

/** The earliest moment at which another look can tell more: looks are planned, not polled. */
function nextLook(input: JudgeInput, signals: readonly Judged[]): number {
  const pending = signals.filter((s) => s.verdict === 'pending');
  if (pending.length === 0) return input.now + IDLE_LOOK_MS;
  const suspects = pending.filter(isSuspicious);
  const times = (suspects.length > 0 ? suspects : pending).map((s) => lookFor(s, input));
  const early = suspects.length > 0 || pending.every((s) => s.datapoints.length === 0);
  return Math.max(early ? Math.min(...times) : Math.max(...times), input.now + 1000);
}

/** One more breach may be the verdict. */
const isSuspicious = (judged: Judged): boolean => judged.datapoints.at(-1)?.good === false;

/** After nothing: when enough could breach. After one bad one: the next one. Else when the window could be full. */
function lookFor(judged: Judged, input: JudgeInput): number {
  const watched = input.watched.find((w) => w.signal.name === judged.signal);
  if (!watched) return input.now + IDLE_LOOK_MS;
  const { signal } = watched;
  const elapsed = completePeriods(signal, freshFrom(signal, input.switchAt), input.now);
  const seen = Math.max(judged.datapoints.length, elapsed);
  if (seen === 0) return completeAt(signal, input.switchAt, Math.min(BREACHES_TO_CLIMB, judged.needed));
  const missing = isSuspicious(judged) ? 1 : judged.needed - Math.min(judged.needed - 1, goodRun(judged));
  return completeAt(signal, input.switchAt, seen + missing);
}

const completePeriods = ({ periodSeconds }: Signal, from: number, now: number): number =>
  Math.max(0, Math.floor((now - from - completeAfterSeconds(periodSeconds) * 1000) / (periodSeconds * 1000)));

type Conclusion = Pick<VerdictRecord, 'verdict' | 'reasons'>;

function conclude(input: JudgeInput, signals: readonly Judged[], conclusion: Conclusion): Judgement {
  const { now: judgedAt, switchAt, served, alarms } = input;
  const red = conclusion.verdict === 'recovered' ? alarms.filter((a) => a.state === 'ALARM') : [];
  const lookAgainAt = Math.max(...red.map((a) => switchAt + a.windowSeconds * 1000));
  const record = { ...conclusion, judgedAt, switchAt, signals, served, alarms };
  return { kind: 'verdict', record: { ...record, ...(red.length > 0 && { lookAgainAt }) } };
}

import type { Signal } from '../../lib/core/service.ts';
import type { Datapoint, JudgeInput, Judgement } from '../../lib/core/verdict.ts';
import { judge, watchedBy } from '../../lib/core/verdict.ts';
import { ALARM_AT, anArmedService, at } from '../builders.ts';

/** When the rung of these tests has taken effect, on the grid of 10 s. */
export const SWITCH_AT = at(20);
/** So many seconds after the switch. */
export const since = (seconds: number): number => SWITCH_AT + seconds * 1000;

const WELL = { 'error-ratio': 0, auc: 0.8, latency: 90 };
const BAD = { 'error-ratio': 0.3, auc: 0.6, latency: 900 };
type Name = keyof typeof WELL;

/** One letter a period from the switch on: `+` well, `-` bad, a blank for no datapoint. */
export function series(signal: Name, letters: string, from = SWITCH_AT): Datapoint[] {
  return [...letters].flatMap((letter, i) => {
    const point = { at: from + i * 10_000, value: letter === '+' ? WELL[signal] : BAD[signal] };
    return letter === ' ' ? [] : [point];
  });
}

/** Well until the budget of the rung is spent; what is not complete yet is not looked at. */
const ALWAYS_WELL = '+'.repeat(13);

/** The demo's three signals, each as letters; what is not given is well all the time. */
export const readings = (letters: Partial<Record<Name, string>> = {}): JudgeInput['datapoints'] => ({
  'error-ratio': series('error-ratio', letters['error-ratio'] ?? ALWAYS_WELL),
  auc: series('auc', letters.auc ?? ALWAYS_WELL),
  latency: series('latency', letters.latency ?? ALWAYS_WELL),
});

/** Judged 65 s after the switch, when six periods can be complete. */
export function aJudgeInput(over: Partial<JudgeInput> = {}): JudgeInput {
  const armed = over.armed ?? anArmedService();
  return {
    armed,
    now: since(65),
    switchAt: SWITCH_AT,
    deadlineAt: ALARM_AT + 475_000,
    watched: watchedBy(armed, []),
    datapoints: readings(),
    unreadable: {},
    served: [],
    alarms: [],
    ...over,
  };
}

/** `recovered`, `not-recovered`, `inconclusive`, or `pending until <seconds after the switch>`. */
export function verdictOf(over: Partial<JudgeInput> = {}): string {
  const judgement: Judgement = judge(aJudgeInput(over));
  if (judgement.kind === 'verdict') return judgement.record.verdict;
  return `pending until ${(judgement.lookAt - SWITCH_AT) / 1000}`;
}

export const reasonsOf = (over: Partial<JudgeInput>): readonly string[] => {
  const judgement = judge(aJudgeInput(over));
  return judgement.kind === 'verdict' ? judgement.record.reasons : [];
};

/** The demo's service with one signal changed. */
export function armedWith(name: Name, over: Partial<Signal>) {
  const armed = anArmedService();
  const signals = armed.service.signals.map((s) => (s.name === name ? { ...s, ...over } : s));
  return { ...armed, service: { ...armed.service, signals } };
}

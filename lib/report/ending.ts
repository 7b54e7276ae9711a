import type { Ending } from '../core/incident.ts';
import type { ClosingReport } from '../core/report.ts';
import { duration } from './format.ts';

/** The colour of an ending. */
export const TONE = {
  recovered: 'green',
  contained: 'amber',
  escalated: 'red',
  refused: 'slate',
  observed: 'slate',
  cancelled: 'violet',
} as const satisfies Record<Ending, string>;

/** Its sign, for those who see no colours. */
export const SYMBOL: Record<Ending, string> = {
  recovered: '✓',
  contained: '◐',
  escalated: '!',
  refused: '–',
  observed: '○',
  cancelled: '✕',
};

/** The ending in one plain sentence: `recommender recovered in 2 min 41 s (goal 5 min)`. For page, terminal and pager. */
export function endingSentence(report: ClosingReport): string {
  const { dryRun } = report.incident;
  const service = nameOf(report);
  if (report.ending === 'recovered') return recovered(report);
  if (dryRun && report.ending === 'observed') return `A dry run for ${service}: nothing was changed`;
  return `${service}${AFTER_NAME[report.ending]}`;
}

function recovered(report: ClosingReport): string {
  const { timeToRecoverSeconds: took, goalSeconds } = report;
  const service = nameOf(report);
  if (took === undefined) return `${service} recovered`;
  const late = took - goalSeconds;
  return late > 0
    ? `${service} recovered in ${duration(took)}, ${duration(late)} past its goal of ${duration(goalSeconds)}`
    : `${service} recovered in ${duration(took)} (goal ${duration(goalSeconds)})`;
}

/** A headline has room for a name. */
const LONGEST_NAME = 80;

const nameOf = ({ incident: { service } }: ClosingReport): string =>
  service.length > LONGEST_NAME ? `${service.slice(0, LONGEST_NAME)}…` : service;

const AFTER_NAME: Record<Exclude<Ending, 'recovered'>, string> = {
  contained: ' is contained: the bad release serves nothing, recovery is not proven',
  escalated: ' has not recovered: people take over',
  refused: ' was not rolled back: no lever was pulled',
  observed: ' was observed only: nothing was changed',
  cancelled: ': a person stopped the rollback',
};

/** Why there was an incident, in one sentence. */
export function whyItStarted({ incident }: ClosingReport): string {
  const { trigger } = incident;
  switch (trigger.kind) {
    case 'alarm':
      return `Alarm ${trigger.alarmName} went to ${trigger.state}${because(trigger.reason)}`;
    case 'red-alarm':
      return `The sweeper found the armed alarm ${alarmName(trigger.alarmArn)} red, and no incident for it`;
    case 'person':
      return `A person started it${trigger.reason ? `: ${trigger.reason}` : ''}`;
  }
}

/** CloudWatch lists each datapoint, to the last digit; the charts below show them. */
const because = (reason: string | undefined): string =>
  reason ? `: ${reason.replace(/ \[[^\]]*\]/g, '').replace(/\.+$/, '')}` : '';

/** The name in an alarm's ARN. */
export const alarmName = (arn: string): string => arn.split(':alarm:').at(-1) ?? arn;

/** The rows about incidents: what stands now, how they ended, how long they took, which levers were pulled. */
import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ENDINGS, type Ending } from '../core/incident.ts';
import type { MetricName } from '../core/metrics.ts';
import type { LeverKind, Service } from '../core/service.ts';
import type { metricsOf } from './own-metrics.ts';

export interface Board {
  /** Its name. */
  readonly environment: string;
  readonly services: readonly Service[];
  readonly metric: ReturnType<typeof metricsOf>;
}

type Row = readonly cloudwatch.IWidget[];

const { GREEN, BLUE, RED, GREY, PURPLE, ORANGE } = cloudwatch.Color;
const MINUTE = cdk.Duration.minutes(1);
const DAY = cdk.Duration.days(1);
/** Goals that are drawn as lines; more of them tell nobody anything. */
const MOST_GOALS = 4;

const ENDING_COLORS: Record<Ending, string> = {
  recovered: GREEN,
  contained: BLUE,
  escalated: RED,
  refused: GREY,
  observed: PURPLE,
  cancelled: ORANGE,
};

export const incidentRows = (board: Board): Row[] => [
  [intro(board), nowNumbers(board)],
  [
    numbers(board, 'TimeToDetect', 'Time to detect'),
    numbers(board, 'TimeToAct', 'Time to act'),
    numbers(board, 'TimeToRecover', 'Time to recover'),
    withinGoal(board),
  ],
  [timeToRecover(board), endings(board)],
  [byService(board), levers(board)],
];

const intro = ({ environment }: Board): cloudwatch.IWidget =>
  new cloudwatch.TextWidget({
    width: 12,
    height: 4,
    markdown: [
      `# Reinstate: ${environment}`,
      'Times count from the change of state of the alarm; detection is before it. An incident is counted when it ends.',
      `\`reinstate incidents --env ${environment}\` lists them, \`reinstate report <incident> --env ${environment}\` explains one.`,
    ].join('\n\n'),
  });

const nowNumbers = ({ metric }: Board): cloudwatch.IWidget =>
  new cloudwatch.SingleValueWidget({
    title: 'Now',
    width: 12,
    height: 4,
    metrics: [
      metric('IncidentsOpen', {}, { statistic: 'Maximum', period: MINUTE, label: 'incidents open' }),
      metric('HoldsOpen', {}, { statistic: 'Maximum', period: MINUTE, label: 'holds open' }),
    ],
  });

/** Over the whole time that is shown. */
const numbers = ({ metric }: Board, name: MetricName, title: string): cloudwatch.IWidget =>
  new cloudwatch.SingleValueWidget({
    title: `${title} (seconds)`,
    width: 6,
    height: 4,
    setPeriodToTimeRange: true,
    metrics: ['p50', 'p95'].map((statistic) =>
      metric(name, {}, { statistic, period: DAY, label: statistic }),
    ),
  });

const withinGoal = ({ metric }: Board): cloudwatch.IWidget =>
  new cloudwatch.SingleValueWidget({
    title: 'Recovered within the goal',
    width: 6,
    height: 4,
    setPeriodToTimeRange: true,
    metrics: [
      metric('WithinGoal', {}, { statistic: 'Average', period: DAY, label: '% of those that acted' }),
    ],
  });

const timeToRecover = (board: Board): cloudwatch.IWidget =>
  new cloudwatch.GraphWidget({
    title: 'Time to recover, each day',
    width: 12,
    height: 7,
    left: ['p50', 'p95'].map((statistic) =>
      board.metric('TimeToRecover', {}, { statistic, period: DAY, label: statistic }),
    ),
    leftAnnotations: goals(board),
    leftYAxis: { min: 0, label: 'seconds', showUnits: false },
  });

/** One line for each goal, the strictest first. */
function goals({ services }: Board): cloudwatch.HorizontalAnnotation[] {
  const seconds = [...new Set(services.map(({ runbook }) => runbook.goalSeconds))].sort((a, b) => a - b);
  return seconds.slice(0, MOST_GOALS).map((value) => ({ value, label: `goal ${value} s`, color: ORANGE }));
}

const endings = ({ metric }: Board): cloudwatch.IWidget =>
  new cloudwatch.GraphWidget({
    title: 'How incidents ended',
    width: 12,
    height: 7,
    stacked: true,
    left: ENDINGS.map((Ending) =>
      metric(
        'Incidents',
        { Ending },
        { statistic: 'Sum', period: DAY, label: Ending, color: ENDING_COLORS[Ending] },
      ),
    ),
    leftYAxis: { min: 0, label: 'incidents', showUnits: false },
  });

/** A deployment has no more services than CloudWatch draws: Lambda's variables end first. */
const byService = ({ services, metric }: Board): cloudwatch.IWidget =>
  new cloudwatch.GraphWidget({
    title: 'Time to recover by service, p95',
    width: 12,
    height: 7,
    view: cloudwatch.GraphWidgetView.BAR,
    setPeriodToTimeRange: true,
    left: services.map(({ name }) =>
      metric('TimeToRecover', { Service: name }, { statistic: 'p95', period: DAY, label: name }),
    ),
    leftYAxis: { min: 0, label: 'seconds', showUnits: false },
  });

/** What failed is drawn red, whichever lever it was. */
function levers({ services, metric }: Board): cloudwatch.IWidget {
  const kinds: LeverKind[] = [
    ...new Set(services.flatMap((service) => service.levers.map(({ kind }) => kind))),
  ];
  const each = (name: MetricName, word: string, color?: string) =>
    kinds.map((Lever) =>
      metric(
        name,
        { Lever },
        { statistic: 'Sum', period: DAY, label: `${Lever} ${word}`, ...(color && { color }) },
      ),
    );
  return new cloudwatch.GraphWidget({
    title: 'Levers pulled',
    width: 12,
    height: 7,
    left: [...each('LeversApplied', 'applied'), ...each('LeversFailed', 'failed', RED)],
    leftYAxis: { min: 0, label: 'steps', showUnits: false },
  });
}

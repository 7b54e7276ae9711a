/** What seeds say, as a page that somebody can decide by. */
import { count } from '../report/format.ts';
import type { Answer } from './answer.ts';
import type { Case, EndingCount, Summary, Times } from './simulation-summary.ts';
import { cut, stopwatch, table } from './text.ts';

/** What the page is about. */
export interface About {
  readonly service: string;
  readonly environment: string;
  /** The first seed. */
  readonly from: number;
  readonly goalSeconds: number;
  /** The command that shows everything that happens in a seed. */
  readonly look: (seed: number) => string;
  readonly columns: number;
}

/** Endings that people know by another word. */
const NAMES: Readonly<Record<string, string>> = { none: 'not ended' };

const MOST_BROKEN = 3;

/** A rule that was broken is a failure of Reinstate's; how the policy does is for people to judge. */
export const summaryAnswer = (summary: Summary, about: About): Answer => ({
  lines: pageLines(summary, about),
  json: {
    service: about.service,
    environment: about.environment,
    from: about.from,
    goalSeconds: about.goalSeconds,
    ...summary,
  },
  exit: summary.broken.length > 0 ? 1 : 0,
});

function pageLines(summary: Summary, about: About): string[] {
  const { seeds, incidents, unheard } = summary;
  const { service, environment, goalSeconds } = about;
  return [
    `${count(seeds, 'seeded incident')} of ${service} in ${environment}, offline: in-process twins, virtual time; nothing was touched`,
    `time to recover, against a goal of ${stopwatch(goalSeconds)}`,
    ...indented(timeLines(summary, about)),
    `endings of ${count(incidents, 'incident')}, on days far rougher than real ones (a seed may bring more than one)`,
    ...endingLines(summary, about),
    `past the deadline without a page: ${unheard}`,
    ...worstLines(summary, about),
    ...violationLines(summary, about),
  ];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** Rows whose last cell says why: it is cut where the window ends. The trace has it whole. */
function tableOfReasons(head: readonly string[], rows: readonly string[][], columns: number): string[] {
  const before = (row: readonly string[]) => row.slice(0, -1).map((cell) => cell.length + 2);
  const widths = head
    .slice(0, -1)
    .map((_, n) => Math.max(...[head, ...rows].map((row) => before(row)[n] ?? 0)));
  const room = Math.max(SHORTEST_REASON, columns - 2 - widths.reduce((sum, width) => sum + width, 0));
  const fitting = rows.map((row) => [...row.slice(0, -1), cut(row.at(-1) ?? '', room)]);
  return indented(table(head, fitting, columns - 2));
}

/** In a window where no more would fit, each row is a block. */
const SHORTEST_REASON = 20;

function timeLines({ byLever, calm }: Summary, { columns }: About): string[] {
  const head = ['pulled last', 'recovered', 'p50', 'p95', 'max', 'past the goal'];
  const rows = byLever.map(({ levers, ...times }) => [levers, ...cellsOf(times)]);
  const recovered = `${calm.times?.recovered ?? 0} of ${count(calm.incidents, 'incident')} recovered`;
  const quick = calm.times
    ? `p50 ${stopwatch(calm.times.p50)}, p95 ${stopwatch(calm.times.p95)}; ${recovered}`
    : recovered;
  return [
    ...(rows.length === 0 ? ['nothing recovered'] : table(head, rows, columns - 2)),
    `without any other trouble: ${quick} (${count(calm.seeds, 'seed')} once more)`,
    ...calm.endings.filter(({ ending }) => ending !== 'recovered').map(calmLine),
  ];
}

function calmLine({ ending, incidents, mostly }: EndingCount): string {
  const why = mostly ? `, mostly because ${mostly.reason}` : '';
  return `  ${incidents} ${NAMES[ending] ?? ending}${why}`;
}

const cellsOf = ({ recovered, p50, p95, max, pastGoal }: Times): string[] => [
  String(recovered),
  ...[p50, p95, max].map(stopwatch),
  String(pastGoal),
];

const endingLines = ({ endings }: Summary, { columns }: About): string[] =>
  tableOfReasons(['ending', 'incidents', 'share', 'most often because'], endings.map(endingCells), columns);

const endingCells = ({ ending, incidents, percent, mostly }: EndingCount): string[] => [
  NAMES[ending] ?? ending,
  String(incidents),
  `${percent} %`,
  mostly ? `(${mostly.incidents}) ${mostly.reason}` : '',
];

function worstLines({ slowest, leftToPeople }: Summary, { look, columns }: About): string[] {
  const worst = [...slowest, ...leftToPeople];
  const [first] = leftToPeople.length > 0 ? leftToPeople : slowest;
  if (!first) return [];
  return [
    'worst seeds: the slowest, and what was left to people with the least trouble',
    ...tableOfReasons(['seed', 'ended', 'what happened'], worst.map(caseCells), columns),
    `look at one: ${look(first.seed)}`,
  ];
}

function caseCells({ seed, ending, levers = [], timeToRecover, reasons, befell, faults }: Case): string[] {
  const by = timeToRecover === undefined ? '' : ` in ${stopwatch(timeToRecover)} by ${levers.join(' and ')}`;
  const happened = [
    ...(timeToRecover === undefined ? reasons.slice(0, 1) : []),
    ...befell.map(withoutNumber),
    ...(faults === 0 ? [] : [count(faults, 'smaller fault')]),
  ];
  return [String(seed), `${ending}${by}`, happened.join('; ')];
}

/** Twists are named with the numbers by which our tests cite them. */
const withoutNumber = (twist: string): string => twist.replace(/ \([FI]\d+\)$/, '');

function violationLines({ broken }: Summary, { look }: About): string[] {
  const [first] = broken;
  if (!first) return ['violations: none'];
  const more = broken.length - MOST_BROKEN;
  return [
    `violations in ${count(broken.length, 'seed')}: a rule of Reinstate itself was broken, whatever the policy is`,
    ...broken
      .slice(0, MOST_BROKEN)
      .flatMap(({ seed, violations }) => [
        `  SEED=${seed}`,
        ...violations
          .slice(0, MOST_BROKEN)
          .map(({ invariant, what, at }) => `    ${invariant} at ${at.toFixed(1)} s: ${what}`),
      ]),
    ...(more > 0 ? [`  and ${count(more, 'more seed')}`] : []),
    `look at one: ${look(first.seed)}`,
  ];
}

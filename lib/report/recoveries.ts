import { duration } from '../core/amounts.ts';
import type { IncidentSummary } from '../core/incident.ts';
import { px } from './chart-line.ts';
import { type Html, html } from './html.ts';

const WIDTH = 190;
const HEIGHT = 22;
/** Room for a whole dot at both ends. */
const EDGE = 5;

/** Every time to recover of a service on one line from zero, and the goal across it. */
export function recoveries(service: string, incidents: readonly IncidentSummary[]): Html {
  const times = incidents.flatMap(({ times: t, acted }) =>
    acted && t?.recover !== undefined && Number.isFinite(t.recover)
      ? [{ took: t.recover, goal: t.goal }]
      : [],
  );
  if (times.length === 0) return html`–`;
  const goal = times[0]?.goal ?? 0;
  const longest = Math.max(goal * 1.15, ...times.map(({ took }) => took)) || 1;
  const x = (seconds: number) => px(EDGE + (seconds / longest) * (WIDTH - 2 * EDGE));
  const dots = (late: boolean) =>
    times
      .filter(({ took, goal: wanted }) => took > wanted === late)
      .map(({ took }) => `M${x(took)} ${HEIGHT / 2}h0`)
      .join('');
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label(service, times)}"><line class="axis" x1="${EDGE}" x2="${WIDTH - EDGE}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/><line class="goal-line" x1="${x(goal)}" x2="${x(goal)}" y1="2" y2="${HEIGHT - 2}"/><path class="good" d="${dots(false)}"/><path class="bad" d="${dots(true)}"/></svg>`;
}

function label(service: string, times: readonly { readonly took: number; readonly goal: number }[]): string {
  const [shortest, longest] = [Math.min, Math.max].map((of) =>
    duration(of(...times.map(({ took }) => took))),
  );
  const late = times.filter(({ took, goal }) => took > goal).length;
  return `${service}: recoveries from ${shortest} to ${longest}, ${late} past the goal`;
}

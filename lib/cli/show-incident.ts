/** Shows an incident while it goes on: a tree that redraws itself, plain lines, or JSON events. */
import type { Host, Terminal } from './host.ts';
import { goalClock, type IncidentView, secondsInto } from './incident-view.ts';
import { clean } from './text.ts';
import { changes, draw, headline, plainLine, treeOf } from './tree.ts';
import type { TreeNode } from './tree-node.ts';
import { type WatchDeps, watchIncident } from './watch-incident.ts';

export interface Show {
  readonly incident: string;
  readonly signal: AbortSignal;
  /** One JSON object a line, whatever the terminal is. */
  readonly json: boolean;
}

type Painter = (view: IncidentView, now: number) => void;

/** What is drawn on, and what to do before something else is written below it. */
interface Screen {
  readonly paint: Painter;
  readonly leave: () => void;
}

/** @returns the incident as it was seen last; nothing when there is none of that id. */
export function showIncident(
  deps: WatchDeps,
  { terminal }: Pick<Host, 'terminal'>,
  { incident, signal, json }: Show,
): Promise<IncidentView | undefined> {
  const { paint, leave } = screenFor(terminal, json);
  const onTrouble = (sentence: string) => {
    leave();
    terminal.err(`${clean(sentence)}\n`);
  };
  return watchIncident(deps, { incident, signal, onChange: paint, onTrouble });
}

function screenFor(terminal: Terminal, json: boolean): Screen {
  if (terminal.isTty && !json) return redrawer(terminal);
  const event: Tell = (node, view, now) => terminal.out(`${JSON.stringify(eventOf(node, view, now))}\n`);
  return { paint: json ? teller(event) : linePrinter(terminal), leave: () => undefined };
}

/** Goes up to where the last picture began and draws over it: what is above stays. */
function redrawer(terminal: Terminal): Screen {
  let height = 0;
  const paint: Painter = (view, now) => {
    const lines = draw(view, now, terminal);
    const up = height > 0 ? `\u001b[${height}A` : '';
    terminal.out(`${up}\r\u001b[J${lines.join('\n')}\n`);
    height = lines.length;
  };
  const leave = () => {
    height = 0;
  };
  return { paint, leave };
}

function linePrinter({ out }: Terminal): Painter {
  let headed = false;
  const tell = teller((node, view, now) => {
    if (!node.heads) out(`${plainLine(node, secondsInto(view.incident, node.at ?? now))}\n`);
  });
  return (view, now) => {
    if (!headed) out(`${headline(view, now)}\n`);
    headed = true;
    tell(view, now);
  };
}

type Tell = (node: TreeNode, view: IncidentView, now: number) => void;

/** Tells each change once. */
function teller(tell: Tell): Painter {
  let told: readonly TreeNode[] = [];
  return (view, now) => {
    const nodes = treeOf(view, now);
    for (const node of changes(told, nodes)) tell(node, view, now);
    told = nodes;
  };
}

function eventOf(node: TreeNode, view: IncidentView, now: number) {
  const { key, state, text, within, at = now } = node;
  const { incident } = view;
  const { goalSeconds, late } = goalClock(view, now);
  const end = key === 'end' && state !== 'doing';
  return {
    at: new Date(at).toISOString(),
    incident: incident.id,
    event: key,
    state,
    text: within === undefined ? text : `${within}: ${text}`,
    clockSeconds: secondsInto(incident, at),
    goalSeconds,
    late,
    ...(end && { ending: incident.ending, reportUrl: incident.reportUrl }),
  };
}

/** Shows an incident while it goes on: a tree that redraws itself, plain lines, or JSON events. */
import type { Host, Terminal } from './host.ts';
import { type IncidentView, isOver, secondsInto } from './incident-view.ts';
import { clean } from './text.ts';
import { changes, forPrograms, headline, plainLine, treeOf } from './tree.ts';
import { draw } from './tree-draw.ts';
import type { TreeNode } from './tree-node.ts';
import { eventOf } from './watch-events.ts';
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
  /** Time has passed, and perhaps no look came back. @default - only what was seen is shown */
  readonly tick?: (now: number) => void;
}

/** @returns the incident as it was seen last; nothing when there is none of that id. */
export async function showIncident(
  deps: WatchDeps,
  { terminal }: Pick<Host, 'terminal'>,
  { incident, signal, json }: Show,
): Promise<IncidentView | undefined> {
  const { paint, leave, tick } = screenFor(terminal, json);
  const onTrouble = (sentence: string) => terminal.err(`${clean(sentence)}\n`);
  const stopTicking = tick && terminal.everySecond?.(() => tick(deps.clock.now()));
  try {
    const last = await watchIncident(deps, { incident, signal, onChange: paint, onTrouble });
    if (!last || !isOver(last.incident)) leave();
    return last;
  } catch (error) {
    leave();
    if (!json) terminal.err(`stopped watching; ${incident} goes on without you\n`);
    throw error;
  } finally {
    stopTicking?.();
  }
}

function screenFor(terminal: Terminal, json: boolean): Screen {
  if (terminal.isTty && !json) return redrawer(terminal);
  return { paint: json ? eventPrinter(terminal) : linePrinter(terminal), leave: () => undefined };
}

interface Picture {
  readonly lines: readonly string[];
  readonly columns: number;
}

/** Goes up to where the last picture began and draws over it: what is above stays. */
function redrawer(terminal: Terminal): Screen {
  let last: Picture = { lines: [], columns: terminal.columns };
  let seen: Seen | undefined;
  const drawOver: Painter = (view, now) => {
    const { columns } = terminal;
    const lines = draw(view, now, terminal);
    if (lines.join('\n') === last.lines.join('\n')) return;
    terminal.out(`${backOver(last, terminal)}${lines.join('\n')}\n`);
    last = { lines, columns };
  };
  return {
    paint: (view, now) => {
      seen = { view, at: now };
      drawOver(view, now);
    },
    // Whatever the keyboard echoed (^C) goes with it.
    leave: () => terminal.out('\r\u001b[J'),
    tick: (now) => seen && drawOver(unanswered(seen, now), now),
  };
}

interface Seen {
  readonly view: IncidentView;
  readonly at: number;
}

/** A network that is gone swallows a question for many seconds before it is an error. */
const SILENCE_MS = 3000;

function unanswered({ view, at }: Seen, now: number): IncidentView {
  const told = view.trouble !== undefined && view.trouble.overAt === undefined;
  if (told || now - at < SILENCE_MS) return view;
  return { ...view, trouble: { since: at, sentence: 'no answer yet' } };
}

/** A window of another size has broken the lines anew, each terminal in its own way: there only a clear one is sure. */
function backOver({ lines, columns }: Picture, terminal: Terminal): string {
  if (lines.length === 0) return '\r\u001b[J';
  const resized = terminal.columns !== columns || lines.length >= terminal.rows;
  return resized ? '\u001b[H\u001b[2J' : `\u001b[${lines.length}A\r\u001b[J`;
}

/**
 * The clock says when it happened. Only a signal's never steps back: its datapoint comes late as a rule, and its line
 * says itself when it was.
 */
function linePrinter({ out, unicode = true }: Terminal): Painter {
  let headed = false;
  let latest = 0;
  const tell = teller(changes, (node, view, now) => {
    if (node.heads) return;
    const happened = secondsInto(view.incident, node.at ?? now);
    latest = Math.max(latest, happened);
    out(`${plainLine(node, node.chart ? latest : happened, unicode)}\n`);
  });
  return (view, now) => {
    if (!headed) out(`${headline(view, now)}\n`);
    headed = true;
    tell(view, now);
  };
}

function eventPrinter({ out }: Terminal): Painter {
  const everyChange: typeof changes = (before, after) => changes(before, after, forPrograms);
  return teller(everyChange, (node, view, now) => {
    const event = eventOf(node, view, now);
    if (event) out(`${JSON.stringify(event)}\n`);
  });
}

type Tell = (node: TreeNode, view: IncidentView, now: number) => void;

/** Tells each change once. */
function teller(changed: typeof changes, tell: Tell): Painter {
  let told: readonly TreeNode[] = [];
  return (view, now) => {
    const nodes = treeOf(view, now);
    for (const node of changed(told, nodes)) tell(node, view, now);
    told = nodes;
  };
}

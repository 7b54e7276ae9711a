import { Document, isCollection, isMap, isPair, isScalar, type YAMLMap } from 'yaml';
import type { Environment } from '../../core/environment.ts';
import type { Draft, DraftLever } from './draft.ts';
import { said } from './names.ts';

/** What the file needs beside what was found. */
export interface Paper {
  readonly environment: Environment;
  /** First lines of the file, without `#`. */
  readonly head: readonly string[];
}

/** The draft as the text of a service file. Names become YAML by the library; comments are made one line each first. */
export function render(draft: Draft, { environment, head }: Paper): string {
  const doc = new Document({
    signals: Object.fromEntries(draft.signals.map(({ name, written }) => [name, written])),
    levers: Object.fromEntries(draft.levers.map(({ name, written }) => [name, written])),
    runbook: { call: callIn(environment), 'pre-approved': [] },
    policy: {
      when: oneOrMore(draft.signals.map(({ when }) => when)),
      do: ladderOf(draft.levers),
      verify: oneOrMore(draft.signals.map(({ verify }) => `${verify} for ${healthyPeriods(draft)}`)),
    },
  });
  for (const { name, remarks } of draft.signals) comment(doc, ['signals', name], remarks);
  for (const { name, remarks } of draft.levers) comment(doc, ['levers', name], remarks);
  comment(doc, ['runbook', 'call'], runbookRemarks(environment));
  comment(doc, ['runbook', 'pre-approved'], [PRE_APPROVED]);
  comment(doc, ['policy', 'do'], [LADDER, ...draft.pace]);
  for (const below of ['signals', 'levers']) for (const inner of mapsIn(doc, below)) inFlow(inner);
  const call = doc.getIn(['runbook', 'call']);
  if (isCollection(call)) call.flow = true;
  spaced(doc);
  doc.commentBefore = [...head, ...draft.notes].flatMap(wrapped).join('\n');
  return doc.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Somebody has to be called: an address that reaches nobody, where the environment calls none at once. */
const callIn = ({ paged }: Environment): object[] =>
  callsSomebody(paged) ? [] : [{ kind: 'email', to: 'oncall@example.com' }];

const callsSomebody = (paged: Environment['paged']): boolean =>
  paged.some(({ afterSeconds }) => afterSeconds === undefined);

const runbookRemarks = ({ paged, goalSeconds }: Environment): string[] => [
  `question: is the goal of the environment, ${goalSeconds / 60} min to recover, right for this service (goal)?`,
  callsSomebody(paged)
    ? 'question: whom to call beside those whom environment.yaml names?'
    : 'question: whom to call? The environment names nobody, and this address reaches nobody',
];

const PRE_APPROVED = 'question: which levers may an alarm pull by itself? None, until they are named here';
const LADDER =
  'question: is this the order? The quickest and safest first; "then" climbs only when not recovered, "and" is side by side';

/** A minute of quick datapoints; of slow ones as few as prove anything, or the goal is out of reach. */
function healthyPeriods({ signals }: Draft): number {
  const slowest = Math.max(...signals.map(({ periodSeconds }) => periodSeconds));
  if (slowest <= 10) return 6;
  return slowest <= 60 ? 3 : 2;
}

const oneOrMore = (lines: readonly string[]): string | string[] =>
  lines.length === 1 ? (lines[0] ?? '') : [...lines];

/** Flags, then aliases, then traffic, then what owns the spec; those of one kind side by side. */
function ladderOf(levers: readonly DraftLever[]): string {
  const rungs = [1, 2, 3, 4].map((rung) => levers.filter((lever) => lever.rung === rung));
  return rungs
    .filter((rung) => rung.length > 0)
    .map((rung) =>
      rung.map(({ name, written }) => `${name} ${written.kind === 'flag' ? 'off' : 'back'}`).join(' and '),
    )
    .join(', then ');
}

function comment(doc: Document, path: readonly [string, string], remarks: readonly string[]): void {
  const below = doc.get(path[0]);
  const pair = isMap(below)
    ? below.items.find((item) => isScalar(item.key) && item.key.value === path[1])
    : undefined;
  if (isPair(pair) && isScalar(pair.key) && remarks.length > 0)
    pair.key.commentBefore = remarks.flatMap(wrapped).join('\n');
}

const mapsIn = (doc: Document, key: string): YAMLMap[] => {
  const below = doc.get(key);
  return isMap(below) ? below.items.flatMap(({ value }) => (isMap(value) ? [value] : [])) : [];
};

/** What is inside an entry stands on one line, as in files that people write. */
function inFlow(entry: YAMLMap): void {
  for (const { value } of entry.items) if (isCollection(value)) value.flow = true;
}

/** An empty line before each part of the file. */
function spaced({ contents }: Document): void {
  if (!isMap(contents)) return;
  for (const { key } of contents.items.slice(1)) if (isScalar(key)) key.spaceBefore = true;
}

const WIDTH = 100;

/** Lines of a comment, made harmless; the words of one that goes on stand further in. */
function wrapped(remark: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of said(remark).split(' ')) {
    if (line !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].map((one) => one.trimEnd());
}

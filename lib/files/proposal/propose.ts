/** A service file from an estate: everything in it is as validate wants it, or it is left out with a note. */
import type { Survey } from '../../core/estate.ts';
import type { Service } from '../../core/service.ts';
import { checkEnvironments, type EnvironmentSource } from '../check-environments.ts';
import { formatProblem, type Problem } from '../problem.ts';
import { readService } from '../service-file.ts';
import { type Draft, type DraftLever, type DraftSignal, question, type Wanted } from './draft.ts';
import { judged } from './judge.ts';
import { leversFor } from './levers.ts';
import { said } from './names.ts';
import { partsAt } from './parts.ts';
import { render } from './render.ts';
import { signalsFor } from './signals.ts';

export interface Proposal {
  /** Where it belongs: `environments/<env>/services/<service>.yaml`. */
  readonly file: string;
  readonly text: string;
  /** What the reader of these files makes of it. */
  readonly service: Service;
}

export interface Folder {
  /** All environments as they lie there; the service's own file is not looked at. */
  readonly sources: readonly EnvironmentSource[];
  /** First lines of the file, without `#`. */
  readonly head: readonly string[];
}

/** @param found what belongs to the service (`relatedTo`). @throws Error where nothing that can be written passes: a bug of ours */
export function propose(wanted: Wanted, found: Survey, folder: Folder): Proposal {
  const { signals, notes } = signalsFor(wanted, found.alarms);
  const { levers, notes: more } = leversFor(wanted, found);
  return fitted(
    wanted,
    { signals, levers, notes: [...found.unread, ...bounded([...notes, ...more])], pace: [] },
    folder,
  );
}

const MOST_NOTES = 30;

const bounded = (notes: readonly string[]): string[] =>
  notes.length <= MOST_NOTES
    ? [...notes]
    : [...notes.slice(0, MOST_NOTES), `and ${notes.length - MOST_NOTES} more that were left out`];

/** Leaves out what does not pass, until all of it does: what another service has, what is too much to arm. */
function fitted(wanted: Wanted, first: Draft, folder: Folder): Proposal {
  let draft = first;
  const most = first.signals.length + first.levers.length + 2;
  for (let round = 0; round <= most; round += 1) {
    const whole = withExamples(wanted, draft);
    const checked = check(wanted, render(whole, { ...wanted, ...folder }), folder);
    if (checked.problems.length > 0 || !checked.service) {
      draft = without(draft, checked);
      continue;
    }
    const done = judged(whole, checked.service);
    if (done.levers.length === whole.levers.length) {
      const text = render(done, { ...wanted, ...folder });
      return { file: checked.file, text, service: checked.service };
    }
    const left = new Set(done.levers.map(({ name }) => name));
    draft = { ...draft, levers: draft.levers.filter(({ name }) => left.has(name)), notes: done.notes };
  }
  throw new Error(`Cannot propose a file for "${wanted.service}": nothing that was found passes validation`);
}

interface Checked {
  readonly file: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly service?: Service | undefined;
}

/** As `validate` would see it, were it there; what was wrong before is none of its affair. */
function check({ service: name, environment }: Wanted, text: string, { sources }: Folder): Checked {
  const home = sources.find((source) => source.name === environment.name);
  const folder = home?.folder ?? `environments/${environment.name}`;
  const file = `${folder}/services/${name}.yaml`;
  const others = sources.filter((source) => source !== home);
  const beside = { ...(home ?? { name: environment.name, folder }), services: home?.services ?? [] };
  const without = { ...beside, services: beside.services.filter((service) => service.name !== name) };
  const source = { file, name, text };
  // Last of all: where two have one target, the problem is told of the later one.
  const withIt = { ...without, services: [...without.services, source] };
  const before = new Set(problemsOf([...others, without]).map(formatProblem));
  const problems = problemsOf([...others, withIt]).filter((problem) => !before.has(formatProblem(problem)));
  const { service } = readService(source, { environment });
  return { file, text, problems, service };
}

function problemsOf(sources: readonly EnvironmentSource[]): readonly Problem[] {
  const checked = checkEnvironments(sources);
  return checked.ok ? [] : checked.problems;
}

/** Without the parts that the problems stand in; a problem of the whole takes the last of the longer list. */
function without(draft: Draft, { text, problems }: Checked): Draft {
  const wrong = problems.flatMap((problem) =>
    partsAt(text, problem.line).map((part) => ({ ...part, problem })),
  );
  const notes = [
    ...new Set(
      wrong.map(({ kind, name, problem }) => `left out: ${kind} "${name}": ${said(problem.message)}`),
    ),
  ];
  const kept = (kind: 'signal' | 'lever') => (part: { readonly name: string }) =>
    !wrong.some((one) => one.kind === kind && one.name === part.name);
  const signals = draft.signals.filter(kept('signal'));
  const levers = draft.levers.filter(kept('lever'));
  if (signals.length < draft.signals.length || levers.length < draft.levers.length)
    return { ...draft, signals, levers, notes: [...draft.notes, ...notes] };
  const why = problems.map(({ message }) => said(message)).join('; ');
  return shorter(draft, why);
}

function shorter(draft: Draft, why: string): Draft {
  const { signals, levers, notes } = draft;
  const fromSignals = signals.length >= levers.length;
  const gone = (fromSignals ? signals : levers).at(-1);
  return {
    ...draft,
    signals: fromSignals ? signals.slice(0, -1) : signals,
    levers: fromSignals ? levers : levers.slice(0, -1),
    notes: [...notes, `left out: ${fromSignals ? 'signal' : 'lever'} "${gone?.name ?? ''}": ${why}`],
  };
}

/** A file needs a signal and a lever: where nothing was found, examples that do nothing. */
const withExamples = (wanted: Wanted, draft: Draft): Draft => ({
  ...draft,
  signals: draft.signals.length > 0 ? draft.signals : [exampleSignal(wanted)],
  levers: draft.levers.length > 0 ? draft.levers : [exampleLever(wanted)],
});

const exampleSignal = ({ service }: Wanted): DraftSignal => ({
  name: 'example',
  written: {
    metric: { namespace: 'Example', name: 'latency', dimensions: { service } },
    statistic: 'p95',
    period: '1 min',
    unit: 'ms',
  },
  when: 'example > 250 ms for 3 of 5',
  verify: 'example <= 250 ms',
  periodSeconds: 60,
  remarks: [
    question(
      'what is measured? No alarm was found for it: this metric is an example, and nobody publishes it',
    ),
  ],
});

const exampleLever = ({ service }: Wanted): DraftLever => ({
  name: 'example-flag',
  written: { kind: 'flag', parameter: `/example/${service}`, safe: 'false', cache: '1 min' },
  rung: 1,
  remarks: [
    question('what can be pulled? Nothing was found for it: this parameter is an example, and is not there'),
  ],
});

/** From what stands in SSM, MLflow and the clusters to levers. Who owns a spec is judged later, by all of them. */
import type { FoundModel, FoundParameter, FoundWorkload, Survey } from '../../core/estate.ts';
import type { Owner } from '../../core/step.ts';
import { leverFormat } from '../lever-format.ts';
import { type Draft, type DraftLever, question, type Wanted } from './draft.ts';
import { commitFor } from './git-lever.ts';
import { named, nameFor } from './names.ts';
import { isReleasedBy } from './related.ts';

/** Before its name is made unique. */
export type Candidate = Omit<DraftLever, 'name'> & {
  /** What its name is made of; where several are called so, with the name of the object before it. */
  readonly called: string;
  readonly object: string;
  /** For notes: `parameter "/shop/x"`. */
  readonly what: string;
};

/** More are not pulled in the minutes that an incident has. */
const MOST_LEVERS = 8;

/** Levers for what was found, and a note for each thing that cannot be one. */
export function leversFor(wanted: Wanted, found: Survey): Pick<Draft, 'levers' | 'notes'> {
  const levers: DraftLever[] = [];
  const notes: string[] = [];
  const all = candidates(wanted, found, notes);
  const isShared = (called: string) => all.filter((one) => one.called === called).length > 1;
  for (const { called, object, what, ...rest } of all) {
    const wrong = levers.length < MOST_LEVERS ? objectionTo(rest.written) : TOO_MANY;
    const taken = levers.map(({ name }) => name);
    if (wrong === undefined)
      levers.push({
        name: nameFor(isShared(called) ? `${object}-${called}` : called, taken, rest.written.kind),
        ...rest,
      });
    else notes.push(`left out: ${what}: ${wrong}`);
  }
  return { levers, notes };
}

const TOO_MANY = `${MOST_LEVERS} levers are enough to begin with`;

function candidates(wanted: Wanted, found: Survey, notes: string[]): Candidate[] {
  const { workloads, releases, applications } = found;
  const applied = applications.flatMap((application) => {
    const made = commitFor(application);
    if (typeof made !== 'string') return [made];
    notes.push(`left out: Argo CD application ${named(application.name)}: ${made}`);
    return [];
  });
  return [
    ...flags(found.parameters, notes),
    ...found.models.flatMap((model) => aliasOf(wanted, model, { workloads, notes })),
    ...workloads.map((workload) => workloadLever(workload)),
    ...releases.map((release) => releaseLever(release, workloads)),
    ...unseenReleases(found).map((release) => releaseLever(release, workloads)),
    ...applied,
  ];
}

/** The first thing that the format has against it. */
function objectionTo(written: unknown): string | undefined {
  const [issue] = leverFormat.safeParse(written).error?.issues ?? [];
  return issue && `${issue.path.join('.')}: ${issue.message}`;
}

/** Readers of a flag keep a value for so long, until somebody says how long. */
const USUAL_CACHE = '1 min';

function flags(parameters: readonly FoundParameter[], notes: string[]): Candidate[] {
  const secrets = parameters.filter(({ kind }) => kind === 'secret').length;
  if (secrets > 0) notes.push(`left out: parameters that are secrets, by type or by name: ${secrets}`);
  return parameters.flatMap((parameter): Candidate[] => {
    if (parameter.kind === 'secret') return [];
    if (parameter.kind === 'switch') return [flagLever(parameter)];
    notes.push(
      question(
        `is parameter ${named(parameter.name)} a flag, and which of its values is safe? It holds neither true nor false`,
      ),
    );
    return [];
  });
}

const flagLever = ({ name, off }: Extract<FoundParameter, { kind: 'switch' }>): Candidate => ({
  called: name.split('/').at(-1) ?? name,
  object: name.split('/').at(-2) ?? name,
  what: `parameter ${named(name)}`,
  rung: 1,
  written: { kind: 'flag', parameter: name, safe: off, cache: USUAL_CACHE },
  remarks: [
    question(`is it a feature flag of this service, and "${off}" its safe value?`),
    question('how long may readers keep an old value (cache)? Where can they say which they use (served)?'),
  ],
});

/** What people call the version that serves. */
const USUAL_ALIASES = ['champion', 'production', 'prod', 'live', 'stable'];

interface Around {
  readonly workloads: readonly FoundWorkload[];
  readonly notes: string[];
}

function aliasOf(wanted: Wanted, { name, aliases }: FoundModel, { workloads, notes }: Around): Candidate[] {
  const known = Object.keys(aliases).filter((alias) => !/^(rolled_back|previous_.*)$/i.test(alias));
  const alias = USUAL_ALIASES.find((usual) => known.includes(usual)) ?? known[0];
  if (alias === undefined) {
    notes.push(question(`which alias of model ${named(name)} does serving load? It has none`));
    return [];
  }
  const others = known.filter((other) => other !== alias);
  return [
    {
      called: alias,
      object: name,
      what: `model ${named(name)}`,
      rung: 2,
      written: { kind: 'alias', model: name, alias, served: servedBy(wanted, workloads) },
      remarks: [
        `it names version ${named(aliases[alias] ?? '')} now`,
        ...(others.length > 0
          ? [question(`does serving load this alias, or ${others.slice(0, 5).map(named).join(', ')}?`)]
          : []),
        question('where does serving say which version it uses (served)? Any address here is a guess'),
        question('what makes it load the alias again (reload): a URL, or pods that are restarted?'),
      ],
    },
  ];
}

const USUAL_PORT = 8080;

/** As the person says; else the pods of the service, at a path that is a guess; else an address that nobody has. */
function servedBy({ served, service }: Wanted, [workload]: readonly FoundWorkload[]): unknown {
  if (served !== undefined) return served;
  if (!workload) return `https://${service}.invalid/version version`;
  const { kind, cluster, namespace, name, ports } = workload;
  return {
    pods: { kind, cluster, namespace, name },
    port: ports[0] ?? USUAL_PORT,
    path: '/version',
    json: 'version',
  };
}

function workloadLever({ kind, cluster, namespace, name, owner, strategy }: FoundWorkload): Candidate {
  const counted = `how are its requests counted by version (traffic)? Without it ${kind === 'rollout' ? 'weights' : 'pods'} are believed`;
  return {
    called: strategy ?? kind,
    object: name,
    what: `${kind === 'rollout' ? 'Rollout' : 'Deployment'} ${named(name)} in ${named(namespace)}`,
    rung: 3,
    owner,
    written: { kind, cluster, namespace, [kind]: name },
    remarks: [question(counted)],
  };
}

/** Releases that made these workloads, where their Secrets were not read. */
function unseenReleases({ workloads, releases }: Survey): Survey['releases'] {
  const marked = workloads.flatMap(({ cluster, owner }) =>
    owner?.kind === 'helm'
      ? [{ cluster, namespace: owner.namespace, name: owner.release, status: 'unknown' }]
      : [],
  );
  const keyOf = (one: (typeof marked)[number]) => `${one.cluster}/${one.namespace}/${one.name}`;
  const seen = new Set(releases.map(keyOf));
  return [...new Map(marked.map((one) => [keyOf(one), one])).values()].filter((one) => !seen.has(keyOf(one)));
}

/** A release whose objects somebody else writes is not Helm's to roll back. */
function releaseLever(release: Survey['releases'][number], workloads: readonly FoundWorkload[]): Candidate {
  const { cluster, namespace, name, status } = release;
  const others = workloads.filter((one) => isReleasedBy(one, release)).flatMap(({ owner }) => owner ?? []);
  const helm: Owner = { kind: 'helm', release: name, namespace };
  return {
    called: 'release',
    object: name,
    what: `Helm release ${named(name)} in ${named(namespace)}`,
    rung: 4,
    owner: others.find(({ kind }) => kind !== 'helm') ?? helm,
    written: { kind: 'helm', cluster, namespace, release: name },
    remarks:
      status === 'deployed' ? [] : [question(`its newest revision is ${named(status)}: does it stand well?`)],
  };
}

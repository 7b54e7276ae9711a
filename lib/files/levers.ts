import type { Environment } from '../core/environment.ts';
import type { AliasLever, Lever, Traffic } from '../core/service.ts';
import { readReload, readServed, refuseMovedTemplates, workloadsIn } from './alias-workloads.ts';
import type { Declared } from './declared.ts';
import type { Refuse } from './findings.ts';
import type { WrittenAlias, WrittenLever } from './lever-format.ts';
import { isWrong, wrong } from './problem.ts';
import type { Surroundings } from './surroundings.ts';
import { readRepository, readUrl } from './urls.ts';

/** The levers of a service, their URLs filled and allowed in the environment. */
export function readLevers({ levers }: Declared, around: Surroundings, refuse: Refuse): Lever[] {
  const read = [...levers].flatMap(([name, written]) => {
    if (!written) return [];
    refuseHomeless(['levers', name], written, { around, refuse });
    return [leverOf(name, written, { at: urlReader(['levers', name], around, refuse), refuse })];
  });
  refuseMovedTemplates(read, refuse);
  return read;
}

/** What a lever needs of its environment: a registry, a cluster. */
function refuseHomeless(
  path: readonly string[],
  written: WrittenLever,
  { around: { environment }, refuse }: { around: Surroundings; refuse: Refuse },
): void {
  if (!environment) return;
  if (written.kind === 'alias' && !environment.mlflow) refuse([...path, 'kind'], noMlflow(environment.name));
  for (const { keys, cluster } of placesOf(written)) {
    if (!Object.hasOwn(environment.clusters ?? {}, cluster))
      refuse([...path, ...keys], noCluster(environment));
  }
}

/** Where its clusters are named. */
function placesOf(written: WrittenLever) {
  if ('cluster' in written) return [{ keys: ['cluster'], cluster: written.cluster }];
  if (written.kind !== 'git') return workloadsIn(written);
  return written.application
    ? [{ keys: ['application', 'cluster'], cluster: written.application.cluster }]
    : [];
}

type WrittenTraffic = NonNullable<Extract<WrittenLever, { kind: 'rollout' }>['traffic']>;
type ReadUrl = (keys: readonly string[], typed: string, read?: typeof readUrl) => string;

interface Reading {
  readonly at: ReadUrl;
  readonly refuse: Refuse;
}

function leverOf(name: string, written: WrittenLever, reading: Reading): Lever {
  if (written.kind === 'alias') return aliasOf(name, written, reading);
  const { at } = reading;
  const served = written.served && { ...written.served, url: at(['served', 'url'], written.served.url) };
  const common = { name, cacheSeconds: written.cache, ...(served && { served }) };
  switch (written.kind) {
    case 'flag': {
      const { kind, parameter, safe, 'always-safe': alwaysSafe } = written;
      return { kind, parameter, safe, alwaysSafe, ...common };
    }
    case 'rollout': {
      const { kind, cluster, namespace, rollout, traffic } = written;
      const counted = traffic && { traffic: trafficOf(traffic) };
      return { kind, cluster, namespace, rollout, part: 'traffic', ...common, ...counted };
    }
    case 'deployment': {
      const { kind, cluster, namespace, deployment, traffic } = written;
      const counted = traffic && { traffic: trafficOf(traffic) };
      return { kind, cluster, namespace, deployment, ...common, ...counted };
    }
    case 'helm': {
      const { kind, cluster, namespace, release } = written;
      return { kind, cluster, namespace, release, ...common };
    }
    case 'git':
      return {
        ...gitOf(written),
        repository: at(['repository'], written.repository, readRepository),
        ...common,
      };
  }
}

function aliasOf(name: string, written: WrittenAlias, { at, refuse }: Reading): AliasLever {
  const { kind, model, alias, cache: cacheSeconds } = written;
  const reload = readReload(written, at);
  const served = readServed(name, written, { at, refuse });
  return { kind, name, model, alias, cacheSeconds, served, ...(reload !== undefined && { reload }) };
}

/** `others` are known when all services are. */
function gitOf({ kind, repository, branch, paths, secret, host, conflict, application }: WrittenGit) {
  const own = { kind, repository, branch, paths: paths.map(withoutSlash), others: [], host, conflict };
  return { ...own, ...(secret !== undefined && { secret }), ...(application && { application }) };
}

type WrittenGit = Extract<WrittenLever, { kind: 'git' }>;

const withoutSlash = (path: string): string => path.replace(/\/$/, '');

const trafficOf = ({ metric, by, period, window, least }: WrittenTraffic): Traffic => ({
  metric,
  by,
  periodSeconds: period,
  windowSeconds: window,
  least,
});

/** Reads a URL, and notes what is wrong with it; without an environment nobody knows what is allowed. */
const urlReader =
  (base: readonly string[], { environment, replacements }: Surroundings, refuse: Refuse): ReadUrl =>
  (keys, typed, read = readUrl) => {
    const url = environment ? read(typed, { insecureLocal: environment.insecureLocal, replacements }) : typed;
    if (!isWrong(url)) return url;
    refuse([...base, ...keys], url);
    return typed;
  };

const noMlflow = (environment: string) =>
  wrong(
    `environment "${environment}" names no MLflow server`,
    '"mlflow: { url: ... }" in environment.yaml for an alias',
  );

function noCluster({ name, clusters = {} }: Environment) {
  const known = Object.keys(clusters);
  return wrong(
    `environment "${name}" has no such cluster`,
    known.length > 0
      ? `one of ${known.join(', ')}`
      : '"clusters: { <name>: { eks: ... } }" in environment.yaml',
  );
}

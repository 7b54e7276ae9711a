import type { Environment } from '../core/environment.ts';
import type { Lever, Traffic } from '../core/service.ts';
import type { Declared } from './declared.ts';
import type { Refuse } from './findings.ts';
import type { WrittenLever } from './lever-format.ts';
import { isWrong, wrong } from './problem.ts';
import type { Surroundings } from './surroundings.ts';
import { readUrl } from './urls.ts';

/** The levers of a service, their URLs filled and allowed in the environment. */
export function readLevers({ levers }: Declared, around: Surroundings, refuse: Refuse): Lever[] {
  return [...levers].flatMap(([name, written]) => {
    if (!written) return [];
    refuseHomeless(['levers', name], written, { around, refuse });
    return [leverOf(name, written, urlReader(['levers', name], around, refuse))];
  });
}

/** What a lever needs of its environment: a registry, a cluster. */
function refuseHomeless(
  path: readonly string[],
  written: WrittenLever,
  { around: { environment }, refuse }: { around: Surroundings; refuse: Refuse },
): void {
  if (!environment) return;
  if (written.kind === 'alias' && !environment.mlflow) refuse([...path, 'kind'], noMlflow(environment.name));
  if (!('cluster' in written) || Object.hasOwn(environment.clusters ?? {}, written.cluster)) return;
  refuse([...path, 'cluster'], noCluster(environment));
}

type WrittenTraffic = NonNullable<Extract<WrittenLever, { kind: 'rollout' }>['traffic']>;
type ReadUrl = (keys: readonly string[], typed: string) => string;

function leverOf(name: string, written: WrittenLever, at: ReadUrl): Lever {
  const served = written.served && { ...written.served, url: at(['served', 'url'], written.served.url) };
  const common = { name, cacheSeconds: written.cache, ...(served && { served }) };
  switch (written.kind) {
    case 'flag': {
      const { kind, parameter, safe, 'always-safe': alwaysSafe } = written;
      return { kind, parameter, safe, alwaysSafe, ...common };
    }
    case 'alias': {
      const { kind, model, alias, reload } = written;
      const reloads = reload !== undefined && { reload: at(['reload'], reload) };
      return { kind, model, alias, ...reloads, ...common, served: served ?? written.served };
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
  }
}

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
  (keys, typed) => {
    const url = environment
      ? readUrl(typed, { insecureLocal: environment.insecureLocal, replacements })
      : typed;
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

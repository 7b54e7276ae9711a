import { alarmsOf } from '../core/alarms.ts';
import type { Environment } from '../core/environment.ts';
import { sameRepository } from '../core/git-lever.ts';
import type { GitLever, Lever } from '../core/service.ts';
import { type Path, type Place, placeOfKey, placeOfValue, type Source } from './places.ts';
import type { Problem } from './problem.ts';
import type { ServiceReading } from './service-file.ts';
import { sameUrl } from './urls.ts';

/** Something only one service may have: what a lever acts on, or an alarm. Equal keys are the same thing. */
export interface Claim {
  readonly key: string;
  /** Keys of what it is a part of, which nobody else may have either. @default none */
  readonly within?: readonly string[];
  readonly what: string;
  readonly expected: string;
  readonly file: string;
  readonly place: Place;
}

type OtherLever = Exclude<Lever, GitLever>;

/** Where a service is; `environment` is not there when its file cannot be read. */
interface Home {
  readonly name: string;
  readonly environment: Environment | undefined;
}

/** What a service claims for itself. Levers count although the rest of their file cannot be read. */
export function claimsOf({ source, levers, service }: ServiceReading, home: Home): Claim[] {
  if (!source) return [];
  const targets = levers.flatMap((lever) =>
    lever.kind === 'git' ? pathClaims(lever, source) : [targetClaim(lever, home, source)],
  );
  if (!service || !home.environment) return targets;
  const alarms = alarmsOf(home.environment, service).map(
    ({ name, arn, existing, condition }, index): Claim => {
      const path = existing ? ['signals', condition.signal, 'alarm'] : ['policy', 'when', index];
      return {
        key: `alarm ${arn}`,
        what: `alarm "${name}"`,
        expected: ALARM_OF_ITS_OWN,
        ...at(source, path, placeOfValue),
      };
    },
  );
  return [...targets, ...alarms];
}

/** Every claim that somebody made before, with the place of both (F56). */
export function clashes(claims: readonly Claim[]): Problem[] {
  const first = new Map<string, Claim>();
  const parts = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const { key, within = [] } = claim;
    const whole = within.map((outer) => first.get(outer)).find((outer) => outer !== undefined);
    const earlier = first.get(key) ?? whole ?? parts.get(key);
    if (earlier) return [clash(claim, earlier)];
    first.set(key, claim);
    for (const outer of within) if (!parts.has(outer)) parts.set(outer, claim);
    return [];
  });
}

function clash({ key, what, expected, file, place }: Claim, earlier: Claim): Problem {
  const where = `${earlier.file}:${earlier.place.line}:${earlier.place.column}`;
  return {
    file,
    ...place,
    message: `${what} ${key === earlier.key ? 'is also that' : 'overlaps that'} of "${earlier.place.found}" at ${where}`,
    expected,
  };
}

/** What a commit changes belongs to one service: of two that have it, each would undo the other's release. */
const pathClaims = ({ name, repository, branch, paths }: GitLever, source: Source): Claim[] =>
  paths.map((path, index) => {
    const keyOf = (part: string) => `git ${sameRepository(repository)} ${branch} ${part}`;
    const folders = path.split('/').slice(0, -1);
    const above = folders.map((_, n) => folders.slice(0, n + 1).join('/'));
    return {
      key: keyOf(path),
      within: path === '.' ? [] : ['.', ...above].map(keyOf),
      what: `path "${path}" of branch "${branch}"`,
      expected: 'paths that no other lever of any environment has, on that branch',
      ...at(source, ['levers', name, 'paths', index], placeOfValue),
    };
  });

function targetClaim(lever: OtherLever, home: Home, source: Source): Claim {
  const place = at(source, ['levers', lever.name], placeOfKey);
  return { ...targetWords(lever, home), expected: TARGET_OF_ITS_OWN, ...place };
}

/** What cannot be read is at least the same for two levers of one environment. */
function targetWords(lever: OtherLever, { name, environment }: Home): Pick<Claim, 'key' | 'what'> {
  switch (lever.kind) {
    case 'flag': {
      const where = environment ? `${environment.account} ${environment.region}` : name;
      return { key: `flag ${where} ${lever.parameter}`, what: `parameter "${lever.parameter}"` };
    }
    case 'alias': {
      const server = environment?.mlflow ? sameUrl(environment.mlflow.url) : name;
      const what = `alias "${lever.alias}" of model "${lever.model}"`;
      return { key: `alias ${server} ${lever.model}@${lever.alias}`, what };
    }
    case 'rollout':
      return inCluster(lever, { kind: 'Rollout', object: lever.rollout }, { name, environment });
    case 'deployment':
      return inCluster(lever, { kind: 'Deployment', object: lever.deployment }, { name, environment });
    case 'helm':
      return inCluster(lever, { kind: 'Helm release', object: lever.release }, { name, environment });
  }
}

/** Two environments may name one cluster: it is known by its EKS name, or by its endpoint. */
function inCluster(
  { cluster, namespace }: { readonly cluster: string; readonly namespace: string },
  { kind, object }: { readonly kind: string; readonly object: string },
  { name, environment }: Home,
): Pick<Claim, 'key' | 'what'> {
  const known = environment?.clusters?.[cluster];
  const eks = known?.eks && `${environment?.account} ${environment?.region} ${known.eks}`;
  const where = eks ?? (known?.endpoint ? sameUrl(known.endpoint) : `${name} ${cluster}`);
  return {
    key: `${kind} ${where} ${namespace}/${object}`,
    what: `${kind} "${object}" in namespace "${namespace}"`,
  };
}

const at = (source: Source, path: Path, placeOf: (source: Source, path: Path) => Place) => ({
  file: source.file,
  place: placeOf(source, path),
});

const TARGET_OF_ITS_OWN = 'a target that no other lever of any environment has';
const ALARM_OF_ITS_OWN = 'an alarm of its own; rename the signal or the service';

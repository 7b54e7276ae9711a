import type * as z from 'zod';
import type { Environment } from '../core/environment.ts';
import type { Cluster, Mlflow } from '../core/service.ts';
import { readCall } from './call-format.ts';
import { environmentFormat } from './environment-format.ts';
import { explain } from './explain.ts';
import { type Finding, problemOf, type Refuse, refusing } from './findings.ts';
import { ENVIRONMENT_NAME, ENVIRONMENT_NAME_WORDS } from './forms.ts';
import { isWrong, type Problem, type Wrong, wholeFile, wrong } from './problem.ts';
import { type Replacements, readUrl } from './urls.ts';
import { parseYaml, type SourceFile } from './yaml-text.ts';

/** An environment's own file; its name is the folder's. */
export interface EnvironmentFile extends SourceFile {
  readonly name: string;
}

export interface EnvironmentReading {
  readonly problems: readonly Problem[];
  readonly environment?: Environment | undefined;
}

/** The only environment that may do without https: it has no users. */
const INSECURE_ENVIRONMENT = 'local';

/** One environment file: its value, or all that is wrong with it. */
export function readEnvironmentFile(file: EnvironmentFile, replacements?: Replacements): EnvironmentReading {
  const { problems, source, value } = parseYaml(file);
  const before = [...nameProblems(file), ...problems];
  if (!source) return { problems: before };
  const { data, error } = environmentFormat.safeParse(value);
  const findings: Finding[] = explain(error?.issues ?? [], value);
  const environment =
    data && environmentOf(data, { name: file.name, replacements, refuse: refusing(findings) });
  const all = [...before, ...findings.map((finding) => problemOf(source, finding))];
  return { problems: all, environment: all.length === 0 ? environment : undefined };
}

type Written = z.output<typeof environmentFormat>;

interface Around {
  readonly name: string;
  readonly replacements: Replacements | undefined;
  readonly refuse: Refuse;
}

function environmentOf(written: Written, around: Around): Environment {
  const { account, region, mode, goal, paged, 'insecure-local': insecureLocal } = written;
  if (insecureLocal && around.name !== INSECURE_ENVIRONMENT) {
    const words = wrong(
      `environment "${around.name}" has users`,
      `it only in the environment "${INSECURE_ENVIRONMENT}"`,
    );
    around.refuse(['insecure-local'], words);
  }
  const mlflow = mlflowOf(written, around);
  const clusters = clustersOf(written, around);
  const rules = { insecureLocal, replacements: around.replacements };
  return {
    name: around.name,
    account,
    region,
    mode,
    goalSeconds: goal,
    insecureLocal,
    ...(mlflow && { mlflow }),
    ...(clusters && { clusters }),
    paged: readCall(paged, { rules, path: ['paged'] }, around.refuse),
  };
}

function mlflowOf(written: Written, { replacements, refuse }: Around): Mlflow | undefined {
  if (!written.mlflow) return undefined;
  const { url: typed, secret } = written.mlflow;
  const url = readUrl(typed, { insecureLocal: written['insecure-local'], replacements });
  if (isWrong(url)) return refuse(['mlflow', 'url'], url);
  if (/[?#]/.test(url))
    return refuse(['mlflow', 'url'], wrong('URL has a query or a fragment', 'the URL of the server only'));
  return { url: url.replace(/\/+$/, ''), ...(secret !== undefined && { secret }) };
}

function clustersOf(written: Written, around: Around): Environment['clusters'] {
  if (!written.clusters) return undefined;
  const { replacements } = around;
  const rules = { insecureLocal: written['insecure-local'], replacements };
  const entries = Object.entries(written.clusters).map(
    ([name, { endpoint, ca, ...rest }]): [string, Cluster] => {
      const refuse = (key: string, words: Wrong) => around.refuse(['clusters', name, key], words);
      const url = endpoint === undefined ? undefined : readUrl(endpoint, rules);
      if (isWrong(url)) refuse('endpoint', url);
      if (ca?.startsWith('$') && !rules.insecureLocal)
        refuse('ca', wrong(`placeholder "${ca}" has no value`, 'the certificate, PEM in base64'));
      const filled = ca?.replace(/^\$\{(.+)\}$/, (whole, key: string) => replacements?.[key] ?? whole);
      return [
        name,
        withoutNothing({ ...rest, endpoint: isWrong(url) ? '' : url?.replace(/\/+$/, ''), ca: filled }),
      ];
    },
  );
  return Object.fromEntries(entries);
}

/** Only the keys that have a value. */
const withoutNothing = (cluster: { readonly [K in keyof Cluster]: Cluster[K] | undefined }): Cluster =>
  Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== undefined));

const nameProblems = ({ file, name }: EnvironmentFile): Problem[] =>
  ENVIRONMENT_NAME.test(name)
    ? []
    : [wholeFile(file, wrong('folder is not named like an environment', ENVIRONMENT_NAME_WORDS), name)];

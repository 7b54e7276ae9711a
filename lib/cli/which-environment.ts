/** Which environment is meant, and what its file says. Needs no service file: one that is broken stops no rollback. */
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { didYouMean } from '../core/closest.ts';
import { type Environment, NO_CLUSTER, NO_GIT } from '../core/environment.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import { readEnvironmentFile } from '../files/environment-file.ts';
import { formatProblem } from '../files/problem.ts';
import type { Host } from './host.ts';

/** Where the local environment is; other entries of its file are not ours. */
const localEndpoints = z.object({
  aws: z.string(),
  region: z.string(),
  mlflow: z.string(),
  model: z.string(),
  cluster: z.optional(z.string()),
  clusterCa: z.optional(z.string()),
  git: z.optional(z.string()),
});
export type LocalEndpoints = z.infer<typeof localEndpoints>;

/** The environment that runs on this machine. */
const LOCAL = 'local';

/** The environment of the demo over twins, in ids, reports and commands: nobody shall take them for those of real parts. */
export const EMBEDDED = 'embedded';

/** Commands of it stand in its report, and are typed. */
const TOLD_OVER_TWINS = `Cannot reach environment "${EMBEDDED}": the demo told it over twins, and nothing of them is left but the report, in .reinstate/reports; for one that stays: npm run local -- up`;

export interface Found {
  readonly environment: Environment;
  readonly services: readonly string[];
  readonly local?: LocalEndpoints;
}

type Place = Pick<Host, 'cwd' | 'env'>;

/** @throws BadInput when nothing says which, or there is none of that name. */
export function findEnvironment(place: Place, asked: string | undefined): Found {
  const folders = environmentNames(place);
  const name = asked || place.env['REINSTATE_ENV'] || usual(place);
  if (name === undefined) {
    throw new BadInput(`Cannot choose an environment; name one with --env: ${folders.join(', ')}`);
  }
  if (!folders.includes(name)) {
    if (name === EMBEDDED) throw new BadInput(TOLD_OVER_TWINS);
    throw new BadInput(
      `Cannot find environment "${name}"${didYouMean(name, folders)}; expected one of ${folders.join(', ')}`,
    );
  }
  const local = name === LOCAL ? endpointsOf(place) : undefined;
  const environment = readFile(place, name, local);
  return { environment, services: serviceNames(place, name), ...(local && { local }) };
}

const usual = (place: Place): string | undefined => (existsSync(endpointsFile(place)) ? LOCAL : undefined);

/** @throws BadInput when there is no folder, or it holds nothing. */
function environmentNames({ cwd }: Place): string[] {
  const names = entriesOf(cwd, 'environments').flatMap((e) => (e.isDirectory() ? [e.name] : []));
  if (names.length > 0) return names;
  throw new BadInput(
    'Cannot find folder "environments" here; change to the folder that holds your environments',
  );
}

function readFile({ cwd }: Place, name: string, local: LocalEndpoints | undefined): Environment {
  const file = `environments/${name}/environment.yaml`;
  const text = textOf(cwd, file);
  const replacements = local && {
    mlflow: local.mlflow,
    model: local.model,
    cluster: local.cluster ?? NO_CLUSTER.url,
    'cluster-ca': local.clusterCa ?? NO_CLUSTER.ca,
    git: local.git ?? NO_GIT,
  };
  const { environment, problems } = readEnvironmentFile({ file, text, name }, replacements);
  if (environment) return environment;
  throw new BadInput(problems.map(formatProblem).join('\n'));
}

/** @throws BadInput */
function textOf(cwd: string, file: string): string {
  const cannot = `Cannot read "${file}"`;
  if (!existsSync(join(cwd, file)))
    throw new BadInput(`${cannot}: there is no such file; each folder in "environments" has one`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(cwd, file)));
  } catch (cause) {
    throw new BadInput(`${cannot} (${codeOf(cause)}); expected a file in UTF-8 that you may read`, { cause });
  }
}

function serviceNames({ cwd }: Place, name: string): string[] {
  const files = entriesOf(cwd, `environments/${name}/services`).map((entry) => entry.name);
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
}

/** Nothing where there is no such folder. @throws BadInput when it is none, or may not be read */
function entriesOf(cwd: string, folder: string): Dirent[] {
  if (!existsSync(join(cwd, folder))) return [];
  try {
    return readdirSync(join(cwd, folder), { withFileTypes: true });
  } catch (cause) {
    throw new BadInput(`Cannot read "${folder}" (${codeOf(cause)}); expected a folder that you may read`, {
      cause,
    });
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

export const localFolder = ({ cwd, env }: Place): string =>
  join(env['REINSTATE_STATE'] ?? join(cwd, '.reinstate'), 'local');

const endpointsFile = (place: Place): string => join(localFolder(place), 'endpoints.json');

/** @throws NotReady when the local environment is not up. */
function endpointsOf(place: Place): LocalEndpoints {
  const next = 'run: npm run local -- up';
  if (!existsSync(endpointsFile(place))) {
    throw new NotReady(`Cannot reach environment "${LOCAL}": it is not up; ${next}`);
  }
  const parsed = z.safeParse(localEndpoints, jsonIn(endpointsFile(place)));
  if (parsed.success) return parsed.data;
  throw new NotReady(`Cannot reach environment "${LOCAL}": its endpoints are not as expected; ${next}`);
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

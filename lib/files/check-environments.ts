import type { Environment } from '../core/environment.ts';
import type { Service } from '../core/service.ts';
import { armedServiceOf } from './armed.ts';
import { type Claim, claimsOf, clashes } from './claims.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { withOthers } from './git-others.ts';
import { type Checked, checked, type Problem, wholeFile, wrong } from './problem.ts';
import { readService, type ServiceSource } from './service-file.ts';
import type { Replacements } from './urls.ts';
import type { SourceFile } from './yaml-text.ts';

/** The texts of one environment's folder. */
export interface EnvironmentSource {
  readonly name: string;
  readonly folder: string;
  readonly environment?: SourceFile | undefined;
  readonly services: readonly ServiceSource[];
}

/** An environment with its services. */
export interface EnvironmentFiles {
  readonly environment: Environment;
  readonly services: readonly Service[];
}

/** Values for placeholders, by environment; an environment without an entry keeps its placeholders. */
export type ReplacementsByEnvironment = Readonly<Record<string, Replacements | undefined>>;

/** Every environment, or everything that is wrong in any file and between the files. Pure. */
export function checkEnvironments(
  sources: readonly EnvironmentSource[],
  replacements: ReplacementsByEnvironment = {},
): Checked<EnvironmentFiles[]> {
  const readings = sources.map((source) => readFolder(source, replacements[source.name]));
  const all = readings.flatMap((r) => r.files?.services ?? []);
  const value = readings.flatMap(({ files }) => (files ? [knowingOthers(files, all)] : []));
  const problems = [
    ...readings.flatMap((r) => r.problems),
    ...clashes(readings.flatMap((r) => r.claims)),
    ...value.flatMap((files) => tooLargeToArm(files, sources)),
  ];
  return checked(value, problems);
}

/** A commit may touch what belongs to others, also in another environment: it is not theirs to lose. */
const knowingOthers = (files: EnvironmentFiles, all: readonly Service[]): EnvironmentFiles => ({
  ...files,
  services: files.services.map((service) => withOthers(service, all)),
});

interface FolderReading {
  readonly problems: readonly Problem[];
  readonly claims: readonly Claim[];
  readonly files?: EnvironmentFiles | undefined;
}

function readFolder(source: EnvironmentSource, replacements: Replacements | undefined): FolderReading {
  const { name } = source;
  const own = source.environment && readEnvironmentFile({ ...source.environment, name }, replacements);
  const environment = own?.environment;
  const readings = source.services.map((file) => ({
    file,
    ...readService(file, { environment, replacements }),
  }));
  const services = readings.map((r) => r.service).filter((service) => service !== undefined);
  const problems = [
    ...(own?.problems ?? [missing(source)]),
    ...(readings.length === 0 ? [noServices(source)] : []),
    ...readings.flatMap((r) => r.problems),
  ];
  const claims = readings.flatMap((reading) => claimsOf(reading, { name, environment }));
  return { problems, claims, files: environment && { environment, services } };
}

/** `validate` tells of it before a deploy does. */
function tooLargeToArm(
  { environment, services }: EnvironmentFiles,
  sources: readonly EnvironmentSource[],
): Problem[] {
  const files = sources.find(({ name }) => name === environment.name)?.services ?? [];
  return services.flatMap((service) => {
    const armed = armedServiceOf(environment, service);
    const file = files.find(({ name }) => name === service.name)?.file;
    return armed.ok ? [] : armed.problems.map((problem) => ({ ...problem, ...(file && { file }) }));
  });
}

const missing = ({ folder }: EnvironmentSource): Problem =>
  wholeFile(
    `${folder}/environment.yaml`,
    wrong('file is missing or not UTF-8', 'a file with account and region'),
  );

const noServices = ({ folder }: EnvironmentSource): Problem =>
  wholeFile(`${folder}/services`, wrong('no service file is here', 'at least one <service>.yaml'));

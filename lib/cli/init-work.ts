import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { didYouMean } from '../core/closest.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import type { Survey } from '../core/estate.ts';
import { readFolder } from '../files/folder.ts';
import type { Wanted } from '../files/proposal/draft.ts';
import { propose } from '../files/proposal/propose.ts';
import { candidatesIn, namespacesOf, relatedTo } from '../files/proposal/related.ts';
import type { Answer } from './answer.ts';
import { wantedFrom } from './init-options.ts';
import { offer } from './offer.ts';
import type { Given, Session } from './session.ts';
import { type Surveyed, surveyOf } from './survey.ts';
import { clean, shellWord, table } from './text.ts';
import { type Found, findEnvironment } from './which-environment.ts';

/** Proposes a service file, or lists what might be a service. @throws BadInput, NotReady */
export async function init(session: Session, given: Given): Promise<Answer> {
  const { host } = session;
  const found = findEnvironment(host, session.environment);
  const [service] = given.args;
  const wanted = wantedFrom(found.environment, given);
  const reader = await (host.estate ?? openEstate)(found);
  const surveyed = await surveyOf(reader, wanted);
  for (const sentence of surveyed.survey.unread) host.terminal.err(`${clean(sentence)}\n`);
  if (surveyed.failed === surveyed.tried) throw nothingRead(found);
  if (service === undefined) return listing(session, found, surveyed);
  const proposal = propose(wanted, relatedFound(wanted, surveyed), {
    sources: readFolder(relative('.', join(host.cwd, 'environments'))).sources,
    head: headOf(wanted, host.cwd),
  });
  return offer(session, proposal, {
    environment: found.environment.name,
    service,
    unread: surveyed.survey.unread,
    command: commandFor(wanted),
    write: given.options['write'] === true || given.options['yes'] === true,
  });
}

/** Loaded when it is needed: clients of AWS take most of a second. */
const openEstate = async (found: Found) => (await import('./estate.ts')).openEstate(found);

const nothingRead = ({ environment: { name, account, region } }: Found): NotReady =>
  new NotReady(
    `Cannot propose anything: nothing of environment "${name}" could be read (account ${account} in ${region}); sign in, or set AWS_PROFILE, and try again`,
  );

/** What belongs to the service. @throws BadInput where that is nothing, or may be of several environments */
function relatedFound(wanted: Wanted, { survey }: Surveyed): Survey {
  const { service, environment } = wanted;
  const found = relatedTo(wanted, survey);
  const where = `"${service}" in environment "${environment.name}"`;
  const { alarms, parameters, models, workloads, releases, applications } = found;
  if ([alarms, parameters, models, workloads, releases, applications].every((items) => items.length === 0)) {
    const near = didYouMean(service, [...candidatesIn(survey).keys()]);
    throw new BadInput(
      `Cannot find anything of ${where}${near}; say where to look with --alarms, --parameters, --model or --namespace, or see what is there: npx reinstate init --env ${environment.name}`,
    );
  }
  // One cluster may hold several environments, each in a namespace of its own.
  const names = namespacesOf(found);
  if (names.length < 2) return found;
  throw new BadInput(
    `Cannot choose a namespace for ${where}; name one with --namespace: ${names.slice(0, 10).map(clean).join(', ')}`,
  );
}

const commandFor = ({ service, environment, ...options }: Wanted): string => {
  const given = (['alarms', 'parameters', 'model', 'namespace', 'served'] as const).flatMap((key) => {
    const value = options[key];
    return value === undefined ? [] : [`--${key}`, shellWord(clean(value))];
  });
  return ['npx reinstate init', service, '--env', environment.name, ...given].join(' ');
};

const headOf = (wanted: Wanted, cwd: string): string[] => [
  ...schemaLine(cwd),
  `Proposed from what stands there, by: ${commandFor(wanted)}`,
  'Answer and delete the questions; then: npx reinstate validate',
];

/** Where the schema lies in a clone, and in a folder that has the package installed. */
const SCHEMAS = [
  'lib/files/generated/service.schema.json',
  'node_modules/reinstate/dist/schemas/service.schema.json',
];

/** What lets editors complete the file: relative to it, three folders below. */
function schemaLine(cwd: string): string[] {
  const schema = SCHEMAS.find((path) => existsSync(join(cwd, path)));
  return schema === undefined ? [] : [`yaml-language-server: $schema=../../../${schema}`];
}

/** What might be a service. Nothing is chosen: a wrong guess would be a wrong file. */
function listing({ host }: Session, { environment, services }: Found, { survey }: Surveyed): Answer {
  const rows = [...candidatesIn(survey)].map(([name, what]) => ({
    name,
    what: [...new Set(what)],
    described: services.includes(name),
  }));
  const lines = table(
    ['name', 'found', 'file'],
    rows.map(({ name, what, described }) => [
      name,
      what.slice(0, 3).join(', '),
      described ? 'described' : '-',
    ]),
    host.terminal.columns,
  );
  const next = `propose one: npx reinstate init <service> --env ${environment.name}`;
  const none = 'no Rollout, Deployment, model or flag was found; name a service all the same';
  return {
    lines: [...(rows.length > 0 ? lines : [none]), next],
    json: { candidates: rows, unread: survey.unread },
  };
}

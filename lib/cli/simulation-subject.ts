/** Which service of which environment is simulated: read and armed from its files, as they stand. */
import { join, relative } from 'node:path';
import { didYouMean } from '../core/closest.ts';
import type { Environment } from '../core/environment.ts';
import { BadInput } from '../core/errors.ts';
import type { ArmedService } from '../core/service.ts';
import { armedServiceOf } from '../files/armed.ts';
import type { EnvironmentFiles } from '../files/check-environments.ts';
import { readEnvironments } from '../files/environments.ts';
import { type Checked, checked } from '../files/problem.ts';
import { checkService } from './desk.ts';
import type { Session } from './session.ts';

/** The service that is asked about first, its neighbours as bystanders. */
export interface Subject {
  readonly environment: Environment;
  readonly services: readonly [ArmedService, ...ArmedService[]];
}

type Asked = Pick<Session, 'environment'> & { readonly host: Pick<Session['host'], 'cwd' | 'env'> };

/** Everything that is wrong in any file; else the service. @throws BadInput when there is none of that name. */
export function readSubject(asked: Asked, service: string): Checked<Subject> {
  const read = readEnvironments(relative('.', join(asked.host.cwd, 'environments')));
  return read.ok ? subjectOf(chosen(asked, read.value), service) : read;
}

/** The environment that runs on this machine need not run for this. */
const USUAL = 'local';

/** @throws BadInput when nothing says which, or there is none of that name. */
function chosen({ host, environment: asked }: Asked, all: readonly EnvironmentFiles[]): EnvironmentFiles {
  const names = all.map(({ environment }) => environment.name);
  const usual = names.length === 1 ? names[0] : names.find((name) => name === USUAL);
  const name = asked || host.env['REINSTATE_ENV'] || usual;
  const found = all.find(({ environment }) => environment.name === name);
  if (found) return found;
  if (name === undefined)
    throw new BadInput(`Cannot choose an environment; name one with --env: ${names.join(', ')}`);
  throw new BadInput(
    `Cannot find environment "${name}"${didYouMean(name, names)}; expected one of ${names.join(', ')}`,
  );
}

/** As a deploy would arm it. @throws BadInput when there is no such service. */
function subjectOf({ environment, services }: EnvironmentFiles, name: string): Checked<Subject> {
  checkService({ environment, services: services.map((service) => service.name) }, name);
  const armed = services.map((service) => armedServiceOf(environment, service));
  const problems = armed.flatMap((one) => (one.ok ? [] : one.problems));
  const [first, ...others] = armed
    .flatMap((one) => (one.ok ? [one.value] : []))
    .sort((a, b) => Number(b.service.name === name) - Number(a.service.name === name));
  return checked(first && { environment, services: [first, ...others] as const }, problems);
}

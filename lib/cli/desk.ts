/** What a command works with: one deployment, its services by name, and the ports to it. */

import { didYouMean } from '../core/closest.ts';
import type { Environment, Mode } from '../core/environment.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import type { ClusterAddresses } from '../core/release.ts';
import type { ArmedService } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Levers, Marker } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { type Records, records } from '../stages/records.ts';

/** The incident state machine, as people use it: the functions never stop an execution. */
export interface Machine extends Executions {
  /** The ARN under which an execution of this name stands. */
  arnOf(name: string): string;
  stop(arn: string, why: string): Promise<void>;
}

/** Both mode parameters, one by one: the functions only ever ask for the stricter. */
export interface Modes {
  /** What is set for a service, or for all of the environment; nothing where nobody set one. */
  read(service?: string): Promise<Mode | undefined>;
  set(mode: Mode, service?: string): Promise<void>;
}

/** Where closing reports lie. */
export interface StoredReports {
  /** @param url as an incident's header has it, such as `s3://bucket/name.html`. */
  get(url: string): Promise<string>;
}

export interface Desk {
  readonly environment: Environment;
  /** Names of the services that have a file. */
  readonly services: readonly string[];
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly signals: SignalReader;
  readonly levers: Levers;
  readonly marker: Marker;
  readonly machine: Machine;
  readonly modes: Modes;
  readonly reports: StoredReports;
  readonly clock: Clock;
  /** Where the clusters of a service are. @default - it needs none */
  readonly addresses?: (armed: ArmedService) => Promise<ClusterAddresses>;
  /** Folder that has a copy of every report: `local` only. */
  readonly copies?: string;
}

export const recordsOf = ({ ledger }: Pick<Desk, 'ledger'>): Records => records(ledger);

/** @throws BadInput when the environment has no such service. */
export function checkService(
  { services, environment }: Pick<Desk, 'services' | 'environment'>,
  name: string,
): void {
  if (services.includes(name)) return;
  const cannot = `Cannot find service "${name}" in environment "${environment.name}"`;
  if (services.length === 0)
    throw new BadInput(`${cannot}: there is no file in environments/${environment.name}/services`);
  throw new BadInput(`${cannot}${didYouMean(name, services)}; expected one of ${services.join(', ')}`);
}

/** What the last deploy armed. @throws NotReady when it armed nothing of that name. */
export async function armedOf(desk: Desk, service: string): Promise<ArmedService> {
  checkService(desk, service);
  const armed = await desk.settings.armed(service);
  if (armed) return armed;
  const { name } = desk.environment;
  throw new NotReady(
    `Cannot use service "${service}": it is not armed in "${name}"; deploy it: npx cdk deploy -c env=${name}`,
  );
}

/** A command as it is typed for this deployment. */
export const command = ({ environment }: Pick<Desk, 'environment'>, words: string): string =>
  `npx reinstate ${words} --env ${environment.name}`;

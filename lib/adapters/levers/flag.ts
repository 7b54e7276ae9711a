import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  type ParameterHistory,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { OutsideRefusal } from '../../core/errors.ts';
import type { FlagLever } from '../../core/service.ts';
import type { Observation } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Acted, LeverPort, Levers, Order } from '../../ports/lever.ts';
import type { Resolve } from '../addresses.ts';
import { asking, isTrouble } from '../aws-errors.ts';
import { type Retry, retrying } from '../retry.ts';
import { httpOf, readServed } from './served.ts';

export interface FlagDeps {
  /** Made with `unretriedOptions`: a PutParameter that is sent again unseen makes a version too many (F17). */
  readonly ssm: SSMClient;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}

/** A feature flag in an SSM parameter. */
export function flag(deps: FlagDeps): Levers['flag'] {
  return (armed): LeverPort<FlagLever> => ({
    observe: (lever) => again(deps, `read flag "${lever.parameter}"`, () => read(deps, lever)),
    act: (lever, order) => again(deps, `set flag "${lever.parameter}"`, () => set(deps, lever, order)),
    served: async ({ served }) => served && readServed(httpOf(armed, deps.resolve), deps.clock, served),
  });
}

/** PutParameter answers TooManyUpdates while another one is under way: a moment. Five times within 5 s. */
const again = <T>({ clock }: FlagDeps, action: string, ask: () => Promise<T>): Promise<T> => {
  const retry: Retry = { clock, attempts: 5, budgetMs: 5000, firstWaitMs: 200 };
  return asking(action, () => retrying(retry, ask, isTrouble));
};

async function read(
  { ssm }: FlagDeps,
  { parameter }: FlagLever,
): Promise<Observation & { revision: string }> {
  const { Parameter } = await ssm
    .send(new GetParameterCommand({ Name: parameter }))
    .catch(refuseMissing(parameter));
  if (Parameter?.Type !== 'String') {
    const found = Parameter?.Type ?? 'no type';
    throw new OutsideRefusal(
      `Cannot use parameter "${parameter}" as a flag: it is ${found}; expected String`,
    );
  }
  return { value: Parameter.Value ?? '', revision: String(Parameter.Version) };
}

const refuseMissing = (parameter: string) => (error: unknown) => {
  if (error instanceof Error && error.name === 'ParameterNotFound') {
    throw new OutsideRefusal(`Cannot find flag "${parameter}": there is no such parameter`, { cause: error });
  }
  throw error;
};

/**
 * Reads and, where needed, writes: also after an answer was lost, so that the flag gets one version, not two.
 * There is no conditional write: somebody else is seen before (then their value stays) or by the gap after.
 */
async function set(deps: FlagDeps, lever: FlagLever, { to, before }: Order): Promise<Acted> {
  const name = lever.parameter;
  if (to === null) throw new OutsideRefusal(`Cannot take flag "${name}" away: expected a value`);
  const now = await read(deps, lever);
  if (now.value === to) return { revision: now.revision };
  const moved = Number(now.revision) !== Number(before.revision ?? now.revision);
  if (moved && now.value !== before.value) {
    const who = await writers(deps, name, { from: Number(before.revision) + 1, to: Number(now.revision) });
    return { revision: now.revision, conflict: `${who} set flag "${name}" in between; it was left as it is` };
  }
  // Type, Tier and Tags stay away: with them an update is refused or changes what it should not.
  const put = new PutParameterCommand({ Name: name, Value: to, Overwrite: true });
  const { Version = 0 } = await deps.ssm.send(put);
  const revision = String(Version);
  if (Version === Number(now.revision) + 1) return { revision };
  const who = await writers(deps, name, { from: Number(now.revision) + 1, to: Version - 1 });
  return { revision, conflict: `${who} set flag "${name}" in between; it was overwritten` };
}

/** Who wrote these versions, where the history may be read. */
async function writers(deps: FlagDeps, name: string, range: { from: number; to: number }): Promise<string> {
  const inRange = ({ Version = 0 }: ParameterHistory) => Version >= range.from && Version <= range.to;
  const written = (await history(deps, name).catch(() => [])).filter(inRange);
  const names = written.flatMap(({ LastModifiedUser }) => LastModifiedUser ?? []);
  return names.length > 0 ? [...new Set(names)].join(', ') : 'somebody';
}

async function history({ ssm }: FlagDeps, Name: string): Promise<ParameterHistory[]> {
  const versions: ParameterHistory[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(new GetParameterHistoryCommand({ Name, NextToken, MaxResults: 50 }));
    versions.push(...(page.Parameters ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return versions;
}

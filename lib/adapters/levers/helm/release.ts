import { OutsideRefusal } from '../../../core/errors.ts';
import type { HelmLever } from '../../../core/service.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Resource } from '../../kubernetes/client.ts';
import { objectsIn } from '../../kubernetes/reading.ts';
import type { Connection } from './connection.ts';
import { historyOf } from './history.ts';
import { workloadsIn } from './manifest.ts';
import { leverChecked } from './names.ts';
import type { ReleasePlace } from './pull.ts';
import { requireSuccess, rollbackArguments } from './rollback.ts';
import type { RunHelm } from './run.ts';
import { releaseSecret, revisionsIn, type StoredRevision, selectorFor } from './secrets.ts';
import { liveWorkloads } from './workloads.ts';

const SECRETS: Resource = { group: '', version: 'v1', resource: 'secrets' };

interface ReleaseDeps {
  readonly clock: Clock;
  readonly run?: RunHelm;
}

/** The release that a lever names. @throws BadInput where a name could be taken for something else (F38) */
export function releaseOn(
  connection: Connection,
  asked: HelmLever,
  { clock, run }: ReleaseDeps,
): ReleasePlace<StoredRevision> {
  const lever = leverChecked(asked);
  const name = `release "${lever.release}" in "${lever.namespace}" of cluster "${lever.cluster}"`;
  return {
    name,
    clock,
    history: async () => historyOf(name, await stored(connection, lever)),
    live: (revision) =>
      liveWorkloads(
        connection.client,
        revision.namespace,
        workloadsIn(revision.manifest, `revision ${revision.number} of ${name}`),
      ),
    rollBack: async (revision, sends) => {
      if (!run) throw new OutsideRefusal(`Cannot roll back ${name}: this function only reads`);
      const args = rollbackArguments(lever, revision, sends);
      requireSuccess(await run(args, await connection.access()), name);
    },
  };
}

/** From Secrets, never by the binary: who reads needs no Helm. */
async function stored({ client }: Connection, { release, namespace }: HelmLever): Promise<StoredRevision[]> {
  const answer = await client.list(SECRETS, namespace, selectorFor(release));
  const what = `the Secrets of release "${release}"`;
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot read ${what}: ${answer.message}`);
  return revisionsIn(objectsIn(releaseSecret, answer.json, what));
}

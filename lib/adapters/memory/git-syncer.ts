import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { PushedOrder, SyncedLever, Syncer, SyncOrder, SyncState } from '../levers/git/syncer.ts';
import { applicationAt, type MemoryApplication } from './git-application.ts';
import type { MemoryWorld } from './world.ts';

const POLL_MS = 500;

/** The place of an Application in the world. */
export const applicationTarget = ({ application }: SyncedLever): string =>
  `${application.cluster}/${application.namespace}/${application.name}`;

/** Argo CD as the lever uses it. */
export function memorySyncer(world: MemoryWorld): Syncer {
  const { during } = world.trouble;
  const read = (lever: SyncedLever) =>
    during('argocd.GetApplication', () => followed(applicationAt(world, applicationTarget(lever)), lever));
  const change = (lever: SyncedLever, what: (application: MemoryApplication) => void) =>
    during('argocd.PatchApplication', () => what(applicationAt(world, applicationTarget(lever))));
  const thaw = async (lever: SyncedLever) => {
    if ((await read(lever)).frozenBy !== undefined) await change(lever, thawed);
  };
  return {
    observe: async (lever) => stateOf(await read(lever)),
    thaw,
    freeze: async (lever, order) => {
      await change(lever, (application) => freeze(application, order));
      await world.clock.sleep(3000);
      const { auto, parent, name } = await read(lever);
      return auto
        ? `${parent} has turned auto-sync of application ${name} on again`
        : `auto-sync of application ${name} is off`;
    },
    afterPush: async (lever, order) => {
      await thaw(lever);
      await change(lever, (application) => {
        application.refreshAt = world.clock.now();
      });
      await synced(world, () => read(lever), order);
    },
  };
}

async function synced(
  { clock }: MemoryWorld,
  read: () => Promise<MemoryApplication>,
  { commit, reaches, until }: PushedOrder,
): Promise<void> {
  for (;;) {
    const application = await read();
    const { revision, unsynced, name, failed, failing, operation } = application;
    if (revision !== undefined && unsynced === undefined && (await reaches(revision))) return;
    if (failed === commit) throw new OutsideRefusal(`Cannot sync application ${name}: ${failing}`);
    if (clock.now() >= until) {
      const short = commit.slice(0, 7);
      throw new OutsideTrouble(
        `Cannot see application ${name} synced at ${short} in time: ${unsynced ?? 'not yet'}`,
      );
    }
    if (!application.auto && !operation && revision === commit) {
      application.operation = { revision, endsAt: clock.now() + POLL_MS };
    }
    await clock.sleep(POLL_MS);
  }
}

/** @throws OutsideRefusal where it follows something else */
function followed(application: MemoryApplication, { repository, branch }: SyncedLever): MemoryApplication {
  const { name, repository: itsRepository, branch: itsBranch } = application;
  const refused = (what: string) =>
    new OutsideRefusal(`Cannot use application "${name}": it follows ${what}`);
  if (itsRepository !== repository)
    throw refused(`repository ${itsRepository}, the lever's is ${repository}`);
  if (itsBranch !== branch) throw refused(`"${itsBranch}", the lever's branch is "${branch}"`);
  return application;
}

/** A parent that writes it back does so at once. */
function freeze(application: MemoryApplication, { incident }: SyncOrder): void {
  if (application.parent !== undefined) return;
  application.auto = false;
  application.frozenBy ??= incident;
}

function thawed(application: MemoryApplication): void {
  application.auto = true;
  application.frozenBy = undefined;
}

const stateOf = ({
  revision,
  unsynced,
  parent,
  frozenBy,
  auto,
  selfHeal,
  health,
}: MemoryApplication): SyncState => ({
  auto,
  selfHeal,
  health,
  ...(revision !== undefined && { revision }),
  ...(unsynced !== undefined && { unsynced }),
  ...(parent !== undefined && { parent }),
  ...(frozenBy !== undefined && { frozenBy }),
});

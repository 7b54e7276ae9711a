/** Whoever else pushes to a service's branch, and what befalls its Git host and Argo CD. */
import {
  commitFiles,
  type MemoryApplication,
  type MemoryRepository,
  repositoryAt,
} from '../adapters/memory/git.ts';
import { type GitLever, targetOf } from '../core/service.ts';
import type { Environment } from './environment.ts';
import { type Habit, NEIGHBOUR, NOTES, pastOf } from './targets/branch.ts';
import { syncerOf } from './targets/git.ts';
import { kindOf } from './targets.ts';
import { type SimulatedService, standing } from './world.ts';

type Turn = (environment: Environment, service: SimulatedService) => void;

const MINUTE = 60_000;

const leversOf = ({ armed }: SimulatedService): GitLever[] =>
  armed.service.levers.filter((lever) => lever.kind === 'git');

/** Of each branch. */
const onRepository =
  (what: (repository: MemoryRepository, lever: GitLever, environment: Environment) => void): Turn =>
  (environment, service) => {
    for (const lever of leversOf(service))
      what(repositoryAt(environment.world, lever.repository), lever, environment);
  };

/** Of what syncs it. */
const onApplication =
  (what: (application: MemoryApplication, lever: GitLever, environment: Environment) => void): Turn =>
  (environment, service) => {
    for (const lever of leversOf(service)) {
      const application = syncerOf(environment.world, lever);
      if (application) what(application, lever, environment);
    }
  };

/** Another service ships from the same branch (F39). */
export const pushBeside = onRepository((_, { repository, branch }, { world, scheduler }) => {
  const files = { [NEIGHBOUR]: `web: neighbour:at-${scheduler.clock.now()}\n` };
  commitFiles(world, repository, { branch, files, message: 'Ship the neighbour' });
});

/** Somebody edits what a bad commit may have changed as well: its inverse conflicts (F40). */
export const editNotes = onRepository((_, { repository, branch }, { world, scheduler }) => {
  const files = { [NOTES]: `edited at ${scheduler.clock.now()}\n` };
  commitFiles(world, repository, { branch, files, message: 'Edit the notes' });
});

/** A person reverts in Git, at the same time as we do. */
export const revertByHand: Turn = ({ world }, service) => {
  for (const lever of leversOf(service)) {
    const good = service.baselines[0]?.[targetOf(lever)]?.value;
    if (good) kindOf(lever).put(world, lever, good);
  }
};

/** A person pushes something of their own to the service's paths. */
export const pushOwn: Turn = ({ world }, service) => {
  for (const lever of leversOf(service)) kindOf(lever).own(world, lever);
};

export const shipBy = (habit: Habit): Turn =>
  onRepository((repository) => {
    pastOf(repository).habit = habit;
  });

/** A protected branch, or a hook. */
export const protect = (all: boolean): Turn =>
  onRepository((repository, { branch }) => {
    repository.declines = (pushed) => (all || pushed === branch ? 'protected branch' : undefined);
  });

/** The Git host is down: Argo CD cannot read it either (F42). */
export const hostIsDown = onRepository((repository, _, { scheduler, chance, witness }) => {
  repository.state = 'down';
  const ms = chance.between(`${repository.url} down at ${scheduler.clock.now()}`, 5000, 6 * MINUTE);
  scheduler.after(ms, () => {
    witness.note(`${repository.url} is up`);
    repository.state = 'up';
  });
});

/** The first sync or all of them fail, as an admission webhook makes them. */
export const syncsFail = onApplication((application, _, { scheduler, chance }) => {
  application.failing = 'admission webhook denied the request';
  const ms = chance.between(`${application.name} fails at ${scheduler.clock.now()}`, 5000, 10 * MINUTE);
  scheduler.after(ms, () => {
    application.failing = undefined;
  });
});

export const noAutoSync = onApplication((application) => {
  application.auto = false;
});

export const noSelfHeal = onApplication((application) => {
  application.selfHeal = false;
});

/** An app of apps, which writes the sync policy back. */
export const appOfApps = onApplication((application) => {
  application.parent = 'Application apps';
});

export function argoIsDown({ applications, chance, scheduler }: Environment): void {
  const now = scheduler.clock.now();
  const ms = chance.between(`Argo CD down at ${now}`, 3000, 6 * MINUTE);
  applications.downUntil = Math.max(applications.downUntil, now + ms);
}

/** Refreshes get lost: Argo CD sees a push when it polls. */
export function argoIsDeaf({ applications, chance, scheduler }: Environment): void {
  const now = scheduler.clock.now();
  const ms = chance.between(`Argo CD deaf at ${now}`, MINUTE, 6 * MINUTE);
  applications.deafUntil = Math.max(applications.deafUntil, now + ms);
}

const UPDATER_MS = 5000;
const UPDATER_LOOKS = 60;

/** An updater looks every five seconds, and puts the bad version again, twice at most (F43). */
export const updaterAt =
  (lever: GitLever): Turn =>
  (environment, service) => {
    const { world, witness, scheduler } = environment;
    const target = targetOf(lever);
    let puts = 0;
    const look = (left: number) => {
      const [bad] = service.bad.get(target) ?? [];
      const held = standing(world, service).get(target);
      if (bad !== undefined && service.baselines[0]?.[target]?.value === held) {
        puts += 1;
        witness.somebody('an updater ships the bad version again', () =>
          kindOf(lever).put(world, lever, bad),
        );
      }
      if (left > 0 && puts < 2) scheduler.after(UPDATER_MS, () => look(left - 1));
    };
    scheduler.after(UPDATER_MS, () => look(UPDATER_LOOKS));
  };

export const updater: Turn = (environment, service) => {
  for (const lever of leversOf(service)) updaterAt(lever)(environment, service);
};

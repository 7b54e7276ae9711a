import { systemClock } from '../../../lib/adapters/clock.ts';
import { pull } from '../../../lib/adapters/levers/git/pull.ts';
import { git } from '../../../lib/adapters/levers/git.ts';
import type { GitLever } from '../../../lib/core/service.ts';
import type { LeverPort, Order } from '../../../lib/ports/lever.ts';
import { anArmedService } from '../../contracts/armed.ts';
import { BOT, type Repository, SECRET, secretsWith } from '../../git-server.ts';
import { aBranch } from '../../service-builders.ts';

export interface Scene {
  readonly port: LeverPort<GitLever>;
  readonly lever: GitLever;
  /** Asks the branch first, as a step does. */
  act(to: string, over?: Partial<Order>): ReturnType<LeverPort<GitLever>['act']>;
}

/** A lever on this repository that owns `churn`, without an Application. */
export function sceneOn(
  repository: Pick<Repository, 'url'>,
  over: Partial<GitLever> = {},
  secret: object = BOT,
): Scene {
  const { application: _, ...branch } = aBranch({
    repository: repository.url,
    paths: ['churn'],
    secret: SECRET,
  });
  const lever: GitLever = { ...branch, ...over };
  const deps = { clock: systemClock(), secrets: secretsWith(secret).client, pull };
  const port = git(deps)(anArmedService([lever]));
  return {
    port,
    lever,
    act: async (to, changed) =>
      port.act(lever, {
        to,
        incident: 'churn-20261121T090000-0123abcd',
        fence: 7,
        before: await port.observe(lever, to),
        ...changed,
      }),
  };
}

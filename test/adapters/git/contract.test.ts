/** The contract of the Git lever on a real Git server. */
import { systemClock } from '../../../lib/adapters/clock.ts';
import { pull } from '../../../lib/adapters/levers/git/pull.ts';
import { git } from '../../../lib/adapters/levers/git.ts';
import { anArmedService } from '../../contracts/armed.ts';
import { aChurnBranch } from '../../contracts/git-hands.ts';
import { describeGitLever } from '../../contracts/git-lever.ts';
import type { GitScene } from '../../contracts/git-scene.ts';
import { BOT, type GitServer, SECRET, secretsWith, useGitServer } from '../../git-server.ts';

const server = useGitServer();
describeGitLever('the branch on a server', () => aBranchOn(server));

async function aBranchOn({ repository: make, ...others }: GitServer): Promise<GitScene> {
  const repository = await make();
  const lever = aChurnBranch({ repository: repository.url, secret: SECRET });
  const declined: string[] = [];
  others.requests.length = 0;
  return {
    port: git({ clock: quickClock(), secrets: secretsWith(BOT).client, pull })(anArmedService([lever])),
    lever,
    commit: (files, { author, ...change } = {}) =>
      repository.commit(files, { ...change, ...(author && { author: `${author} <${author}@example.com>` }) }),
    head: async (branch = 'main') =>
      (await repository.git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`)) || undefined,
    files: async (branch = 'main') => {
      const names = (await repository.git('ls-tree', '-r', '--name-only', branch)).split('\n');
      const texts = names.map(async (name) => [
        name,
        `${await repository.git('show', `${branch}:${name}`)}\n`,
      ]);
      return Object.fromEntries(await Promise.all(texts));
    },
    log: async () => (await repository.git('log', '--format=%s', 'main')).split('\n'),
    message: (commit) => repository.git('log', '-1', '--format=%B', commit),
    decline: async (branch, why) => {
      declined.push(`[ "$1" = "refs/heads/${branch}" ] && { echo "${why}" >&2; exit 1; }`);
      repository.hook('update', `${declined.join('\n')}\nexit 0`);
    },
    beforePush: others.beforePush,
    losePush: others.losePush,
    host: (state) => others[state](),
    requests: async () => others.requests.map(({ head, base, body }) => ({ from: head, into: base, body })),
  };
}

/** Waits between tries take no time here. */
function quickClock() {
  const clock = systemClock();
  return { ...clock, sleep: async () => undefined };
}

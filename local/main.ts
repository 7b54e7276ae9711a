/** `npm run local -- up [--with cluster|gitops] | build | status | down [--all] | bad-release | reset` */
import type { Cluster } from './cluster/cluster.ts';
import { readEndpoints } from './endpoints.ts';
import { bringUp, bringUpCluster, bringUpGitops, buildAll, describe, takeDown } from './environment.ts';
import { GIT_SECRET } from './gitops/releases.ts';
import { MissingPrerequisite } from './python.ts';
import { resetToHealthy, shipBadRelease } from './release.ts';

const USAGE =
  'usage: npm run local -- up [--with cluster|gitops] | build | status | down [--all] | bad-release | reset';

const say = (line: string): void => console.log(line);

const commands: Record<string, (args: string[]) => Promise<number>> = {
  up: async (args) => {
    const wanted = args.join(' ');
    if (!['', '--with cluster', '--with gitops'].includes(wanted)) return refused(`up ${wanted}`);
    const cluster = wanted ? await bringUpCluster(say) : undefined;
    if (cluster) sayWhere(cluster);
    const gitops = cluster && wanted === '--with gitops' ? await bringUpGitops(say, cluster) : undefined;
    if (gitops)
      say(
        `Argo CD: namespace ${gitops.namespace}; Git host: ${gitops.gitea.url}, its token is in ${GIT_SECRET}`,
      );
    const endpoints = await bringUp(say, cluster, gitops);
    say(`up: model ${endpoints.model}, MLflow ${endpoints.mlflow}, AWS ${endpoints.aws}`);
    say('before a rollback: npx reinstate baseline record recommender --env local');
    return 0;
  },
  build: async () => {
    await buildAll(say);
    say('built: `npm run local -- up --with cluster` starts at once');
    return 0;
  },
  status: async () => {
    const { lines, well } = await describe();
    for (const line of lines) say(line);
    return well ? 0 : 3;
  },
  down: async (args) => {
    let quiet = true;
    const tell = (line: string): void => {
      quiet = false;
      say(line);
    };
    await takeDown(tell, args.includes('--all'));
    if (quiet) say('nothing was up');
    return 0;
  },
  'bad-release': async () => {
    say(`shipped version ${(await shipBadRelease(running())).version} with the new feature on`);
    return 0;
  },
  reset: async () => {
    say(`serving version ${(await resetToHealthy(running())).version} with the new feature off`);
    return 0;
  },
};

function sayWhere({ server, traefikUrl, kubeconfig }: Cluster): void {
  say(`cluster: ${server}, requests go in at ${traefikUrl ?? 'its own router'}`);
  say(`kubectl and helm reach it with: export KUBECONFIG=${kubeconfig}`);
}

function refused(asked: string): number {
  console.error(`cannot ${asked}\n${USAGE}`);
  return 2;
}

function running() {
  const endpoints = readEndpoints();
  if (!endpoints)
    throw new MissingPrerequisite('The local environment is not up: run `npm run local -- up`.');
  return endpoints;
}

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command) {
    console.error(USAGE);
    return 2;
  }
  try {
    return await command(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return error instanceof MissingPrerequisite ? 3 : 1;
  }
}

process.exitCode = await main();

/** `reinstate init` on what a scene has standing: its proposals against the files of the environment. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { clusterGroup } from '../../../lib/core/function-env.ts';
import type { Lever, Service } from '../../../lib/core/service.ts';
import { readEnvironment } from '../../../lib/files/environments.ts';
import { formatProblem } from '../../../lib/files/problem.ts';
import type { Cluster } from '../../../local/cluster/cluster.ts';
import { type Endpoints, readEndpoints } from '../../../local/endpoints.ts';
import { localPath, projectRoot } from '../../../local/paths.ts';
import { describeEstateReader } from '../../contracts/estate-reader.ts';
import { aRealEstate, writtenThere } from './an-estate.ts';

const SERVICES = ['churn', 'model-svc', 'ranker', 'recommender'];

/** Run where nobody has described a service, as a person does. */
interface Proposed {
  readonly text: string;
  readonly service: Service;
}

/** To be called within a suite whose environment is up. */
export function describeInit(cluster: () => Cluster): void {
  describe('an existing estate', () => {
    beforeAll(() => letIn(cluster()));
    describeEstateReader('the estate of the local environment', aRealEstate);
    describeProposals(cluster);
  });
}

function describeProposals(cluster: () => Cluster): void {
  describe('reinstate init on a real estate', () => {
    const proposals = new Map<string, Proposed>();
    const before: { aws?: object; cluster?: string } = {};
    const proposal = (name: string): Proposed => {
      const found = proposals.get(name);
      if (!found) throw new Error(`Cannot find a proposal for "${name}"`);
      return found;
    };
    const levers = (name: string) => proposal(name).service.levers.map(targetIn);

    beforeAll(async () => {
      before.aws = await writtenThere();
      before.cluster = await specsIn(cluster());
      const made = await Promise.all(SERVICES.map(propose));
      for (const [n, name] of SERVICES.entries()) proposals.set(name, made[n] as Proposed);
    }, 180_000);

    it('passes validation as it is, for each service', () => {
      expect([...proposals.keys()]).toEqual(SERVICES);
    });

    it.each(['churn', 'model-svc'])('finds every lever that the file of %s has', (name) => {
      expect(levers(name)).toEqual(expect.arrayContaining(described(name).levers.map(targetIn)));
    });

    it('finds the flag, both releases and the Rollout of the ranker', () => {
      expect(levers('ranker')).toEqual(expect.arrayContaining(described('ranker').levers.map(targetIn)));
    });

    it('finds the flag and the alias of the recommender; where it is served, a person has to say', () => {
      expect(levers('recommender')).toEqual(
        expect.arrayContaining(described('recommender').levers.map(targetIn)),
      );
      expect(proposal('recommender').text).toContain('question: where does serving say which version');
    });

    it.each(SERVICES)('finds each alarm of %s with its condition', (name) => {
      const written = described(name).policy.when.map((one) => ({ ...one, signal: expect.any(String) }));
      expect(proposal(name).service.policy.when).toHaveLength(written.length);
      expect(proposal(name).service.policy.when).toEqual(expect.arrayContaining(written));
    });

    it('F43: names the owner of each spec', () => {
      expect(proposal('churn').text).toContain(
        'owner: Argo CD application "churn"; lever "commit" settles it',
      );
      expect(proposal('churn').text).toContain('auto-sync on, selfHeal on');
      expect(proposal('model-svc').text).toContain(
        'owner: Helm release "model-svc" in "shop"; lever "release"',
      );
    });

    it('changes nothing of what stands there', async () => {
      expect(await specsIn(cluster())).toBe(before.cluster);
      const { aws } = before;
      expect(await writtenThere()).toEqual(aws);
    });
  });
}

/** The rights that docs/init.md names, for whoever types in the local environment. */
async function letIn(cluster: Cluster): Promise<void> {
  const page = readFileSync(join(projectRoot, 'docs/init.md'), 'utf8');
  const [, role = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'reinstate-init' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reinstate-init' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: clusterGroup('local', 'reader') },
    ],
  };
  await cluster.run('kubectl', ['apply', '-f', '-'], `${role}---\n${JSON.stringify(binding)}\n`);
}

/** Of a copy of the environments that has no file for the service. */
async function propose(name: string): Promise<Proposed> {
  const cwd = mkdtempSync(join(tmpdir(), 'reinstate-init-'));
  try {
    cpSync(join(projectRoot, 'environments'), join(cwd, 'environments'), { recursive: true });
    const file = join(cwd, 'environments/local/services', `${name}.yaml`);
    rmSync(file);
    await reinstate(cwd, ['init', name, '--env', 'local', '--write']);
    return { text: readFileSync(file, 'utf8'), service: serviceIn(join(cwd, 'environments'), name) };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

const run = promisify(execFile);
const reinstate = (cwd: string, words: readonly string[]) =>
  run(process.execPath, [join(projectRoot, 'bin/reinstate.ts'), ...words], {
    cwd,
    env: { ...process.env, REINSTATE_STATE: join(localPath('.'), '..') },
  });

const described = (name: string): Service => serviceIn(join(projectRoot, 'environments'), name);

/** As `validate` reads it, with all other files; placeholders are filled as the deploy fills them. */
function serviceIn(root: string, name: string): Service {
  const {
    mlflow = '',
    model = '',
    cluster = '',
    clusterCa = '',
    git = '',
  }: Partial<Endpoints> = readEndpoints() ?? {};
  const read = readEnvironment(root, 'local', { mlflow, model, cluster, 'cluster-ca': clusterCa, git });
  const found = read.ok && read.value.services.find((service) => service.name === name);
  const problems = read.ok ? '' : read.problems.map(formatProblem).join('; ');
  if (!found) throw new Error(`Cannot read the file of "${name}": ${problems}`);
  return found;
}

/** What a lever acts on; where its effect is read and how it signs in is for people to say. */
function targetIn(lever: Lever): object {
  switch (lever.kind) {
    case 'flag':
      return { kind: lever.kind, parameter: lever.parameter, safe: lever.safe };
    case 'alias':
      return { kind: lever.kind, model: lever.model, alias: lever.alias };
    case 'git': {
      const { kind, repository, branch, paths, application } = lever;
      return { kind, repository, branch, paths, application };
    }
    default: {
      const { kind, cluster, namespace } = lever;
      const name = kind === 'helm' ? lever.release : kind === 'rollout' ? lever.rollout : lever.deployment;
      return { kind, cluster, namespace, name };
    }
  }
}

/** What people and tools wrote into the cluster: specs, and the revisions of Helm. */
async function specsIn(cluster: Cluster): Promise<string> {
  const specs = await cluster.run('kubectl', [
    ...['get', 'rollouts,applications', '-A', '-o'],
    'jsonpath={range .items[*]}{.kind}{.metadata.name}{.spec}{"\\n"}{end}',
  ]);
  const secrets = await cluster.run('kubectl', ['get', 'secrets', '-n', 'shop', '-o', 'name']);
  return `${specs}\n${secrets}`;
}

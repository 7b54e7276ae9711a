/** The Git lever, all of it, on a real Gitea whose branch a real Argo CD puts. */
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../lib/adapters/clock.ts';
import { pull } from '../../lib/adapters/levers/git/pull.ts';
import { git } from '../../lib/adapters/levers/git.ts';
import type { GitLever } from '../../lib/core/service.ts';
import type { Acted, LeverPort } from '../../lib/ports/lever.ts';
import { anArmedService } from '../contracts/armed.ts';
import { SECRET, secretsWith } from '../git-server.ts';
import { aBranch } from '../service-builders.ts';
import { inOneScene } from './helpers/argocd-in-one-scene.ts';
import { type ArgoScene, imageNamed, until } from './helpers/argocd-scene.ts';

let scene: ArgoScene;
let port: LeverPort<GitLever>;
const { ship } = inOneScene((made) => {
  scene = made;
  const secret = { username: 'reinstate', password: scene.gitops.gitea.token };
  const deps = { clock: systemClock(), secrets: secretsWith(secret).client, pull };
  port = git({ ...deps, syncer: () => scene.syncer })(anArmedService([]));
});

const INCIDENT = 'churn-20261121T120000-0a1b2c3d';

const leverFor = (name: string, over: Partial<GitLever> = {}): GitLever =>
  aBranch({ ...scene.leverOf(name), paths: [name], host: 'gitea', secret: SECRET, ...over });

/** Observes first, as a step does. */
async function returned(lever: GitLever, to: string): Promise<Acted> {
  const before = await port.observe(lever, to);
  return port.act(lever, { to, incident: INCIDENT, fence: 7, before });
}

/** A service whose first commit is good, and whose second is not; both synced. */
async function badRelease(name: string) {
  await scene.application(name);
  const good = await scene.repository.head();
  return { good, bad: await ship(name, 'v2') };
}

interface Request {
  readonly number: number;
  readonly html_url: string;
  readonly body: string;
  readonly head: { readonly ref: string };
}

const requests = async (): Promise<Request[]> =>
  (await scene.gitops.gitea.call('GET', `/repos/${scene.repository.name}/pulls?state=open`)) as Request[];

describe('a bad commit that Argo CD has synced', () => {
  it('is reverted, and synced within the step: the good image runs', async () => {
    const { good } = await badRelease('churn');
    const lever = leverFor('churn');
    expect(await returned(lever, good)).toMatchObject({ revision: expect.any(String) });

    expect(await port.observe(lever, good)).toMatchObject({ value: good, sync: { auto: true } });
    expect(await scene.imageOf('churn')).toBe(imageNamed('v1'));
    await until('the Application to be Healthy', async () => (await port.served(lever))?.length === 1);
  });

  it('F39: two services of one repository at one moment: both are returned, and neither push is lost', async () => {
    const [one, other] = [await badRelease('fraud'), await badRelease('stuck')];
    await Promise.all([returned(leverFor('fraud'), one.good), returned(leverFor('stuck'), other.good)]);

    expect(await scene.imageOf('fraud')).toBe(imageNamed('v1'));
    expect(await scene.imageOf('stuck')).toBe(imageNamed('v1'));
  });
});

describe('a branch that is protected', () => {
  it('is returned by a pull request that has the patch; once it is merged, the step finds it done', async () => {
    const { good } = await badRelease('manual');
    const lever = leverFor('manual');
    await scene.repository.protect();
    const { conflict } = await returned(lever, good);
    const again = await returned(lever, good);

    const [request, ...more] = await requests();
    expect(more).toEqual([]);
    expect(request?.head.ref).toBe(`reinstate/${INCIDENT}`);
    expect(request?.body).toContain('+++ b/manual/deployment.yaml');
    expect(conflict).toContain(request?.html_url);
    expect(again.conflict).toContain(request?.html_url);

    await scene.repository.unprotect();
    const merge = `/repos/${scene.repository.name}/pulls/${request?.number}/merge`;
    await until('Gitea to merge', () =>
      scene.gitops.gitea.call('POST', merge, { Do: 'merge' }).then(
        () => true,
        () => false,
      ),
    );
    expect(await returned(lever, good)).not.toHaveProperty('conflict');
    expect(await scene.imageOf('manual')).toBe(imageNamed('v1'));
  });
});

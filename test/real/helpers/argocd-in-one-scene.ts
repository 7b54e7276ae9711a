/** One scene for all tests of a file, and what a person ships there. */
import { afterAll, beforeAll } from '@jest/globals';
import { type ArgoScene, argoScene, deployment } from './argocd-scene.ts';

/** Makes one scene for all tests of a file, and removes it after them. @returns what a person ships there */
export function inOneScene(begun: (scene: ArgoScene) => void) {
  let scene: ArgoScene;
  beforeAll(async () => {
    scene = await argoScene();
    begun(scene);
  }, 3_600_000);
  afterAll(() => scene.remove());
  return shipping(() => scene);
}

/** Each returns the commit. */
function shipping(scene: () => ArgoScene) {
  const push = (name: string, version: string): Promise<string> =>
    scene().repository.commit(`${name} ${version}`, {
      [`${name}/deployment.yaml`]: deployment(name, version),
    });
  return {
    push,
    /** Until it is synced. */
    ship: async (name: string, version: string): Promise<string> => {
      const commit = await push(name, version);
      await scene().syncer.afterPush(scene().leverOf(name), scene().order(commit));
      return commit;
    },
  };
}

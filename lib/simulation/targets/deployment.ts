import { deployImages, podsOf, startDeployment } from '../../adapters/memory/deployment.ts';
import { podHashOf } from '../../adapters/memory/rollout.ts';
import type { MemoryWorld } from '../../adapters/memory/world.ts';
import { type DeploymentLever, targetOf } from '../../core/service.ts';
import { deployerOf, release } from './branch.ts';
import { GOOD_RELEASES, imagesOf } from './chart.ts';
import type { Target } from './target.ts';

/** A Deployment that somebody applies, or that Git owns; its controller moves the pods at once. */
export const deploymentTarget: Target<DeploymentLever> = {
  make: (world, lever, owner) => {
    startDeployment(world, targetOf(lever), {
      images: imagesOf(lever.deployment, 1),
      ...(owner && { owner }),
    });
    for (let n = 2; n < GOOD_RELEASES; n++) apply(world, lever, n);
  },
  renew: (world, lever) => {
    apply(world, lever, GOOD_RELEASES);
  },
  held: (world, lever) => [[targetOf(lever), world.deployments.get(targetOf(lever))?.current ?? null]],
  served: (world, lever) => {
    const deployment = world.deployments.get(targetOf(lever));
    return deployment ? [...podsOf(deployment).keys()] : [];
  },
  ship: (world, lever) => new Map([[targetOf(lever), ship(world, lever)]]),
  put: (world, lever, value) => {
    const images = world.deployments.get(targetOf(lever))?.sets.get(value)?.images;
    if (images) deployImages(world, targetOf(lever), images);
  },
  own: (world, lever) => push(world, lever, 'own'),
  forget: (world, lever, value) => {
    const deployment = world.deployments.get(targetOf(lever));
    if (deployment && value !== deployment.current) deployment.sets.delete(value);
  },
};

/** By whoever deploys it: a branch, or people. */
function ship(world: MemoryWorld, lever: DeploymentLever): string {
  const target = targetOf(lever);
  const application = deployerOf(world, target);
  if (!application) return push(world, lever, 'bad');
  const images = imagesOf(lever.deployment, `bad-${world.deployments.get(target)?.generation}`);
  release(world, application, { [target]: images });
  return podHashOf(images);
}

function apply(world: MemoryWorld, lever: DeploymentLever, tag: number | string): string {
  if (!world.deployments.has(targetOf(lever))) return '';
  return deployImages(world, targetOf(lever), imagesOf(lever.deployment, tag));
}

const push = (world: MemoryWorld, lever: DeploymentLever, what: string): string =>
  apply(world, lever, `${what}-${world.deployments.get(targetOf(lever))?.generation}`);

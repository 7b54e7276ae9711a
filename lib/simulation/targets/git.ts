import { OutsideRefusal } from '../../core/errors.ts';
import type { GitLever } from '../../core/service.ts';
import type { Target } from './target.ts';

const notBuilt = (): never => {
  throw new OutsideRefusal('Cannot simulate a git lever: not built yet');
};

/** A branch with a folder of the service, and the Application that syncs it. */
export const gitTarget: Target<GitLever> = {
  make: notBuilt,
  renew: notBuilt,
  held: notBuilt,
  served: notBuilt,
  ship: notBuilt,
  put: notBuilt,
  own: notBuilt,
  forget: notBuilt,
};

import { BadInput } from '../../../core/errors.ts';
import { printable } from '../../../core/printable.ts';
import type { HelmLever } from '../../../core/service.ts';
import { namespaceChecked } from '../../kubernetes/names.ts';

/** As Helm itself allows (pkg/chart/common/util ValidateReleaseName), without dots: 1 to 53 characters. */
const RELEASE = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;
const REVISION = /^[1-9][0-9]{0,8}$/;

/** Before a name enters a path or an argument: files check it too, but files may be old (F38). @throws BadInput */
export function leverChecked(lever: HelmLever): HelmLever {
  namespaceChecked(lever.namespace);
  return RELEASE.test(lever.release) ? lever : unusable(lever.release, 'release', RELEASE);
}

/** 0 would be "the one before" to Helm. @throws BadInput */
export const revisionChecked = (value: string): string =>
  REVISION.test(value) ? value : unusable(value, 'revision', REVISION);

function unusable(value: string, what: string, wanted: RegExp): never {
  const said = printable(value).slice(0, 80);
  throw new BadInput(`Cannot use "${said}" as ${what} of Helm: expected ${wanted.source}`);
}

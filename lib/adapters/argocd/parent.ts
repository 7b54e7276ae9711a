import { printable } from '../../core/printable.ts';
import type { Application } from './application.ts';

/**
 * Who writes the Application itself, and would write its sync policy back: an ApplicationSet, which owns it, or the
 * Application that tracks it (app of apps). A copied annotation names another object and says nothing.
 */
export function parentOf({ metadata }: Application): string | undefined {
  const set = metadata.ownerReferences?.find(({ kind }) => kind === 'ApplicationSet');
  if (set) return `ApplicationSet ${printable(set.name)}`;
  const [tracker, what, where] = (metadata.annotations?.['argocd.argoproj.io/tracking-id'] ?? '').split(':');
  const isOwn = what === 'argoproj.io/Application' && where === `${metadata.namespace}/${metadata.name}`;
  const label = metadata.labels?.['argocd.argoproj.io/instance'];
  // An Application outside of Argo CD's own namespace is written `<namespace>_<name>`.
  const parent = (isOwn && tracker ? tracker.split('_').at(-1) : label) || undefined;
  return parent && `Application ${printable(parent)}`;
}

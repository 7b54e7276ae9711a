/** What an alias lever says of a cluster: whose pods are restarted, and whose say what they serve. */

import { type Workload, workloadsOf } from '../core/alias-pods.ts';
import type { AliasLever, Lever } from '../core/service.ts';
import type { Refuse } from './findings.ts';
import type { WrittenAlias, WrittenLever } from './lever-format.ts';
import { wrong } from './problem.ts';
import type { ReadUrl } from './urls.ts';

interface NamedCluster {
  readonly keys: readonly string[];
  readonly cluster: string;
}

/** The clusters that an alias names, with where it does. */
export function workloadsIn(written: WrittenLever): NamedCluster[] {
  if (written.kind !== 'alias') return [];
  const { reload, served } = written;
  const read = 'port' in served ? served.pods : undefined;
  return [
    ...(typeof reload === 'object' ? [{ keys: ['reload', 'cluster'], cluster: reload.cluster }] : []),
    ...(read ? [{ keys: ['served', 'pods', 'cluster'], cluster: read.cluster }] : []),
  ];
}

export const readReload = ({ reload }: WrittenAlias, at: ReadUrl): AliasLever['reload'] =>
  typeof reload === 'string' ? at(['reload'], reload) : reload;

/** Pods that are not named are those that the reload restarts. */
export function readServed(
  name: string,
  { reload, served }: WrittenAlias,
  { at, refuse }: { readonly at: ReadUrl; readonly refuse: Refuse },
): AliasLever['served'] {
  if ('url' in served) return { ...served, url: at(['served', 'url'], served.url) };
  const pods = served.pods ?? (typeof reload === 'object' ? reload : undefined);
  if (!pods) refuse(['levers', name, 'served'], NO_PODS, true);
  return { ...served, pods: pods ?? NOBODY };
}

const NO_PODS = wrong(
  'nothing says whose pods are asked',
  '"pods: { kind: ..., cluster: ..., namespace: ..., name: ... }", as the reload names no workload',
);
/** Stands in a file that is refused. */
const NOBODY: Workload = { kind: 'deployment', cluster: '', namespace: '', name: '' };

/**
 * A restart gives a Deployment another template, and so another pod-template-hash than its baseline has: a lever that
 * puts its template back would take that for a bad release.
 */
export function refuseMovedTemplates(levers: readonly Lever[], refuse: Refuse): void {
  for (const lever of levers) {
    const restarted = lever.kind === 'alias' ? workloadsOf(lever).restarted : undefined;
    const other = restarted?.kind === 'deployment' && levers.find((one) => isOf(one, restarted));
    if (!other) continue;
    const why = `lever "${other.name}" puts the template of this Deployment back, and a restart changes it`;
    refuse(
      ['levers', lever.name, 'reload', 'name'],
      wrong(why, 'a Rollout, a URL, or one of the two levers'),
    );
  }
}

const isOf = (lever: Lever, { cluster, namespace, name }: Workload): boolean =>
  lever.kind === 'deployment' &&
  lever.cluster === cluster &&
  lever.namespace === namespace &&
  lever.deployment === name;

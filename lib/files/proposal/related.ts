/** Which part of an estate belongs to a service: by name, or because the person said where to look. */
import type { FoundWorkload, Survey } from '../../core/estate.ts';
import type { Wanted } from './draft.ts';
import { mentions } from './names.ts';

/** Kept by SSM and by us. */
const RESERVED = /^\/(aws|ssm|reinstate)(\/|$)/i;

export function relatedTo(wanted: Wanted, survey: Survey): Survey {
  const { service } = wanted;
  const workloads = survey.workloads.filter((one) => isRelated(one, service) || one.labels.includes(service));
  return {
    ...survey,
    alarms: survey.alarms.filter((alarm) => wanted.alarms !== undefined || speaksOf(alarm, service)),
    parameters: survey.parameters.filter(
      ({ name }) => !RESERVED.test(name) && (wanted.parameters !== undefined || mentions(name, service)),
    ),
    models: survey.models.filter(({ name }) =>
      wanted.model === undefined ? mentions(name, service) : name === wanted.model,
    ),
    workloads,
    releases: survey.releases.filter(
      (one) => isRelated(one, service) || workloads.some((workload) => isReleasedBy(workload, one)),
    ),
    applications: survey.applications.filter(
      (one) => isRelated(one, service) || workloads.some((workload) => isOwnedBy(workload, one)),
    ),
  };
}

function speaksOf(alarm: Survey['alarms'][number], service: string): boolean {
  if (mentions(alarm.name, service)) return true;
  if (alarm.kind === 'other') return false;
  const { namespace, dimensions } = alarm.metric;
  return [namespace, ...Object.values(dimensions)].some((text) => mentions(text, service));
}

/** `ranker-transform` is of `ranker`. */
const isRelated = ({ name }: { readonly name: string }, service: string): boolean =>
  name === service || name.startsWith(`${service}-`);

export const isReleasedBy = (workload: FoundWorkload, release: Survey['releases'][number]): boolean =>
  workload.release === release.name &&
  workload.namespace === release.namespace &&
  workload.cluster === release.cluster;

const isOwnedBy = ({ owner, cluster }: FoundWorkload, application: Survey['applications'][number]): boolean =>
  owner?.kind === 'argocd' &&
  owner.application === application.name &&
  cluster === application.cluster &&
  (owner.namespace === undefined || owner.namespace === application.namespace);

/** Where what has pods stands; several namespaces may be several environments in one cluster. */
export const namespacesOf = (related: Pick<Survey, 'workloads' | 'releases'>): string[] => [
  ...new Set([...related.workloads, ...related.releases].map(({ namespace }) => namespace)),
];

/** What might be a service, by name, with what stands for it. */
export function candidatesIn({ workloads, models, parameters }: Survey): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, what: string) => found.set(name, [...(found.get(name) ?? []), what]);
  for (const { kind, name, namespace } of workloads)
    if (!/^(kube-|argo)/.test(namespace)) add(name, `${kind} in ${namespace}`);
  for (const { name } of models) add(name, 'registered model');
  for (const { kind, name } of parameters) {
    const above = name.split('/').at(-2);
    if (kind === 'switch' && above && !RESERVED.test(name)) add(above, `flag ${name}`);
  }
  return found;
}

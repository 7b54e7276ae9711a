import type { Deployment, ReplicaSet, Rollout } from '../../kubernetes/objects.ts';
import type { Seen } from './read.ts';
import { templateOf } from './template.ts';

/** An operation of RFC 6902. */
export interface Operation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** Who writes, as `managedFields` keep it. */
export const MANAGER = 'reinstate';

export const test = (path: string, value: unknown): Operation => ({ op: 'test', path, value });

/**
 * What a decision stood on. The generation closes a race: with a newer template that the controller has not seen the
 * hashes would still hold, and the abort would be wiped by it. `null` also stands for what is not there.
 */
export const testsOf = ({ rollout: { metadata, status } }: Seen): Operation[] => [
  test('/metadata/uid', metadata.uid),
  test('/metadata/generation', metadata.generation),
  test('/status/currentPodHash', status.currentPodHash ?? null),
  test('/status/stableRS', status.stableRS ?? null),
];

/** An abort beside `promoteFull` is ignored (argo-rollouts issue 4461), so that goes with it. */
export const abortPatch = (found: Seen): Operation[] => [
  ...testsOf(found),
  { op: 'add', path: '/status/promoteFull', value: false },
  { op: 'add', path: '/status/abort', value: true },
];

/** Only where the newest template is the wanted one, which its tests ensure. */
export const promotePatch = (found: Seen): Operation[] => [
  ...testsOf(found),
  { op: 'add', path: '/status/abort', value: false },
  { op: 'add', path: '/status/promoteFull', value: true },
];

export const unpausePatch = ({ rollout: { metadata } }: Seen): Operation[] => [
  test('/metadata/uid', metadata.uid),
  test('/spec/paused', true),
  { op: 'replace', path: '/spec/paused', value: false },
];

/** Who asked for it, as annotations of the object; in the template they would be a new version. */
export interface Signature {
  readonly incident: string;
  readonly fence: number;
}

/** The template of this ReplicaSet, for the Rollout or, where that has a `workloadRef`, for its Deployment. */
export function templatePatch(found: Seen, set: ReplicaSet, signature: Signature): Operation[] {
  const { metadata } = found.workload ?? found.rollout;
  const tests = found.workload
    ? [test('/metadata/uid', metadata.uid), test('/metadata/generation', metadata.generation)]
    : testsOf(found);
  return [
    ...tests,
    { op: 'replace', path: '/spec/template', value: templateOf(set) },
    ...annotated(metadata, { incident: signature.incident, fence: String(signature.fence) }),
  ];
}

/** Operations that leave these as annotations of an object. */
export function annotated({ annotations }: Rollout['metadata'], values: Record<string, string>): Operation[] {
  const all = Object.entries(values).map(([name, value]): Operation => {
    return { op: 'add', path: `/metadata/annotations/${MANAGER}~1${name}`, value };
  });
  return annotations ? all : [{ op: 'add', path: '/metadata/annotations', value: {} }, ...all];
}

/**
 * Gives up what we own of a spec, so that the next apply or upgrade of whoever wrote it meets no conflict. The fields
 * stay as they are. @returns undefined where we own nothing
 */
export function tidyPatch({ metadata }: Rollout | Deployment): Operation[] | undefined {
  const { managedFields = [] } = metadata;
  const at = managedFields.findIndex(({ manager, subresource }) => manager === MANAGER && !subresource);
  if (at < 0) return undefined;
  const path = `/metadata/managedFields/${at}`;
  return [
    test('/metadata/uid', metadata.uid),
    test(`${path}/manager`, MANAGER),
    test(`${path}/operation`, managedFields[at]?.operation ?? null),
    { op: 'remove', path },
  ];
}

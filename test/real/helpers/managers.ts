import type { Rollout } from '../../../lib/adapters/kubernetes/objects.ts';

/** Who owns fields of an object, status left out. */
export const managersOf = ({ metadata: { managedFields = [] } }: Pick<Rollout, 'metadata'>): string[] =>
  managedFields.filter(({ subresource }) => !subresource).map(({ manager = '' }) => manager);

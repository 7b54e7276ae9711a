import { type HostDeps, type OpenRequest, opener } from './host.ts';

/** @see https://docs.gitlab.com/api/merge_requests/ */
export const gitlab = (deps: HostDeps): OpenRequest =>
  opener(deps, {
    url: `${deps.origin}/api/v4/projects/${encodeURIComponent(deps.path)}/merge_requests`,
    query: ({ from, into }) =>
      new URLSearchParams({ state: 'opened', source_branch: from, target_branch: into }).toString(),
    json: ({ from, into, title, body }) => ({
      source_branch: from,
      target_branch: into,
      title,
      description: body,
      remove_source_branch: true,
    }),
    link: 'web_url',
    exists: 409,
  });

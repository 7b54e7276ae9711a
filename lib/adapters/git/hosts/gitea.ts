import { fieldOf, type HostDeps, type OpenRequest, opener } from './host.ts';

/** Gitea and Forgejo. @see https://docs.gitea.com/api (repoCreatePullRequest, repoListPullRequests) */
export const gitea = (deps: HostDeps): OpenRequest =>
  opener(deps, {
    url: `${deps.origin}/api/v1/repos/${deps.path}/pulls`,
    query: () => 'state=open&limit=50&sort=recentupdate',
    json: ({ from, into, title, body }) => ({ head: from, base: into, title, body }),
    link: 'html_url',
    exists: 409,
    isSame: (found, { from, into }) =>
      fieldOf(fieldOf(found, 'head'), 'ref') === from && fieldOf(fieldOf(found, 'base'), 'ref') === into,
  });

import { type HostDeps, type OpenRequest, opener } from './host.ts';

/** @see https://docs.github.com/en/rest/pulls/pulls */
export const github = (deps: HostDeps): OpenRequest =>
  opener(deps, {
    url: `${apiOf(deps.origin)}/repos/${deps.path}/pulls`,
    query: ({ from, into }) =>
      new URLSearchParams({ state: 'open', head: `${ownerIn(deps.path)}:${from}`, base: into }).toString(),
    json: ({ from, into, title, body }) => ({ head: from, base: into, title, body }),
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': 'reinstate',
      'x-github-api-version': '2022-11-28',
    },
    link: 'html_url',
    exists: 422,
  });

/** github.com has its API beside it, GitHub Enterprise Server below it. */
export const apiOf = (origin: string): string =>
  origin === 'https://github.com' ? 'https://api.github.com' : `${origin}/api/v3`;

const ownerIn = (path: string): string => path.split('/')[0] ?? '';

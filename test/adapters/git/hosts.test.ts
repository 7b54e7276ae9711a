import { describe, expect, it } from '@jest/globals';
import { apiOf } from '../../../lib/adapters/git/hosts/github.ts';
import type { PullRequest } from '../../../lib/adapters/git/hosts/host.ts';
import { apiHost, HOSTS } from '../../../lib/adapters/git/hosts/hosts.ts';
import { httpClient } from '../../../lib/adapters/http.ts';
import type { GitHost } from '../../../lib/core/service.ts';
import { json, serve } from '../serve.ts';

const REQUEST: PullRequest = {
  from: 'reinstate/churn-1',
  into: 'main',
  title: 'Return churn',
  body: 'why\n',
};
const KEY = 'glpat-hunter2-of-the-bot-0123';

/** The host answers so many times, as this says; the last one for ever. */
async function asked(host: GitHost, ...answers: readonly (readonly [status: number, body: unknown])[]) {
  const calls: { method: string; url: string; body: unknown; authorization: string | undefined }[] = [];
  const origin = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = request;
    calls.push({
      method,
      url,
      body: text === '' ? undefined : JSON.parse(text),
      authorization: headers.authorization,
    });
    const [status, body] = answers[Math.min(calls.length, answers.length) - 1] ?? [500, {}];
    json(response, body, status);
  });
  const http = httpClient({ hosts: [new URL(origin).host], insecureLocal: true });
  const credentials = async () => ({
    api: { authorization: `Bearer ${KEY}` },
    hide: (text: string) => text.replaceAll(KEY, '[redacted]'),
  });
  const open = HOSTS[host]({ http, origin, path: 'shop/deploy', credentials });
  return { calls, open: () => open(REQUEST) };
}

const link = (name: string) => ({ [name]: 'https://git.example.com/shop/deploy/pulls/7' });

describe('a pull request', () => {
  it.each([
    [
      'gitea',
      '/api/v1/repos/shop/deploy/pulls',
      'html_url',
      { head: REQUEST.from, base: 'main', title: 'Return churn', body: 'why\n' },
    ],
    [
      'github',
      '/api/v3/repos/shop/deploy/pulls',
      'html_url',
      { head: REQUEST.from, base: 'main', title: 'Return churn', body: 'why\n' },
    ],
    [
      'gitlab',
      '/api/v4/projects/shop%2Fdeploy/merge_requests',
      'web_url',
      {
        source_branch: REQUEST.from,
        target_branch: 'main',
        title: 'Return churn',
        description: 'why\n',
        remove_source_branch: true,
      },
    ],
  ] as const)('is opened at %s', async (...[host, url, name, body]) => {
    const { calls, open } = await asked(host, [201, link(name)]);

    expect(await open()).toBe('https://git.example.com/shop/deploy/pulls/7');
    expect(calls).toEqual([{ method: 'POST', url, body, authorization: `Bearer ${KEY}` }]);
  });

  it.each([
    ['gitea', 409, '?state=open&limit=50&sort=recentupdate', 'html_url'],
    ['github', 422, '?state=open&head=shop%3Areinstate%2Fchurn-1&base=main', 'html_url'],
    ['gitlab', 409, '?state=opened&source_branch=reinstate%2Fchurn-1&target_branch=main', 'web_url'],
  ] as const)('that is open at %s already is found', async (...[host, status, query, name]) => {
    const ours = { ...link(name), head: { ref: REQUEST.from }, base: { ref: 'main' } };
    const { calls, open } = await asked(host, [status, { message: 'already exists' }], [200, [ours]]);

    expect(await open()).toBe('https://git.example.com/shop/deploy/pulls/7');
    expect(calls[1]?.url.endsWith(query)).toBe(true);
  });

  it('of another branch is not taken for it', async () => {
    const other = { ...link('html_url'), head: { ref: 'else' }, base: { ref: 'main' } };
    const { open } = await asked('gitea', [409, { message: 'no such head' }], [200, [other]]);

    await expect(open()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/^Cannot open a pull request at .+: it answered 409 ".*no such head/),
    });
  });

  it('F55: is refused without the credentials that the host echoes', async () => {
    const { open } = await asked('gitlab', [403, { message: `${KEY} may not` }]);

    await expect(open()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/answered 403 "\{"message":"\[redacted\] may not"\}"$/),
    });
  });

  it.each([500, 503, 429])('is trouble where the host answers %i', async (status) => {
    const { open } = await asked('github', [status, {}]);

    await expect(open()).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });

  it('is no more than a branch at a plain host', async () => {
    const { calls, open } = await asked('plain');

    expect(await open()).toBeUndefined();
    expect(calls).toEqual([]);
  });
});

describe('the API of GitHub', () => {
  it("is beside github.com, and below a server of one's own", () => {
    expect(apiOf('https://github.com')).toBe('https://api.github.com');
    expect(apiOf('https://git.example.com')).toBe('https://git.example.com/api/v3');
    expect(apiHost('github', 'https://github.com')).toEqual(['api.github.com']);
    expect(apiHost('gitlab', 'https://gitlab.com')).toEqual([]);
  });
});

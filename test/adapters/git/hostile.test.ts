import { existsSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { line } from '../../../lib/adapters/git/pkt-lines.ts';
import { BOT, useGitServer } from '../../git-server.ts';
import { serve } from '../serve.ts';
import { sceneOn } from './scene.ts';

const server = useGitServer();
const refusal = (message: RegExp) => ({ name: 'OutsideRefusal', message: expect.stringMatching(message) });

describe('F41: a hostile repository', () => {
  it('its hooks, attributes and settings run nothing here', async () => {
    const repository = await server.repository();
    const proof = join(repository.folder, 'was-run');
    const evil = `#!/bin/sh\ntouch ${proof}\n`;
    const good = await repository.commit({
      'churn/a.yaml': 'v1\n',
      '.gitattributes': '* filter=evil merge=evil diff=evil\n',
      '.gitconfig': `[filter "evil"]\n\tsmudge = touch ${proof}\n[merge "evil"]\n\tdriver = touch ${proof}\n`,
      'hooks/post-checkout': { mode: '100755', content: evil },
    });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });

    expect((await sceneOn(repository).act(good)).conflict).toBeUndefined();
    expect(existsSync(proof)).toBe(false);
  });

  it.each([
    ['a symbolic link', { mode: '120000', content: '/etc/passwd' } as const, 'a symbolic link'],
    ['a submodule', { mode: '160000', content: 'a'.repeat(40) } as const, 'a submodule'],
  ])('%s at the path: it is not followed', async (_, entry, what) => {
    const repository = await server.repository();
    const good = await repository.commit({ churn: entry });
    const bad = await repository.commit({ churn: null, 'churn/a.yaml': 'v2\n' });

    await expect(sceneOn(repository).act(good)).rejects.toMatchObject(
      refusal(new RegExp(`^Cannot return "churn" of .+: it is ${what} there; links are not followed$`)),
    );
    expect(await repository.git('rev-parse', 'main')).toBe(bad);
  });

  it('a link inside of the folder goes back as the link it was', async () => {
    const repository = await server.repository();
    const link = { mode: '120000', content: '../../etc/passwd' } as const;
    const good = await repository.commit({ 'churn/a.yaml': link });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });

    await sceneOn(repository).act(good);

    expect(await repository.git('ls-tree', '-r', 'main')).toMatch(/^120000 blob \w{40}\tchurn\/a.yaml$/);
  });

  it('names that lead out of the folder stay names', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n' });
    await repository.commit({
      'churn/a.yaml': 'v2\n',
      'churn/__proto__': 'p\n',
      '__proto__/constructor': 'c\n',
    });

    await sceneOn(repository).act(good);

    expect(await repository.git('ls-tree', '-r', '--name-only', 'main')).toBe('churn/a.yaml');
  });

  it('a file over the limit, where the server sends it', async () => {
    const repository = await server.repository({ filter: false });
    const good = await repository.commit({
      'churn/a.yaml': 'v1\n',
      'huge.bin': '\0'.repeat(17 * 1024 * 1024),
    });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });

    await expect(sceneOn(repository).act(good)).rejects.toMatchObject(
      refusal(/^Cannot read the repository: it has an object of 17825792 bytes, more than 16777216$/),
    );
  });

  it('the same file does no harm where the server may leave it out', async () => {
    const repository = await server.repository();
    const good = await repository.commit({
      'churn/a.yaml': 'v1\n',
      'huge.bin': '\0'.repeat(17 * 1024 * 1024),
    });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });

    expect((await sceneOn(repository).act(good)).conflict).toBeUndefined();
  });
});

/** A server that answers each command with this. */
const uploadPack = (answer: (asked: string, headers: IncomingHttpHeaders) => string): Promise<string> =>
  serve((request, response) => {
    const kind = request.method === 'GET' ? 'advertisement' : 'result';
    response.writeHead(200, { 'content-type': `application/x-git-upload-pack-${kind}` });
    if (request.method === 'GET') return response.end(`${line('version 2')}${line('fetch=shallow')}0000`);
    let asked = '';
    request.on('data', (chunk: Buffer) => {
      asked += chunk.toString();
    });
    request.on('end', () => {
      response.end(answer(asked, request.headers));
    });
  });

describe('a server that is none of a Git repository', () => {
  it('bad input: redirects to another host, which gets no credentials', async () => {
    let asked = 0;
    const other = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const url = await serve((_, response) => response.writeHead(302, { location: other }).end());

    await expect(sceneOn({ url: `${url}/shop/deploy.git` }).act('a'.repeat(40))).rejects.toMatchObject(
      refusal(/it answered 302; redirects are not followed$/),
    );
    expect(asked).toBe(0);
  });

  it.each([
    [
      'has no such repository',
      404,
      '',
      /it answered 404; there is no such repository, or none for these credentials$/,
    ],
    ['does not know us', 401, '', /it answered 401; the credentials are not let in$/],
    ['is a web page', 200, '<html>', /it answered 200 "<html>"; expected Git$/],
  ])('%s', async (...[, status, body, why]) => {
    const url = await serve((_, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end(body),
    );

    const { port, lever } = sceneOn({ url: `${url}/shop/deploy.git` });

    await expect(port.observe(lever)).rejects.toMatchObject(refusal(why));
  });

  it('speaks the old protocol only', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.end(
        `${line('# service=git-upload-pack')}0000${line(`${'a'.repeat(40)} refs/heads/main\0 shallow`)}0000`,
      );
    });
    const { port, lever } = sceneOn({ url: `${url}/shop/deploy.git` });

    await expect(port.observe(lever)).rejects.toMatchObject(
      refusal(/does not speak version 2 of Git's protocol/),
    );
  });

  it.each(['a'.repeat(64), `${'a'.repeat(39)}\n`, 'unborn', ''])(
    'has its branch at what is no commit: %j',
    async (oid) => {
      const url = await uploadPack(() => `${line(`${oid} refs/heads/main`)}0000`);
      const { port, lever } = sceneOn({ url: `${url}/shop/deploy.git` });

      await expect(port.observe(lever)).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: expect.stringMatching(
          /its refs\/heads\/main is at no commit, which are 40 hex digits here$/,
        ),
      });
    },
  );

  it.each([
    ['is cut off', '0032packfi'],
    ['sends what is no pack', `${line('packfile')}0009\x01JUNK0000`],
    ['sends no pack at all', '0000'],
  ])('%s: trouble', async (_, body) => {
    const url = await uploadPack((asked) =>
      asked.includes('ls-refs') ? `${line(`${'a'.repeat(40)} refs/heads/main`)}0000` : body,
    );
    const { port, lever } = sceneOn({ url: `${url}/shop/deploy.git` });

    await expect(port.observe(lever)).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });
});

describe('F55: credentials', () => {
  it('are told to nobody, whatever server and hooks echo', async () => {
    const repository = await server.repository();
    const good = await repository.commit({ 'churn/a.yaml': 'v1\n' });
    await repository.commit({ 'churn/a.yaml': 'v2\n' });
    repository.hook('update', `echo "password ${BOT.password} is wrong" >&2; exit 1`);

    const text = JSON.stringify(await sceneOn(repository).act(good).catch(String));
    expect(text).toContain('declined');
    expect(text).not.toContain(BOT.password);

    const basic = Buffer.from(`${BOT.username}:${BOT.password}`).toString('base64');
    const url = await serve(({ headers }, response) =>
      response.writeHead(400).end(`no: ${headers.authorization} ${BOT.password}`),
    );
    const said = await sceneOn({ url: `${url}/shop/deploy.git` })
      .act(good)
      .catch(String);
    expect(said).toMatch(/it answered 400/);
    expect(said).not.toContain(basic);
    expect(said).not.toContain(BOT.password);
  });

  it('nor in the error that ends a pack, which is short and printable', async () => {
    const url = await uploadPack((asked, { authorization }) =>
      asked.includes('ls-refs')
        ? `${line(`${'a'.repeat(40)} refs/heads/main`)}0000`
        : `${line('packfile')}${line(`\x03no\x1b[2J: ${authorization} ${BOT.password} ${'x'.repeat(9000)}`)}0000`,
    );
    const { port, lever } = sceneOn({ url: `${url}/shop/deploy.git` });

    const said = await port.observe(lever).catch(String);

    expect(said).toMatch(
      /^OutsideTrouble: Cannot read from the Git server: it says "no \[2J: Basic \[redacted\]/,
    );
    expect(String(said).length).toBeLessThan(200);
    expect(said).not.toContain(BOT.password);
  });

  it.each([{}, { username: 'a' }, { token: '' }, { token: 7 }])(
    'that are none are refused without a quotation: %j',
    async (secret) => {
      const { port, lever } = sceneOn({ url: 'http://127.0.0.1:9/shop/deploy.git' }, {}, secret);

      await expect(port.observe(lever)).rejects.toMatchObject(
        refusal(/^Cannot use secret "arn:.+": expected \{"username"/),
      );
    },
  );
});

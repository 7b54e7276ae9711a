/** Smart HTTP over `git http-backend`, with Basic authentication: what a Git host does, without the host. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gitEnvironment } from './program.ts';

export interface Backend {
  /** Folder with the bare repositories. */
  readonly root: string;
  /** Passwords by name; hooks see the name as REMOTE_USER. */
  readonly users: Readonly<Record<string, string>>;
  /** Who may read without a name. @default everybody */
  readonly privately?: boolean;
}

/** Only users may push. `GET /healthz` answers 200. */
export const gitServer = (backend: Backend): Server =>
  createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://git');
    if (url.pathname === '/healthz') return void response.end('well\n');
    const user = userOf(backend, request);
    const writes = url.pathname.endsWith('/git-receive-pack') || url.search === '?service=git-receive-pack';
    if ((writes || backend.privately) && !user) return challenge(response);
    answer(request, response, program(backend, { request, url, user }));
  });

function challenge(response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('sign in\n');
}

function userOf({ users }: Backend, { headers }: IncomingMessage): string {
  const encoded = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const [name = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return name !== '' && users[name] === password.join(':') ? name : '';
}

interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly user: string;
}

function program({ root }: Backend, { request, url, user }: Asked): ChildProcessWithoutNullStreams {
  const header = (name: string): string => String(request.headers[name] ?? '');
  return spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? '',
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: header('content-length'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: user,
      REMOTE_ADDR: '127.0.0.1',
    },
  });
}

/** CGI: headers, among them `Status`, an empty line, the body. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  child: ChildProcessWithoutNullStreams,
): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stderr.resume();
  response.on('close', () => child.kill());
  child.stdout.on('data', (chunk: Buffer) => {
    if (!head) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.on('close', () => response.end());
}

function writeHead(response: ServerResponse, head: string): void {
  const lines = head.split('\r\n').map((line) => line.split(/: (.*)/s));
  const status = lines.find(([name = '']) => name.toLowerCase() === 'status')?.[1];
  for (const [name = '', value = ''] of lines) {
    if (name.toLowerCase() !== 'status') response.setHeader(name, value);
  }
  response.writeHead(Number.parseInt(status ?? '200', 10));
}

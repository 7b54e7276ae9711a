/** The local AWS: MiniStack with our patches (launch.py), on 127.0.0.1. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localPath, sourcePath } from '../paths.ts';
import { freePort } from '../port.ts';
import { findPart, type Recorded, startPart } from '../process.ts';
import { pythonFor } from '../python.ts';

export const AWS_ACCOUNT = '000000000000';
export const AWS_REGION = 'us-east-1';

const USUAL_PORT = 14566;

export async function startAws(say: (line: string) => void, name = 'aws'): Promise<Recorded> {
  const python = await pythonFor('aws', say);
  const port = await freePort(findPart(name)?.port ?? (name === 'aws' ? USUAL_PORT : 0));
  return startPart({
    name,
    command: python,
    args: [sourcePath('aws', 'launch.py')],
    env: serverEnvironment(port),
    port,
    health: `http://127.0.0.1:${port}/_ministack/health`,
    seconds: 60,
  });
}

/** What a client needs to talk to it: its signatures are not checked, but the SDKs insist on keys. */
export function clientEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: '',
    AWS_REGION: AWS_REGION,
    AWS_DEFAULT_REGION: AWS_REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function serverEnvironment(port: number): Record<string, string> {
  return {
    ...clientEnvironment(`http://127.0.0.1:${port}`),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: 'local',
    // Functions run on the first `node` of the server's PATH: the one that runs this program.
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    NODE_OPTIONS: '',
    // Unpacked functions; those of a killed server would stay behind for ever elsewhere.
    TMPDIR: temporaryFolder(),
  };
}

function temporaryFolder(): string {
  const folder = localPath('tmp');
  mkdirSync(folder, { recursive: true });
  // Without it Node would find the project's own package.json above and take a function's index.js for an ES module.
  writeFileSync(join(folder, 'package.json'), '{}');
  return folder;
}

/** Deploys the environment `local` with CDK, as one would deploy any other, into the local AWS. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { localPath, projectRoot } from '../paths.ts';
import { logFile, logTail } from '../process.ts';
import { AWS_ACCOUNT, AWS_REGION, clientEnvironment } from './ministack.ts';

export interface DeployTo {
  readonly aws: string;
  /** Put in place of `${mlflow}` and `${model}` in the files of `environments/local`. */
  readonly mlflow: string;
  readonly model: string;
  /** The cluster that `${cluster}` and `${cluster-ca}` stand for. @default - there is none */
  readonly cluster?: ClusterAddress;
  /** The Git host that `${git}` stands for. @default - there is none */
  readonly git?: string;
}

export interface ClusterAddress {
  readonly url: string;
  /** PEM in base64. */
  readonly ca: string;
  /** Path of the helm program: the local AWS mounts no layers. */
  readonly helm: string;
}

export type StackOutputs = Readonly<Record<string, string>>;

const SECONDS = 240;
const OUTPUTS = 'stack-outputs.json';

/** Nothing is done when neither the sources nor the addresses changed since the last deploy into this same AWS. */
export async function deploy(to: DeployTo, awsToken: string): Promise<StackOutputs> {
  const stamp = `${awsToken} ${sourcesDigest()} ${JSON.stringify(to)}`;
  if (stampOf() !== stamp) {
    rmSync(stampFile(), { force: true });
    await cdk(to, ['bootstrap', `aws://${AWS_ACCOUNT}/${AWS_REGION}`]);
    await cdk(to, ['deploy', '--all', '--require-approval', 'never', '--outputs-file', localPath(OUTPUTS)]);
    writeFileSync(stampFile(), stamp);
  }
  return outputs();
}

/** Of all stacks, with names as the endpoints file writes them: `TableName` becomes `tableName`. */
function outputs(): StackOutputs {
  if (!existsSync(localPath(OUTPUTS))) return {};
  const stacks = JSON.parse(readFileSync(localPath(OUTPUTS), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const all = Object.values(stacks).flatMap((stack) => Object.entries(stack));
  return Object.fromEntries(
    all.map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

function cdk(to: DeployTo, args: readonly string[]): Promise<void> {
  const { cluster, git } = to;
  const outside = ['env=local', `mlflowUrl=${to.mlflow}`, `modelUrl=${to.model}`];
  const places = git ? [...outside, `gitUrl=${git}`] : outside;
  const inside = cluster
    ? [`clusterUrl=${cluster.url}`, `clusterCa=${cluster.ca}`, `helmPath=${cluster.helm}`]
    : [];
  // The local AWS has no access entries: the cluster's own authenticator knows who is let in.
  const context = [...places, ...inside, 'accessEntries=false'].flatMap((pair) => ['-c', pair]);
  const fixed = ['--ci', '--no-notices', '--no-version-reporting', '--output', localPath('cdk.out')];
  const log = openSync(logFile('cdk'), 'a');
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, ...context, ...fixed],
    {
      cwd: projectRoot,
      stdio: ['ignore', log, log],
      timeout: SECONDS * 1000,
      env: {
        ...process.env,
        ...clientEnvironment(to.aws),
        CDK_DEFAULT_ACCOUNT: AWS_ACCOUNT,
        CDK_DEFAULT_REGION: AWS_REGION,
        AWS_ACCOUNT,
        // Functions are bundled by esbuild on this machine; a container would only be tried by mistake.
        CDK_DOCKER: '/bin/false',
        PATH: `${join(process.execPath, '..')}:${join(projectRoot, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      },
    },
  );
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `cannot cdk ${args[0]}: it ended with ${code ?? `no answer within ${SECONDS} s`}\n${logTail('cdk')}`,
          ),
        );
    });
  });
}

const DEPLOYED = ['bin', 'lib', 'lambdas', 'environments/local', 'cdk.json', 'package-lock.json'];

function sourcesDigest(): string {
  const hash = createHash('sha256');
  for (const name of DEPLOYED)
    for (const file of filesOf(join(projectRoot, name))) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const stampFile = (): string => localPath('deployed');

const stampOf = (): string | undefined =>
  existsSync(stampFile()) ? readFileSync(stampFile(), 'utf8') : undefined;

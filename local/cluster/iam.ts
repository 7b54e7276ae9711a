/** Who AWS says is calling, and what that identity may do: a local STS and aws-iam-authenticator, as EKS has them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { sourcePath } from '../paths.ts';
import { type Server, watched } from './node.ts';
import { certificate, pkiFile } from './pki.ts';
import { inFolder, nodeAddress, type Place } from './place.ts';
import { STS_PORT, STS_PROXY_PORT } from './sts.ts';

/** The name that a token is bound to by its header x-k8s-aws-id. */
export const eksName = (place: Place): string => `reinstate-${place.name}`;

export interface Identity {
  readonly secretAccessKey: string;
  /** As GetCallerIdentity gives it: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  readonly userId: string;
}

/** By access key id. */
export type Identities = Readonly<Record<string, Identity>>;

/** One access entry of EKS: a role and the groups that it belongs to in the cluster. */
export interface AccessEntry {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly role: string;
  readonly groups: readonly string[];
}

const ACCOUNT = '000000000000';

const identitiesFile = (place: Place): string => inFolder(place, 'iam', 'identities.json');
const entriesFile = (place: Place): string => inFolder(place, 'iam', 'entries.json');
export const webhookKubeconfig = (place: Place): string => inFolder(place, 'iam', 'webhook.kubeconfig');

/** Lets somebody in, at once. Whoever has no entry is answered 401. */
export function admit(place: Place, entry: AccessEntry): void {
  const identity: Identity = {
    secretAccessKey: entry.secretAccessKey,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${entry.role}/session`,
    userId: `AROA${entry.role.toUpperCase()}:session`,
  };
  const identities = { ...read<Identities>(identitiesFile(place), {}), [entry.accessKeyId]: identity };
  writeFileSync(identitiesFile(place), JSON.stringify(identities));
  const rolearn = `arn:aws:iam::${ACCOUNT}:role/${entry.role}`;
  const others = read<Entries>(entriesFile(place), NOBODY).mapRoles.filter((one) => one.rolearn !== rolearn);
  const mapped = { rolearn, username: `${rolearn}:{{SessionName}}`, groups: entry.groups };
  writeFileSync(entriesFile(place), JSON.stringify({ ...NOBODY, mapRoles: [...others, mapped] }));
}

interface Entries {
  readonly LastUpdatedDateTime: string;
  readonly mapRoles: readonly { rolearn: string; username: string; groups: readonly string[] }[];
}

const NOBODY: Entries = { LastUpdatedDateTime: '0', mapRoles: [] };

const read = <T>(file: string, otherwise: T): T =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : otherwise;

/** The files that both servers read; made once, before they start. */
export async function makeIam(place: Place): Promise<void> {
  mkdirSync(dirname(entriesFile(place)), { recursive: true });
  writeFileSync(identitiesFile(place), '{}');
  writeFileSync(entriesFile(place), JSON.stringify(NOBODY));
  const names = ['DNS:sts.amazonaws.com', 'DNS:*.us-east-1.amazonaws.com', 'DNS:*.eu-west-1.amazonaws.com'];
  await certificate(place, 'sts', { subject: '/CN=sts.amazonaws.com', names });
  writeFileSync(
    inFolder(place, 'iam', 'config.yaml'),
    stringify({
      clusterID: eksName(place),
      server: {
        address: '127.0.0.1',
        port: 21362,
        stateDir: inFolder(place, 'iam'),
        generateKubeconfig: webhookKubeconfig(place),
        backendMode: ['DynamicFile'],
        dynamicfilepath: entriesFile(place),
      },
    }),
  );
}

export function sts(place: Place): Server {
  const files = [identitiesFile(place), pkiFile(place, 'sts.crt'), pkiFile(place, 'sts.key')];
  return {
    name: 'sts',
    command: process.execPath,
    args: [sourcePath('cluster', 'sts.ts'), ...files],
    health: watched(place, `https://127.0.0.1:${STS_PORT}/healthz`),
  };
}

/** Unchanged: the environment leads it to our STS and our authority. */
export function authenticator(place: Place, program: string): Server {
  return {
    name: 'authenticator',
    command: program,
    args: ['server', '--config', inFolder(place, 'iam', 'config.yaml')],
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${STS_PROXY_PORT}`,
      SSL_CERT_FILE: pkiFile(place, 'ca.crt'),
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    health: `http://${nodeAddress(place)}:21363/healthz`,
  };
}

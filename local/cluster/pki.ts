/** Keys, certificates and kubeconfigs of one cluster, by openssl. They live as long as the cluster and open nothing else. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { run } from './command.ts';
import { apiService, inFolder, nodeAddress, nodeName, type Place, serverOf } from './place.ts';

/** Who may call the API server, by the certificate of the same name: common name and group. */
const CLIENTS: Readonly<Record<string, (place: Place) => string>> = {
  admin: () => '/O=system:masters/CN=admin',
  'controller-manager': () => '/CN=system:kube-controller-manager',
  scheduler: () => '/CN=system:kube-scheduler',
  proxy: () => '/CN=system:kube-proxy',
  kubelet: (place) => `/O=system:nodes/CN=system:node:${nodeName(place)}`,
  'to-kubelet': () => '/O=system:masters/CN=apiserver-kubelet',
  rollouts: () => '/CN=argo-rollouts',
  traefik: () => '/CN=traefik',
  argocd: () => '/CN=argocd',
};

const DAYS = '3650';

export const pkiFile = (place: Place, name: string): string => inFolder(place, 'pki', name);
export const kubeconfigOf = (place: Place, client: string): string =>
  inFolder(place, 'pki', `${client}.kubeconfig`);

export async function makePki(place: Place): Promise<void> {
  mkdirSync(inFolder(place, 'pki'), { recursive: true });
  await authority(place);
  await serviceAccountKey(place);
  await certificate(place, 'apiserver', { subject: '/CN=kube-apiserver', names: serverNames(place) });
  for (const [name, subject] of Object.entries(CLIENTS)) {
    await certificate(place, name, { subject: subject(place) });
    writeKubeconfig(place, name);
  }
}

/** The authority's certificate, base64 of PEM: what EKS gives as certificateAuthority.data. */
export const caData = (place: Place): string => readFileSync(pkiFile(place, 'ca.crt')).toString('base64');

async function authority(place: Place): Promise<void> {
  await newKey(place, 'ca');
  const subject = ['-subj', '/CN=kubernetes-ca', '-days', DAYS, '-out', 'ca.crt'];
  await openssl(place, ['req', '-x509', '-new', '-key', 'ca.key', ...subject]);
}

async function serviceAccountKey(place: Place): Promise<void> {
  await openssl(place, ['genrsa', '-out', 'service-accounts.key', '2048']);
  const out = ['-pubout', '-out', 'service-accounts.pub'];
  await openssl(place, ['rsa', '-in', 'service-accounts.key', ...out]);
}

/** A server certificate where `names` are given, else a client's. */
export async function certificate(
  place: Place,
  name: string,
  what: { readonly subject: string; readonly names?: readonly string[] },
): Promise<void> {
  await newKey(place, name);
  await openssl(place, ['req', '-new', '-key', `${name}.key`, '-subj', what.subject, '-out', `${name}.csr`]);
  const use = ['keyUsage=digitalSignature', `extendedKeyUsage=${what.names ? 'serverAuth' : 'clientAuth'}`];
  const names = what.names ? [`subjectAltName=${what.names.join(',')}`] : [];
  writeFileSync(pkiFile(place, `${name}.ext`), [...use, ...names, ''].join('\n'));
  const authorityOf = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', DAYS];
  const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.crt`];
  await openssl(place, ['x509', '-req', ...authorityOf, ...files]);
}

async function newKey(place: Place, name: string): Promise<void> {
  await openssl(place, ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);
}

const openssl = (place: Place, args: readonly string[]): Promise<string> =>
  run('openssl', args, { cwd: inFolder(place, 'pki') });

const serverNames = (place: Place): string[] => [
  ...['127.0.0.1', nodeAddress(place), apiService(place)].map((address) => `IP:${address}`),
  ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map((name) => `DNS:${name}`),
];

function writeKubeconfig(place: Place, client: string): void {
  const data = (file: string) => readFileSync(pkiFile(place, file)).toString('base64');
  const cluster = { server: serverOf(place), 'certificate-authority-data': caData(place) };
  const user = {
    'client-certificate-data': data(`${client}.crt`),
    'client-key-data': data(`${client}.key`),
  };
  const file = join(kubeconfigOf(place, client));
  writeFileSync(
    file,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: place.name, cluster }],
      users: [{ name: client, user }],
      contexts: [{ name: place.name, context: { cluster: place.name, user: client } }],
      'current-context': place.name,
    }),
  );
  chmodSync(file, 0o600);
}

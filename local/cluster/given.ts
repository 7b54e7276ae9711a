/** A cluster that somebody else runs (kind, minikube, EKS): used as it is, nothing is started or installed in it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { MissingPrerequisite } from '../python.ts';
import type { Cluster } from './cluster.ts';
import { run } from './command.ts';
import { layerTools } from './layer.ts';

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { name: string; context: { cluster: string } }[];
  readonly clusters?: readonly {
    name: string;
    cluster: { server: string; 'certificate-authority-data'?: string; 'certificate-authority'?: string };
  }[];
}

export async function givenCluster(kubeconfig: string): Promise<Cluster> {
  const { server, caData } = currentCluster(kubeconfig);
  const tools = await layerTools();
  const refuse = async (name: string) => {
    throw new Error(`cannot stop or start ${name}: the cluster of KUBECONFIG is not ours`);
  };
  return {
    ...tools,
    server,
    kubeconfig,
    caData,
    traefikUrl: process.env['TRAEFIK_URL'],
    eksName: process.env['EKS_NAME'] ?? '',
    admit: ({ role }) => {
      throw new Error(`cannot admit ${role}: make an access entry in the cluster of KUBECONFIG`);
    },
    run: (program, args, input = '') =>
      run(tools[program], [`--kubeconfig=${kubeconfig}`, ...args], { input }),
    stop: refuse,
    start: refuse,
  };
}

/** Server and authority of the current context. */
export function currentCluster(kubeconfig: string): { server: string; caData: string } {
  if (!existsSync(kubeconfig))
    throw new MissingPrerequisite(
      `KUBECONFIG is ${kubeconfig}, and there is no such file: name one kubeconfig.`,
    );
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig | null;
  const context = config?.contexts?.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config?.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  if (!cluster)
    throw new MissingPrerequisite(
      `KUBECONFIG names ${kubeconfig}, and its current context (${config?.['current-context'] ?? 'none'}) leads to no cluster: choose one with \`kubectl config use-context\`.`,
    );
  const file = cluster['certificate-authority']; // minikube's way; relative to the kubeconfig
  const read = file === undefined ? '' : readFileSync(resolve(dirname(kubeconfig), file)).toString('base64');
  return { server: cluster.server, caData: cluster['certificate-authority-data'] ?? read };
}

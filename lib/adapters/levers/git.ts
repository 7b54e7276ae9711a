import type { EKSClient } from '@aws-sdk/client-eks';
import { OutsideRefusal } from '../../core/errors.ts';
import type { ArmedService, GitLever } from '../../core/service.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import type { Resolve } from '../addresses.ts';
import { argocd } from '../argocd/syncer.ts';
import { addressOf, branchChecked, pathsChecked, type RepositoryAddress } from '../git/address.ts';
import { type Credentials, credentialsIn } from '../git/credentials.ts';
import { apiHost, HOSTS } from '../git/hosts/hosts.ts';
import type { GitPlace } from '../git/put-back.ts';
import { smartHttp } from '../git/smart-http.ts';
import { storeKeeper } from '../git/stores.ts';
import { bytesClient, httpClient } from '../http.ts';
import { clientsOf } from '../kubernetes/clients.ts';
import type { ClusterDeps } from '../kubernetes/cluster.ts';
import { observeBranch, type pull, servedBy } from './git/pull.ts';
import type { Syncer } from './git/syncer.ts';
import { httpOf, readServed } from './served.ts';

export interface GitDeps extends ClusterDeps {
  /** Needed where the endpoint of an Application's cluster was not armed. */
  readonly eks?: EKSClient;
  readonly resolve?: Resolve;
  /** What puts a branch's commits where they run. @default - Argo CD in the lever's cluster */
  readonly syncer?: (armed: ArmedService) => Syncer;
  /** What writes to the branch. @default - this function only reads */
  readonly pull?: typeof pull;
}

/** A branch of a Git repository, and the Application of Argo CD that puts what it holds. */
export function git(deps: GitDeps): Levers['git'] {
  const storeOf = storeKeeper();
  return (armed): LeverPort<GitLever> => {
    const syncer = deps.syncer?.(armed) ?? argocd({ ...deps, clientOf: clientsOf(armed, deps) });
    const place = async (lever: GitLever): Promise<GitPlace> => {
      const address = addressOf(lever.repository, armed.insecureLocal);
      branchChecked(lever.branch);
      pathsChecked([...lever.paths, ...lever.others]);
      const outside = outsideOf(deps, { armed, lever, address });
      return {
        ...outside,
        store: storeOf(address.base),
        clock: deps.clock,
        environment: armed.environment,
        lever,
      };
    };
    const rules = { place, syncer };
    return {
      observe: (lever, to) => observeBranch(rules, lever, to),
      act: async (lever, order) => {
        if (deps.pull) return deps.pull(rules, lever, order);
        throw new OutsideRefusal(`Cannot change ${lever.repository}: this function only reads`);
      },
      served: (lever, to) =>
        lever.served
          ? readServed(httpOf(armed, deps.resolve), deps.clock, lever.served)
          : servedBy(rules, lever, to),
    };
  };
}

interface Asked {
  readonly armed: ArmedService;
  readonly lever: GitLever;
  readonly address: RepositoryAddress;
}

/** Its server and its host's API, under credentials that are read once, when the first of them is asked. */
function outsideOf(
  { clock, secrets, resolve }: GitDeps,
  { armed, lever, address }: Asked,
): Pick<GitPlace, 'remote' | 'openRequest'> {
  const { insecureLocal } = armed;
  const origin = new URL(address.base).origin;
  let read: Promise<Credentials> | undefined;
  const credentials = () => {
    read ??= credentialsIn(secrets, lever.secret, lever.host);
    return read;
  };
  const http = bytesClient({ hosts: [address.host], insecureLocal }, resolve);
  const api = httpClient({ hosts: [address.host, ...apiHost(lever.host, origin)], insecureLocal }, resolve);
  return {
    remote: smartHttp({ http, clock, repository: address.base, credentials }),
    openRequest: HOSTS[lever.host]({ http: api, origin, path: address.path, credentials }),
  };
}

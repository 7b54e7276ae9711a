import type { FoundApplication } from '../../core/estate.ts';
import { question } from './draft.ts';
import type { Candidate } from './levers.ts';
import { named } from './names.ts';

/** The branch that an Application of Argo CD follows, or why it can be no lever. */
export function commitFor(application: FoundApplication): Candidate | string {
  const { cluster, namespace, name, source, why, auto, selfHeal } = application;
  if (why !== undefined) return why;
  if (!source) return 'it names no repository';
  const { repository, changed } = byHttps(source.repository);
  const follows = source.revision.replace(/^refs\/heads\//, '');
  const isDefault = follows === '' || follows === 'HEAD';
  const host = hostOf(repository);
  return {
    called: 'commit',
    object: name,
    what: `Argo CD application ${named(name)} in ${named(namespace)}`,
    rung: 4,
    owner: { kind: 'argocd', application: name, namespace },
    written: {
      kind: 'git',
      repository,
      branch: isDefault ? 'main' : follows,
      paths: [pathOf(source.path)],
      ...(host && { host }),
      application: { cluster, namespace, name },
    },
    remarks: [
      `Argo CD puts what the branch holds: auto-sync ${auto ? 'on' : 'off'}, selfHeal ${selfHeal ? 'on' : 'off'}`,
      ...(isDefault ? [question('the Application follows HEAD: is "main" the default branch?')] : []),
      ...(changed ? [question(BY_SSH)] : []),
      question('who pushes to it? "secret" names, by its ARN, what signs in'),
      ...(host
        ? []
        : [
            question(
              'which host is it (host: gitea, github, gitlab)? It opens a pull request where a push is refused',
            ),
          ]),
    ],
  };
}

const BY_SSH =
  'the Application follows this repository by SSH, and the lever pushes by https: can the Application follow it by https, too? The two URLs have to be equal';

const SSH = [
  /^(?:ssh|git\+ssh):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/i,
  /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/,
];

function byHttps(repository: string): { readonly repository: string; readonly changed: boolean } {
  const [, host, path] = SSH.map((form) => form.exec(repository)).find((match) => match !== null) ?? [];
  return host === undefined
    ? { repository, changed: false }
    : { repository: `https://${host}/${path}`, changed: true };
}

function hostOf(repository: string): 'github' | 'gitlab' | undefined {
  const host = URL.parse(repository)?.hostname;
  if (host === 'github.com') return 'github';
  return host?.startsWith('gitlab.') ? 'gitlab' : undefined;
}

const pathOf = (path: string): string => path.replace(/^\.\/(?=.)/, '').replace(/\/+$/, '') || '.';

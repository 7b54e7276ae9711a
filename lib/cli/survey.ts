import type { Environment } from '../core/environment.ts';
import { BadInput, sentenceOf } from '../core/errors.ts';
import type { Listed, Survey } from '../core/estate.ts';
import type { Wanted } from '../files/proposal/draft.ts';
import type { EstateReader } from '../ports/estate-reader.ts';
import { failureOf } from './failure.ts';

/** What was read, and how much of what was tried could not be. */
export interface Surveyed {
  readonly survey: Survey;
  readonly tried: number;
  readonly failed: number;
}

type Place = Pick<Wanted, 'alarms' | 'parameters' | 'namespace'> & { readonly environment: Environment };

/** Everything side by side; what cannot be read becomes a sentence, and hides nothing of the others. */
export async function surveyOf(reader: EstateReader, place: Place): Promise<Surveyed> {
  const { environment, namespace } = place;
  const asked = asking();
  const clusters = Object.keys(environment.clusters ?? {});
  const [alarms, parameters, models, ...inClusters] = await Promise.all([
    asked('the alarms of CloudWatch', AWS, () => reader.alarms(place.alarms)),
    asked('the parameters of SSM', AWS, () => reader.parameters(place.parameters ?? '/')),
    environment.mlflow ? asked('MLflow', MLFLOW, () => reader.models()) : [],
    ...clusters.map(async (cluster) => ({
      workloads: await asked(`Rollouts and Deployments of cluster "${cluster}"`, CLUSTER, () =>
        reader.workloads({ cluster, namespace }),
      ),
      releases: await asked(`Helm releases of cluster "${cluster}"`, CLUSTER, () =>
        reader.releases({ cluster, namespace }),
      ),
      applications: await asked(`Applications of Argo CD in cluster "${cluster}"`, CLUSTER, () =>
        reader.applications(cluster),
      ),
    })),
  ]);
  const survey: Survey = {
    alarms,
    parameters,
    models,
    workloads: inClusters.flatMap((one) => one.workloads),
    releases: inClusters.flatMap((one) => one.releases),
    applications: inClusters.flatMap((one) => one.applications),
    unread: [...asked.unread, ...absent(environment)],
  };
  return { survey, tried: asked.counts.tried, failed: asked.counts.failed };
}

const AWS = 'choose credentials and region that may read it';
const MLFLOW = 'see that "mlflow" in environment.yaml is right, and that it can be reached from here';
const CLUSTER = 'docs/init.md has the rights that it takes; --namespace asks for less';

const absent = ({ mlflow, clusters }: Environment): string[] => [
  ...(mlflow ? [] : ['not looked at: MLflow; environment.yaml names none']),
  ...(clusters ? [] : ['not looked at: clusters of Kubernetes; environment.yaml names none']),
];

interface Asking {
  <T>(what: string, toDo: string, read: () => Promise<Listed<T>>): Promise<readonly T[]>;
  readonly unread: string[];
  readonly counts: { tried: number; failed: number };
}

function asking(): Asking {
  const unread: string[] = [];
  const counts = { tried: 0, failed: 0 };
  const ask = async <T>(what: string, toDo: string, read: () => Promise<Listed<T>>) => {
    counts.tried += 1;
    try {
      const { items, more } = await read();
      if (more) unread.push(`read only in part: ${what}; the first ${items.length} were looked at`);
      return items;
    } catch (error) {
      counts.failed += 1;
      unread.push(`could not read ${what}: ${whyAndWhat(error, toDo)}`);
      return [];
    }
  };
  return Object.assign(ask, { unread, counts });
}

const OPENING = /^Cannot (?:(?!: ).){1,300}: /;

/** `<why>; to do: <what>`; bad input says by itself what was expected. */
function whyAndWhat(error: unknown, toDo: string): string {
  const whole = sentenceOf(error).replace(/\.$/, '');
  if (error instanceof BadInput) return whole.replace(OPENING, '');
  const { sentence } = failureOf(error);
  const known = sentence.startsWith(`${whole}; `) ? sentence.slice(whole.length + 2) : '';
  const step = known === '' || known === 'try again' ? toDo : known;
  return `${whole.replace(OPENING, '')}; to do: ${step}`;
}

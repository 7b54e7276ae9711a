import { OutsideRefusal } from '../../core/errors.ts';
import type {
  FoundAlarm,
  FoundApplication,
  FoundModel,
  FoundParameter,
  FoundRelease,
  FoundWorkload,
  Listed,
} from '../../core/estate.ts';
import type { EstateReader } from '../../ports/estate-reader.ts';

/** What stands, and what of it cannot be read now: by the name of the call. */
export interface MemoryEstate {
  alarms: FoundAlarm[];
  parameters: FoundParameter[];
  models: FoundModel[];
  workloads: FoundWorkload[];
  releases: FoundRelease[];
  applications: FoundApplication[];
  readonly trouble: Partial<Record<keyof EstateReader, Error>>;
}

export const memoryEstate = (over: Partial<MemoryEstate> = {}): MemoryEstate => ({
  alarms: [],
  parameters: [],
  models: [],
  workloads: [],
  releases: [],
  applications: [],
  trouble: {},
  ...over,
});

/** Reads such an estate. A cluster that nothing stands in is as good as any other. */
export function memoryEstateReader(estate: MemoryEstate): EstateReader {
  const read = async <T>(what: keyof EstateReader, items: () => readonly T[]): Promise<Listed<T>> => {
    const trouble = estate.trouble[what];
    if (trouble) throw trouble;
    return { items: [...items()], more: false };
  };
  return {
    alarms: (prefix = '') =>
      read('alarms', () => estate.alarms.filter(({ name }) => name.startsWith(prefix))),
    parameters: (path) =>
      read('parameters', () => estate.parameters.filter(({ name }) => isBelow(name, path))),
    models: () => read('models', () => estate.models),
    workloads: (place) => read('workloads', () => estate.workloads.filter((one) => isIn(one, place))),
    releases: (place) => read('releases', () => estate.releases.filter((one) => isIn(one, place))),
    applications: (cluster) =>
      read('applications', () => estate.applications.filter((one) => one.cluster === cluster)),
  };
}

/** As SSM: the path has to be one, and only what is below it counts. */
function isBelow(name: string, path: string): boolean {
  if (!path.startsWith('/'))
    throw new OutsideRefusal(`Cannot read the parameters below "${path}": ValidationException: no path`);
  return name.startsWith(`${path.replace(/\/+$/, '')}/`);
}

const isIn = (
  found: { readonly cluster: string; readonly namespace: string },
  { cluster, namespace }: { readonly cluster: string; readonly namespace?: string | undefined },
): boolean => found.cluster === cluster && (namespace === undefined || found.namespace === namespace);

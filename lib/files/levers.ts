import type { Lever } from '../core/service.ts';
import type { Declared } from './declared.ts';
import type { Refuse } from './findings.ts';
import type { WrittenLever } from './lever-format.ts';
import { isWrong, wrong } from './problem.ts';
import type { Surroundings } from './surroundings.ts';
import { readUrl } from './urls.ts';

/** The levers of a service, their URLs filled and allowed in the environment. */
export function readLevers({ levers }: Declared, around: Surroundings, refuse: Refuse): Lever[] {
  return [...levers].flatMap(([name, written]) => {
    if (!written) return [];
    if (written.kind === 'alias' && around.environment && !around.environment.mlflow) {
      refuse(['levers', name, 'kind'], noMlflow(around.environment.name));
    }
    return [leverOf(name, written, urlReader(['levers', name], around, refuse))];
  });
}

type ReadUrl = (keys: readonly string[], typed: string) => string;

function leverOf(name: string, written: WrittenLever, at: ReadUrl): Lever {
  const served = written.served && { ...written.served, url: at(['served', 'url'], written.served.url) };
  if (written.kind === 'flag') {
    const { kind, parameter, safe, cache } = written;
    return {
      kind,
      name,
      parameter,
      safe,
      alwaysSafe: written['always-safe'],
      cacheSeconds: cache,
      ...(served && { served }),
    };
  }
  const { kind, model, alias, reload, cache } = written;
  const reloads = reload !== undefined && { reload: at(['reload'], reload) };
  return { kind, name, model, alias, ...reloads, cacheSeconds: cache, served: served ?? written.served };
}

/** Reads a URL, and notes what is wrong with it; without an environment nobody knows what is allowed. */
const urlReader =
  (base: readonly string[], { environment, replacements }: Surroundings, refuse: Refuse): ReadUrl =>
  (keys, typed) => {
    const url = environment
      ? readUrl(typed, { insecureLocal: environment.insecureLocal, replacements })
      : typed;
    if (!isWrong(url)) return url;
    refuse([...base, ...keys], url);
    return typed;
  };

const noMlflow = (environment: string) =>
  wrong(
    `environment "${environment}" names no MLflow server`,
    '"mlflow: { url: ... }" in environment.yaml for an alias',
  );

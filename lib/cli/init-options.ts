/** What was asked of `init`: refused before anything is read, where it cannot be meant. */
import type { Environment } from '../core/environment.ts';
import { BadInput } from '../core/errors.ts';
import { NAME, NAME_WORDS, namespace as namespaceForm } from '../files/forms.ts';
import { isWrong } from '../files/problem.ts';
import type { Wanted } from '../files/proposal/draft.ts';
import { readUrl } from '../files/urls.ts';
import { type Given, text } from './session.ts';
import { clean } from './text.ts';

/** @throws BadInput */
export function wantedFrom(environment: Environment, { args: [service], options }: Given): Wanted {
  const [alarms, parameters, model, namespace, served] = (
    ['alarms', 'parameters', 'model', 'namespace', 'served'] as const
  ).map((key) => text(options[key]));
  if (service !== undefined) checkName(service);
  if (parameters !== undefined && !/^\/[\w./-]{0,900}$/.test(parameters))
    throw unusable('--parameters', parameters, 'a path such as /shop/recommender');
  if (namespace !== undefined && !namespaceForm.safeParse(namespace).success)
    throw unusable('--namespace', namespace, 'small letters, digits and hyphens, at most 63');
  if (served !== undefined) checkServed(environment, served);
  return { service: service ?? '', environment, alarms, parameters, model, namespace, served };
}

function checkName(service: string): void {
  if (NAME.test(service) && service !== 'armed') return;
  throw new BadInput(
    `Cannot call a service "${clean(service).slice(0, 80)}"; expected ${NAME_WORDS}, and not "armed"`,
  );
}

/** A URL that the environment allows, and a path into its JSON. */
function checkServed({ insecureLocal }: Environment, served: string): void {
  const [, url = '', path] = /^(\S{1,2000})\s+([\w.-]{1,1000})$/.exec(served) ?? [];
  const example = 'a URL and a path, such as "https://recommender.example.com/version version"';
  if (path === undefined) throw unusable('--served', served, example);
  const read = readUrl(url, { insecureLocal });
  if (isWrong(read)) throw unusable('--served', served, read.expected);
}

const unusable = (option: string, value: string, wanted: string) =>
  new BadInput(`Cannot use "${clean(value).slice(0, 80)}" for ${option}; expected ${wanted}`);

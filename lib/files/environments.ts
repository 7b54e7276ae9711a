import { didYouMean } from '../core/closest.ts';
import { checkEnvironments, type EnvironmentFiles } from './check-environments.ts';
import { readFolder } from './folder.ts';
import { type Checked, checked, type Problem, wholeFile, wrong } from './problem.ts';
import type { Replacements } from './urls.ts';

/** All environments below a folder. Placeholders in the URLs of `local` are left standing. */
export function readEnvironments(root: string): Checked<EnvironmentFiles[]> {
  const { sources, problems } = readFolder(root);
  return alsoWrong(checkEnvironments(sources), problems);
}

/**
 * One environment with its services. The files of the others have to be right as well: a target they share shows
 * only when all of them are known.
 * @param replacements values for `${...}` in this environment's URLs; without them placeholders are left standing.
 */
export function readEnvironment(
  root: string,
  name: string,
  replacements?: Replacements,
): Checked<EnvironmentFiles> {
  const { sources, problems } = readFolder(root);
  const names = sources.map((source) => source.name);
  if (problems.length === 0 && !names.includes(name)) return unknown(root, name, names);
  const all = alsoWrong(checkEnvironments(sources, { [name]: replacements }), problems);
  return all.ok
    ? checked(
        all.value.find((files) => files.environment.name === name),
        [],
      )
    : all;
}

function alsoWrong<T>(read: Checked<T>, problems: readonly Problem[]): Checked<T> {
  if (problems.length === 0) return read;
  return checked<T>(undefined, [...problems, ...(read.ok ? [] : read.problems)]);
}

function unknown(root: string, name: string, names: readonly string[]): Checked<EnvironmentFiles> {
  const expected = names.length > 0 ? `one of ${names.join(', ')}` : 'a folder with an environment.yaml';
  const words = wrong(`environment is unknown${didYouMean(name, names)}`, expected);
  return checked<EnvironmentFiles>(undefined, [wholeFile(root, words, name)]);
}

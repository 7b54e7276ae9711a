import { BadInput } from '../core/errors.ts';
import type { EnvironmentFiles } from './check-environments.ts';
import { readEnvironment } from './environments.ts';
import { formatProblem } from './problem.ts';

/**
 * One environment and its services, as the files of a folder say: what `Reinstate` and `EnvironmentStack` take.
 * @param folder with one folder for each environment; relative to the working directory.
 * @param name of the environment: `<folder>/<name>/environment.yaml` and `<folder>/<name>/services/*.yaml`.
 * @throws BadInput with all that is wrong in any file of the folder, a line each, as `reinstate validate` prints it.
 */
export function environmentFiles(folder: string, name: string): EnvironmentFiles {
  const read = readEnvironment(folder, name);
  if (read.ok) return read.value;
  throw new BadInput(read.problems.map(formatProblem).join('\n'));
}

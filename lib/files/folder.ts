import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentSource } from './check-environments.ts';
import { type Problem, wholeFile, wrong } from './problem.ts';
import type { ServiceSource } from './service-file.ts';
import type { SourceFile } from './yaml-text.ts';

/** The texts of every environment below a folder, and what could not be read of them. */
export interface FolderTexts {
  readonly sources: readonly EnvironmentSource[];
  readonly problems: readonly Problem[];
}

/** Reads all environments: a service of one may share a target with a service of any other. */
export function readFolder(root: string): FolderTexts {
  const problems: Problem[] = [];
  const folders = list(root, problems).filter((entry) => entry.isDirectory());
  const sources = folders.map(({ name }) => readEnvironmentFolder(join(root, name), name, problems));
  return { sources, problems };
}

function readEnvironmentFolder(folder: string, name: string, problems: Problem[]): EnvironmentSource {
  const environment = readText(join(folder, 'environment.yaml'));
  const below = join(folder, 'services');
  const services = list(below, problems).flatMap((entry) => readServiceFile(below, entry, problems));
  return { name, folder, ...(environment && { environment }), services };
}

/** Whatever else lies there would be a service that nobody protects, so it is refused and not passed over. */
function readServiceFile(folder: string, entry: Dirent, problems: Problem[]): ServiceSource[] {
  const file = join(folder, entry.name);
  const text = entry.name.endsWith('.yaml') ? readText(file) : undefined;
  if (text) return [{ ...text, name: entry.name.slice(0, -'.yaml'.length) }];
  problems.push(wholeFile(file, NOT_A_SERVICE));
  return [];
}

/** The entries of a folder by name, without hidden ones. */
function list(folder: string, problems: Problem[]): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => !entry.name.startsWith('.'),
    );
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    const why = missing ? 'there is no such folder here' : `folder cannot be read (${codeOf(error)})`;
    problems.push(wholeFile(folder, wrong(why, 'a folder')));
    return [];
  }
}

function readText(file: string): SourceFile | undefined {
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);

const NOT_A_SERVICE = wrong('not a service file', '<service>.yaml in UTF-8, and nothing else in this folder');

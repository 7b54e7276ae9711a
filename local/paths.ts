/** Where the local environment keeps its state: everything under `.reinstate/`, which git ignores. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const stateRoot = process.env['REINSTATE_STATE'] ?? join(projectRoot, '.reinstate');

/** Installed servers: kept by `down`, shared by every environment of this checkout. */
export const cachePath = (...parts: string[]): string => prepared(join(stateRoot, 'cache', ...parts));

/** The running environment: pids, logs, endpoints, data, reports. */
export const localPath = (...parts: string[]): string => prepared(join(stateRoot, 'local', ...parts));

/** Where the demo over twins puts its pages: apart from those of real parts. */
export const embeddedReports = (): string => join(stateRoot, 'reports');

export const sourcePath = (...parts: string[]): string => join(projectRoot, 'local', ...parts);

function prepared(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Who may import whom (docs/architecture.md: one direction). A room may always import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'lib/core': ['zod'],
  'lib/ports': ['lib/core'],
  'lib/files': ['lib/core', 'yaml', 'zod', 'node'],
  'lib/report': ['lib/core'],
  'lib/stages': ['lib/core', 'lib/ports', 'lib/report', 'node'],
  'lib/adapters': ['lib/core', 'lib/ports', 'node', 'outside'],
  'lib/infra': ['lib/core', 'lib/files', 'node', 'outside'],
  'lib/simulation': ['lib/core', 'lib/ports', 'lib/stages', 'lib/adapters', 'lambdas', 'node', 'outside'],
  'lib/cli': [
    'lib/core',
    'lib/ports',
    'lib/files',
    'lib/report',
    'lib/stages',
    'lib/adapters',
    'lib/simulation',
    'node',
    'outside',
  ],
  lambdas: ['lib/core', 'lib/ports', 'lib/stages', 'lib/adapters', 'node', 'outside'],
  local: ['lib/core', 'lib/files', 'lib/cli', 'lib/simulation', 'node', 'outside'],
  bin: ['lib/infra', 'lib/files', 'lib/core', 'lib/cli', 'node', 'outside'],
};

const root = resolve(import.meta.dirname, '..');
const rooms = Object.keys(MAY_IMPORT);
const roomOf = (file: string): string | undefined => rooms.find((room) => file.startsWith(`${room}/`));

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';/gms)].map(
    (match) => match[1] ?? '',
  );

/** These files, and all that they import, over any number of steps. */
function neededBy(files: readonly string[]): string[] {
  const needed = new Set(files);
  for (const file of needed)
    for (const specifier of importsOf(file).filter((name) => name.startsWith('.') && name.endsWith('.ts')))
      needed.add(relative(root, resolve(root, dirname(file), specifier)));
  return [...needed];
}

function importedRoom(file: string, specifier: string): string {
  if (specifier.startsWith('node:')) return 'node';
  if (specifier.startsWith('.')) {
    const path = relative(root, resolve(root, dirname(file), specifier));
    return roomOf(path) ?? path;
  }
  const name = specifier.split('/')[0] ?? '';
  return name === 'zod' || name === 'yaml' ? name : 'outside';
}

const isAllowed = (room: string, imported: string): boolean => {
  const allowed = MAY_IMPORT[room] ?? [];
  return (
    imported === room ||
    allowed.includes(imported) ||
    (['zod', 'yaml'].includes(imported) && allowed.includes('outside'))
  );
};

describe('architecture', () => {
  it.each(rooms)('%s imports only what it may', (room) => {
    const wrong = sources(room).flatMap((file) =>
      importsOf(file)
        .map((specifier) => importedRoom(file, specifier))
        .filter((imported) => !isAllowed(room, imported))
        .map((imported) => `${file} imports ${imported}`),
    );

    expect(wrong).toEqual([]);
  });

  it('the simulation knows no adapter but the twins', () => {
    const wrong = sources('lib/simulation').flatMap((file) =>
      importsOf(file).filter((specifier) => /adapters\/(?!memory\/)/.test(specifier)),
    );

    expect(wrong).toEqual([]);
  });

  it('the bench runs without Jest, and nothing that it needs asks for it', () => {
    const wrong = neededBy(sources('test/bench')).filter((file) => importsOf(file).includes('@jest/globals'));

    expect(wrong).toEqual([]);
  });

  it('lib/core and lib/stages read neither the clock, nor the environment, nor chance', () => {
    const wrong = [...sources('lib/core'), ...sources('lib/stages')].filter((file) =>
      /Date\.now|new Date\(\)|process\.|Math\.random|setTimeout/.test(readFileSync(join(root, file), 'utf8')),
    );

    expect(wrong).toEqual([]);
  });

  it('no file is over 250 lines', () => {
    const long = [...rooms, 'test', 'tools']
      .flatMap(sources)
      .filter((file) => statSync(join(root, file)).isFile())
      .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 251);

    expect(long).toEqual([]);
  });
});

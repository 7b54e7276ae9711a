/** An empty CDK app that somebody adds the package to. No registry is asked. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const OURS = join(ROOT, 'node_modules');

export const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** What `npm pack` says of the tarball it wrote: sizes in bytes, paths inside the package. */
export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds and packs, as `npm publish` would, into a folder. */
export function pack(folder: string): Packed {
  const said = run(ROOT, 'npm', ['pack', '--json', '--pack-destination', folder]);
  const [packed] = JSON.parse(said.slice(said.indexOf('[\n')));
  return packed;
}

/** A folder with an app that has installed the tarball, and two environments. */
export function installed(tarball: string): string {
  const app = mkdtempSync(join(tmpdir(), 'reinstate-app-'));
  const dependencies = Object.keys(manifest.dependencies).map((name) => [name, `file:${join(OURS, name)}`]);
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({
      name: 'app',
      private: true,
      type: 'module',
      dependencies: { reinstate: `file:${tarball}`, ...Object.fromEntries(dependencies) },
    }),
  );
  // Peers are the app's own: they are linked below. What is given by its folder is copied from there.
  const offline = ['--offline', '--install-links', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  run(app, 'npm', ['install', ...offline]);
  for (const name of ['aws-cdk-lib', 'constructs', '@types/node']) {
    const link = join(app, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(OURS, name), link);
  }
  cpSync(join(ROOT, 'environments'), join(app, 'environments'), { recursive: true });
  rmSync(join(app, 'environments/local'), { recursive: true });
  return app;
}

/** Standard output of a program. @throws when it fails. */
export const run = (cwd: string, program: string, words: readonly string[]): string =>
  execFileSync(program, words, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });

/** The first block of this language in a page of the docs. */
export function blockIn(page: string, language: string): string {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const block = text.match(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm'))?.[1];
  if (block === undefined) throw new Error(`Cannot find a block of ${language} in docs/${page}`);
  return block;
}

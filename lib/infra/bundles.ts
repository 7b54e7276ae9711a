import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

export interface BundleProps {
  /** Folder that paths are relative to. */
  readonly root: string;
  /** Folder with one file for each function. @default lambdas */
  readonly entries?: string;
  /** Folder that gets one folder for each function. @default dist/lambdas */
  readonly out?: string;
}

/** How functions are bundled. Error names are literals, so minified class names do no harm. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Loads in 0.8x of the time of ESM: importing node:http as a module initialises all it can export, undici too.
  format: 'cjs',
  // Most clients offer CommonJS first, which cannot be shaken.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
} as const satisfies BuildOptions;

/** Bundles every function in one go; the same sources always give the same bytes. Says what went into each. */
export function bundle({ root, entries = 'lambdas', out = 'dist/lambdas' }: BundleProps): Metafile {
  const outdir = path.join(root, out);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  // Beside this package's own ES modules; on AWS a function's folder has no such file and is CommonJS by default.
  writeFileSync(path.join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  const entryPoints = functionsIn(path.join(root, entries)).map((name) => ({
    in: path.join(entries, `${name}.ts`),
    out: path.join(name, 'index'),
  }));
  return buildSync({ ...BUNDLING, absWorkingDir: root, entryPoints, outdir }).metafile;
}

/** The functions of a folder: its files, but for helpers (`_name.ts`) and what is in subfolders. */
export const functionsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.startsWith('_'))
    .map((entry) => path.basename(entry.name, '.ts'))
    .sort();

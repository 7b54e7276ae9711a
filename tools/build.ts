/** `npm run build`: what the package holds, in dist/. Its users need neither TypeScript nor esbuild. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundle } from '../lib/infra/bundles.ts';
import { noticesOf } from './notices.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

for (const part of ['cli', 'lib', 'schemas']) rmSync(join(dist, part), { recursive: true, force: true });
const lambdas = bundle({ root });
const cli = await commandLine();
library();
cpSync(join(root, 'lib/files/generated'), join(dist, 'schemas'), { recursive: true });
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), noticesOf(root, [lambdas, cli]));

/**
 * The command line with all that it uses, in chunks: no command waits for what only another one loads. Names and
 * lines stay, for those who look into a stack.
 */
async function commandLine(): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['bin/reinstate.ts'],
    outdir: join(dist, 'cli'),
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    // Some packages are CommonJS and ask for Node's own modules at run time.
    banner: {
      js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`,
    },
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
  });
  return metafile;
}

/** JavaScript and types of all that lib/index.ts leads to, one file for each. Compilers read `./x.ts` as x.d.ts there. */
function library(): void {
  const tsc = join(root, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
}

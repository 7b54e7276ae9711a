/**
 * The opponent of our bundles: what one writes without thinking about it. The same AWS clients, Powertools and zod,
 * bundled as CommonJS with esbuild's defaults, not minified; none of our own code in it, which favours the opponent.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { bundle, functionsIn } from '../../lib/infra/bundles.ts';

/** One function, bundled both ways. */
export interface Pair {
  readonly name: string;
  readonly ours: string;
  readonly naive: string;
}

export function buildNaive(root: string): Pair[] {
  const metafile = bundle({ root });
  const out = path.join(root, '.reinstate/bench');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  return functionsIn(path.join(root, 'lambdas')).map((name) => {
    const entry = path.join(out, `${name}.entry.ts`);
    writeFileSync(entry, sourceOf(clientsOf(metafile, name)));
    const naive = path.join(out, `${name}.cjs`);
    buildSync({ entryPoints: [entry], outfile: naive, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
    return { name, ours: path.join(root, 'dist/lambdas', name, 'index.mjs'), naive };
  });
}

/** The AWS packages that went into our own bundle of this function. */
function clientsOf({ outputs }: Metafile, name: string): string[] {
  const [, output] = Object.entries(outputs).find(([file]) => file.includes(`/${name}/`)) ?? [];
  const packages = Object.keys(output?.inputs ?? {}).map((file) => /@aws-sdk\/((client|lib)-[a-z-]+)\//.exec(file)?.[1]);
  return [...new Set(packages)].filter((found) => found !== undefined).sort();
}

const sourceOf = (clients: readonly string[]): string =>
  [
    ...clients.map((client, i) => `import * as aws${i} from '@aws-sdk/${client}';`),
    `import { Logger } from '@aws-lambda-powertools/logger';`,
    `import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';`,
    `import middy from '@middy/core';`,
    `import { z } from 'zod';`,
    `const logger = new Logger();`,
    `const input = z.object({ incident: z.string() });`,
    // Constructed at load, as ours are.
    `const made = (aws) => Object.entries(aws).find(([name]) => /^[A-Z][A-Za-z]*Client$/.test(name));`,
    `const modules = [${clients.map((_, i) => `aws${i}`).join(', ')}].map(made).filter(Boolean);`,
    `export const clients = modules.map(([name, Client]) => name.includes('Document') ? Client : new Client({}));`,
    `export const handler = middy().use(injectLambdaContext(logger)).handler(async (event) => input.parse(event));`,
  ].join('\n');

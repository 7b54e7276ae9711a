/**
 * `npm run bench`: each number as a ratio against a named opponent in the same run. Prints a table, writes JSON.
 * With the word `cluster` (`npm run bench:cluster`) those of a real cluster, which wants root.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { bundleRows } from './bundles.ts';
import { clusterRows } from './cluster.ts';
import { incidentRows } from './incidents.ts';
import { printTable, type Row } from './table.ts';
import { transitionRows } from './transitions.ts';

const root = path.join(import.meta.dirname, '../..');
const onCluster = process.argv[2] === 'cluster';
const usualRows = async () => [...bundleRows(), ...(await transitionRows()), ...(await incidentRows())];
const rows: Row[] = onCluster ? await clusterRows() : await usualRows();
printTable(rows);
const out = path.join(root, '.reinstate');
mkdirSync(out, { recursive: true });
writeFileSync(
  path.join(out, onCluster ? 'bench-cluster.json' : 'bench.json'),
  `${JSON.stringify(rows, null, 2)}\n`,
);
if (rows.some((row) => row.value > row.atMost)) process.exitCode = 1;

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Pair } from './naive.ts';
import type { Row } from './table.ts';

const kilobytes = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length / 1024;

/** Bytes of each function, gzipped, against the naive bundle of the same clients. */
export const bundleRows = (pairs: readonly Pair[]): Row[] =>
  pairs.map(({ name, ours, naive }) => {
    const [mine, theirs] = [kilobytes(ours), kilobytes(naive)];
    return {
      name: `${name}: bytes (gz)`,
      ours: `${mine.toFixed(0)} KB`,
      opponent: `${theirs.toFixed(0)} KB naive`,
      value: mine / theirs,
      atMost: 0.6,
    };
  });

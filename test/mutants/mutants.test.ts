import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MUTANTS } from './mutants.ts';

const root = join(import.meta.dirname, '../..');
const edits = MUTANTS.flatMap((mutant) => mutant.edits.map((edit) => ({ ...edit, without: mutant.without })));

describe('a promise that is broken on purpose', () => {
  it.each(edits)('has its code in one place of $file: $without', ({ file, find }) => {
    expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
  });
});

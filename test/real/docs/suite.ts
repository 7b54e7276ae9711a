/** What the suites of the tutorials share: pages one after the other on one bring-up, each output that they show. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../../local/paths.ts';
import { blocksOf, type Ran, runBlocks, type Setting, shownIn, withoutNpm } from './page-run.ts';

const down = () => promisify(execFile)('bash', ['-c', 'npm run local -- down'], { cwd: projectRoot });

export interface Suite {
  readonly where: 'local' | 'cluster';
  /** In their order: later ones go on from where the first ends. */
  readonly pages: readonly string[];
  readonly setting?: () => Promise<Setting>;
  readonly seconds: number;
}

export function describePages({ where, pages, setting, seconds }: Suite): void {
  // A fresh one: cooldown and the cap on cascades of an earlier run would rightly keep it from acting.
  beforeAll(down, 120_000);
  afterAll(down, 120_000);

  describe.each(pages)('docs/tutorials/%s.md', (name) => {
    const page = `docs/tutorials/${name}.md`;
    const blocks = blocksOf(page, where);
    let ran: Ran;

    beforeAll(async () => {
      ran = await runBlocks(blocks, await setting?.());
      const times = blocks.map(({ line }, n) => `line ${line} ${ran.seconds[n] ?? '-'} s`);
      process.stdout.write(`${page}: ${times.join(', ')}\n`);
    }, seconds * 1000);

    it('is carried out to its end', () => {
      expect(ran.exit).toBe(0);
    });

    const shown = blocks.flatMap((block, n) => (block.prints === undefined ? [] : [{ ...block, n }]));
    it.each(shown)('line $line prints what the page shows', ({ prints = '', n }) => {
      expect(withoutNpm(ran.printed[n] ?? '')).toMatch(shownIn(prints));
    });
  });
}

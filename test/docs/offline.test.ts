/** The commands of the tutorials that need nothing but this repository, carried out one after the other. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { gitEnvironment } from '../../local/git/program.ts';
import { projectRoot } from '../../local/paths.ts';
import { pagesUnder } from '../../tools/doc-blocks.ts';
import { blocksOf, type Ran, runBlocks, shownIn, withoutNpm } from '../real/docs/page-run.ts';

/** At a terminal Jest asks for colors; where somebody wants none, Node would remark on both. */
const PLAIN = { FORCE_COLOR: undefined, NO_COLOR: '1' };

/** npx takes a second to say what is known here: which program `reinstate` is. */
function withQuickNpx(): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'reinstate-docs-'));
  const program = `#!/bin/sh\nshift\nexec "${process.execPath}" "${projectRoot}/bin/reinstate.ts" "$@"\n`;
  writeFileSync(join(folder, 'npx'), program);
  chmodSync(join(folder, 'npx'), 0o755);
  return { PATH: `${folder}:${process.env['PATH']}`, REINSTATE_STATE: folder, REINSTATE_ENV: '', ...PLAIN };
}

/** Git without the settings of whoever runs this: it may sign each commit, or be a hook of another repository. */
function withPlainGit(): NodeJS.ProcessEnv {
  const set = Object.keys(process.env).filter((name) => name.startsWith('GIT_'));
  return { ...Object.fromEntries(set.map((name) => [name, undefined])), ...gitEnvironment() };
}

const pages = pagesUnder('.')
  .map((page) => ({ page, blocks: blocksOf(page, 'offline') }))
  .filter(({ blocks }) => blocks.length > 0);

describe.each(pages)('$page', ({ blocks }) => {
  let ran: Ran[];

  // Each block for itself: it begins where the repository is.
  beforeAll(async () => {
    const env = { ...withPlainGit(), ...withQuickNpx() };
    ran = [];
    for (const block of blocks) ran.push(await runBlocks([block], { env, quiet: true }));
  }, 300_000);

  it.each(blocks.map(({ line, text, prints }, n) => ({ line, text, prints, n })))(
    'line $line prints what the page shows',
    ({ prints, n }) => {
      expect(ran[n]?.exit).toBe(0);
      if (prints !== undefined) expect(withoutNpm(ran[n]?.printed[0] ?? '')).toMatch(shownIn(prints));
    },
  );
});

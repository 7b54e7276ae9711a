/** Who wrote what the bundles hold, and under which licence: the licences ask for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const ALLOWED = ['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC'];

/** Name, version and licence of every package that went into these bundles; below, the text they came with. */
export function noticesOf(root: string, bundles: readonly Metafile[]): string {
  const folders = bundles.flatMap(({ outputs }) => Object.values(outputs).flatMap(foldersIn));
  const packages = [...new Set(folders)].map((folder) => packageIn(join(root, folder)));
  const alike = Map.groupBy(packages, ({ text }) => text);
  const notices = [...alike].map(([text, of]) => `${'='.repeat(80)}\n${headings(of)}\n\n${text}`);
  return `What dist/cli and dist/lambdas hold beside Reinstate.\n\n${notices.join('\n\n')}\n`;
}

const headings = (of: readonly { heading: string }[]): string =>
  [...new Set(of.map(({ heading }) => heading))].join('\n');

/** Folders of the packages whose code is in an output: `node_modules/a`, `node_modules/a/node_modules/@b/c`. */
const foldersIn = ({ inputs }: Metafile['outputs'][string]): string[] =>
  Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([input]) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []);

function packageIn(folder: string): { heading: string; text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!ALLOWED.includes(license)) {
    throw new Error(
      `Cannot bundle ${name}: its licence is ${license}; expected one of ${ALLOWED.join(', ')}`,
    );
  }
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return {
    heading: `${name} ${version} (${license})`,
    text: texts.join('\n\n') || '(Its package holds no text.)',
  };
}

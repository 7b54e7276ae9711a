/** Every link of README, CONTRIBUTING and docs leads somewhere; every test that docs/safety.md quotes is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** `[words](target)`, and the sentence in quotes that may follow it. */
const LINK = /\[[^\]]*\]\(([^)\s]+)\)(?:: "([^"\n]+)")?/g;

function problemsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(LINK)].flatMap(([, target = '', sentence]) => {
    if (/^(https?:|mailto:)/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? join(root, page) : resolve(dirname(join(root, page)), file);
    if (!existsSync(path)) return [`${page}: ${target} does not exist`];
    return [...badAnchor(page, path, anchor), ...badQuote(page, path, sentence)];
  });
}

function badAnchor(page: string, path: string, anchor: string | undefined): string[] {
  if (anchor === undefined || !path.endsWith('.md')) return [];
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  const anchors = [...headings].map(([, heading = '']) => slugOf(heading));
  return anchors.includes(anchor) ? [] : [`${page}: ${relative(root, path)} has no heading "#${anchor}"`];
}

/** As GitHub makes them. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/** A test's name may be put together from parts: what is quoted has to stand in the file as it is. */
function badQuote(page: string, path: string, sentence: string | undefined): string[] {
  if (sentence === undefined) return [];
  const text = readFileSync(path, 'utf8').replace(/\\'/g, "'");
  return text.includes(sentence) ? [] : [`${page}: ${relative(root, path)} says nowhere "${sentence}"`];
}

const problems = pages.flatMap(problemsOf);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${pages.length} pages, ${problems.length} broken links\n`);
if (problems.length > 0) process.exitCode = 1;

/** What people write for a word of CloudWatch's. */
const SYNONYMS: Readonly<Record<string, string>> = {
  avg: 'Average',
  mean: 'Average',
  max: 'Maximum',
  min: 'Minimum',
  median: 'p50',
};

/** ` (did you mean "goal"?)`, or nothing when no option is near. */
export function didYouMean(found: string, options: readonly string[]): string {
  const near = closest(found, options);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}

function closest(found: string, options: readonly string[]): string | undefined {
  const synonym = SYNONYMS[found.toLowerCase()];
  if (synonym !== undefined && options.includes(synonym)) return synonym;
  // A third of the word may be wrong: more would suggest a word that nobody meant.
  const most = Math.max(1, Math.floor(found.length / 3));
  const ranked = options
    .map((option) => ({ option, edits: edits(found.toLowerCase().slice(0, 60), option.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0] && ranked[0].edits <= most ? ranked[0].option : undefined;
}

/** Levenshtein's distance: letters added, dropped or changed. */
function edits(from: string, to: string): number {
  let row = [...to, ''].map((_, n) => n);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

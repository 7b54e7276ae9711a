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

/** Letters added, dropped, changed, or two side by side exchanged (optimal string alignment). */
function edits(from: string, to: string): number {
  const rows: number[][] = [[...to, ''].map((_, n) => n)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= from.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const exchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const ways = [at(i - 1, j - 1) + (same ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1];
      rows[i]?.push(Math.min(...ways, ...(exchanged ? [at(i - 2, j - 2) + 1] : [])));
    }
  }
  return at(from.length, to.length);
}

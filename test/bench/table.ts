/** One number we hold: what was measured, against whom, and the most it may be. */
export interface Row {
  readonly name: string;
  readonly ours: string;
  readonly opponent: string;
  /** Ours divided by the opponent's, or a plain count. */
  readonly value: number;
  readonly atMost: number;
}

export function printTable(rows: readonly Row[]): void {
  const lines = rows.map((row) => [
    row.name,
    row.ours,
    row.opponent,
    row.value.toFixed(2),
    `<= ${row.atMost}`,
    row.value <= row.atMost ? 'held' : 'NOT REACHED',
  ]);
  const table = [['row', 'ours', 'opponent', 'value', 'at most', ''], ...lines];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => (line[column] ?? '').length)),
  );
  for (const line of table)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Rows that wait to be scored, as the store of the ranker's transform tells it. */
export async function backlogAt(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/rows`, { signal: AbortSignal.timeout(1000) });
    return ((await response.json()) as { unscored?: number }).unscored;
  } catch {
    return undefined;
  }
}

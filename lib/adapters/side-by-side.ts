/** So many at a time, each on its own: one that fails, or is slow, keeps none of the others. Answers in order. */
export async function sideBySide<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const answers: PromiseSettledResult<R>[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [n, item] of left) [answers[n]] = await Promise.allSettled([work(item)]);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return answers;
}

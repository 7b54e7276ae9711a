/** The people whose requests make the traffic: always the same hundred, so that the online AUC has no luck in it. */

export interface Visitor {
  /** Days since the last visit; null for who never came before. */
  readonly recency: number | null;
  readonly affinity: number;
  readonly price: number;
  /** What the visitor really does in the end: 1 buys, 0 does not. */
  readonly label: 0 | 1;
}

const SIZE = 100;
const SEED = 1758; // with it the healthy model has an AUC of 0.80 and the bad one of 0.60

/** A quarter has no last visit: those are the nulls that the new feature's transform cannot take. */
export function population(seed = SEED): Visitor[] {
  const random = generator(seed);
  return Array.from({ length: SIZE }, (_, index) => {
    const recency = index % 4 === 3 ? null : Math.round(normal(random) * 10 + 30);
    const visitor = { recency, affinity: normal(random), price: normal(random) };
    const liking = 1.7 * visitor.affinity - 0.9 * visitor.price;
    return { ...visitor, label: random() < 1 / (1 + Math.exp(-liking)) ? 1 : 0 };
  });
}

/** Probability that a random buyer is scored above a random other: 0.5 is chance. Undefined without both kinds. */
export function areaUnderCurve(scored: readonly { score: number; label: number }[]): number | undefined {
  const bought = scored.filter((one) => one.label === 1);
  const left = scored.filter((one) => one.label === 0);
  if (bought.length === 0 || left.length === 0) return undefined;
  const wins = bought.flatMap((buyer) => left.map((other) => Math.sign(buyer.score - other.score) / 2 + 0.5));
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}

/** mulberry32: small, seeded, good enough for made-up people. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

import { random } from "../core/mod.ts";

/** Permutations of a test. */
const PERMUTATIONS = 100_000;

/** A rank correlation and how likely one as strong is by chance. */
export interface RankCorrelation {
  /** Number of pairs. */
  count: number;
  /** Spearman's ρ, −1 to 1; NaN where one of the two does not vary. */
  rho: number;
  /** Share of random pairings with |ρ| at least as large (two-sided permutation test). */
  p: number;
}

/**
 * Spearman's rank correlation of pairs, ties by mean ranks, with a seeded permutation test.
 *
 * @example
 * ```ts
 * import { spearman } from "@epicker/epicker/evaluation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(spearman([1, 2, 3, 4, 5], [1, 4, 9, 25, 16]).rho, 0.9);
 * ```
 */
export function spearman(
  xs: readonly number[],
  ys: readonly number[],
  { seed = 1 }: { seed?: number } = {},
): RankCorrelation {
  const [a, b] = [ranksOf(xs), ranksOf(ys)];
  const rho = correlation(a, b);
  const { shuffle } = random(seed);
  let asStrong = 0;
  for (let i = 0; i < PERMUTATIONS; i++) {
    if (Math.abs(correlation(a, shuffle(b))) >= Math.abs(rho) - 1e-12) asStrong++;
  }
  return { count: xs.length, rho, p: Number.isNaN(rho) ? NaN : asStrong / PERMUTATIONS };
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Pearson's correlation. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const middle = (a.length + 1) / 2; // the mean of all ranks
  const sum = (of: (i: number) => number) => a.reduce((total, _, i) => total + of(i), 0);
  const covariance = sum((i) => (a[i] - middle) * (b[i] - middle));
  return covariance /
    Math.sqrt(sum((i) => (a[i] - middle) ** 2) * sum((i) => (b[i] - middle) ** 2));
}
